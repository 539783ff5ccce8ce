"""The words of a mail that was written as HTML only.

One look at every character: the standard library's parser needs minutes for a hostile page.
"""

from html import unescape
from string import ascii_uppercase
from typing import Final

BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "hr", "table"})
NOT_SHOWN: Final = frozenset({"head", "script", "style", "title"})
QUOTE: Final = "blockquote"
TAG_LIMIT: Final = 5_000  # a longer one is not a tag
NAME_LIMIT: Final = 20


def text_of_html(html: str) -> str:
    """Lines of text; what stands in a quotation begins with ``>``."""
    reader = _Reader(html)
    reader.read()
    return reader.text()


class _Reader:
    def __init__(self, html: str) -> None:
        self._html = html
        self._lowered = html.lower() if html.isascii() else _ascii_lowered(html)
        self._pieces: list[str] = []
        self._quotes = 0
        self._end_tags: dict[str, int] = {}

    def read(self) -> None:
        position = 0
        while (opened := self._html.find("<", position)) >= 0:
            self._add(self._html[position:opened])
            position = self._after_tag(opened)
        self._add(self._html[position:])

    def text(self) -> str:
        lines = "".join(self._pieces).split("\n")
        return "\n".join(" ".join(line.split()) for line in lines)

    def _after_tag(self, opened: int) -> int:
        """Take the tag in; where the text goes on."""
        if self._html.startswith("<!--", opened):
            return self._after("-->", opened)
        closed = self._html.find(">", opened, opened + TAG_LIMIT)
        if closed < 0:
            self._add("<")
            return opened + 1
        name = self._name(opened, closed)
        if name in NOT_SHOWN:
            return self._after(f"</{name}", closed)
        self._take(name)
        return closed + 1

    def _name(self, opened: int, closed: int) -> str:
        inside = self._html[opened + 1 : min(closed, opened + NAME_LIMIT)]
        words = inside.replace("\n", " ").split(maxsplit=1)
        name = words[0].lower() if words else ""
        return name if name.startswith("/") else name.rstrip("/")

    def _after(self, end: str, start: int) -> int:
        """Behind the next *end*; what has none goes on to the end of the mail."""
        known = self._end_tags.get(end, -1)
        if known < start:
            found = self._lowered.find(end, start)
            known = self._end_tags[end] = found if found >= 0 else len(self._html)
        return known + len(end)

    def _take(self, name: str) -> None:
        plain = name.removeprefix("/")
        if plain == QUOTE:
            self._quotes = max(0, self._quotes + (-1 if name.startswith("/") else 1))
            self._break()
        elif plain in BREAKS:
            self._break()

    def _break(self) -> None:
        self._pieces.append("\n> " if self._quotes else "\n")

    def _add(self, text: str) -> None:
        self._pieces.append(unescape(text).replace("\n", " "))


def _ascii_lowered(text: str) -> str:
    """Each letter keeps its place, which lower() does not promise for letters outside ASCII."""
    return text.translate({ord(letter): letter.lower() for letter in ascii_uppercase})
