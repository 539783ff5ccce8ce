"""Whether the HTML of a company's own template is fit for a letter, and which words it shows."""

import re
from html.parser import HTMLParser
from typing import Final

from notifications.override_running import BrokenOverride

BYTES: Final = 90_000  # a mail program cuts off longer ones
REFUSED_TAGS: Final = frozenset(
    [
        "applet",
        "area",
        "audio",
        "base",
        "button",
        "embed",
        "form",
        "frame",
        "frameset",
        "iframe",
        "image",
        "img",
        "input",
        "link",
        "map",
        "math",
        "noscript",
        "object",
        "param",
        "picture",
        "script",
        "select",
        "source",
        "svg",
        "template",
        "textarea",
        "track",
        "video",
    ]
)
FETCHING: Final = frozenset(
    [
        "action",
        "background",
        "cite",
        "code",
        "codebase",
        "data",
        "dynsrc",
        "formaction",
        "http-equiv",
        "longdesc",
        "lowsrc",
        "ping",
        "poster",
        "profile",
        "src",
        "srcdoc",
        "srcset",
        "usemap",
        "xlink:href",
    ]
)
UNSEEN: Final = frozenset({"script", "style", "title"})
LINK: Final = re.compile(r"(?:https://|mailto:|#)", re.IGNORECASE)
STYLE: Final = re.compile(
    r"url\s*\(|@import|expression|javascript|behavior|-moz-binding|\\|/\*|<", re.IGNORECASE
)
PROBE: Final = "x-probe"  # what a stranger might write, in a trial


class Page(HTMLParser):
    """Reads what a mail program would read.

    Raises:
        BrokenOverride
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._within: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if PROBE in tag or any(PROBE in name for name, _ in attrs):
            raise BrokenOverride(
                "body.html: what people write would become part of the page; put quotes around"
                ' every attribute: title="{{ … }}".'
            )
        if tag in REFUSED_TAGS:
            raise BrokenOverride(f"body.html: a letter cannot have <{tag}>.")
        for name, value in attrs:
            _check_attribute(tag, name, value or "")
        if tag in UNSEEN:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            self._within.remove(tag)

    def handle_data(self, data: str) -> None:
        if "style" in self._within:
            _check_style(data)
        elif not self._within:
            self.seen.append(data)

    def handle_comment(self, data: str) -> None:
        if "[" in data or "<" in data:
            raise BrokenOverride("body.html: a letter cannot have conditional comments.")

    def handle_pi(self, data: str) -> None:
        raise BrokenOverride(f"body.html: a letter cannot have <?{data[:20]}>.")

    def unknown_decl(self, data: str) -> None:
        raise BrokenOverride(f"body.html: a letter cannot have <![{data[:20]}.")

    @property
    def words(self) -> str:
        return " ".join(self.seen)


def checked_page(html: str) -> Page:
    """
    Raises:
        BrokenOverride
    """
    size = len(html.encode())
    if size > BYTES:
        raise BrokenOverride(
            f"body.html: {size} bytes are more than the {BYTES} a letter can have."
        )
    try:
        return Page(html)
    except AssertionError as error:  # how the parser says that it cannot go on
        raise BrokenOverride(f"body.html: {error}.") from error


def _check_attribute(tag: str, name: str, value: str) -> None:
    if name in FETCHING or name.startswith("on"):
        raise BrokenOverride(f"body.html: <{tag}> cannot have {name}=.")
    if name == "href" and (PROBE in value or not LINK.match(value.strip())):
        raise BrokenOverride(
            "body.html: a link begins with https:// or mailto: and is not made of what people"
            " write."
        )
    if name == "style":
        _check_style(value)


def _check_style(css: str) -> None:
    if PROBE in css:
        raise BrokenOverride("body.html: a style cannot be made of what people write.")
    if found := STYLE.search(css):
        raise BrokenOverride(f"body.html: a style cannot have {found[0]!r}.")
