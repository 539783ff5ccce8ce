"""How a mail program colours the HTML of a letter, in its light and its dark mode.

As much of CSS as the letters use: styles written into the elements, which children inherit, and a
<style> with rules for dark mode, all of them `!important`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Self

NEVER_CLOSED = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
DARK = "(prefers-color-scheme: dark)"
WHITE, BLACK = "#ffffff", "#000000"
COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Self | None = None
    texts: list[str] = field(default_factory=list)  # directly in it

    @cached_property
    def style(self) -> dict[str, str]:
        return declarations(self.attributes.get("style", ""))

    def upwards(self) -> Iterator[Self]:
        element: Self | None = self
        while element is not None:
            yield element
            element = element.parent

    def inside(self, *tags: str) -> bool:
        return any(element.tag in tags for element in self.upwards())

    @cached_property
    def hidden(self) -> bool:
        above = self.parent is not None and self.parent.hidden
        return above or self.style.get("display") == "none"


class Page(HTMLParser):
    """The elements in their order, and the text that can be seen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.visible: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        if self._open:
            raise ValueError(f"never closed: {[element.tag for element in self._open]}")

    def handle_starttag(self, tag, attrs):
        parent = self._open[-1] if self._open else None
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, parent)
        self.elements.append(element)
        if tag == "br":
            self.visible.append("\n")
        if tag not in NEVER_CLOSED:
            self._open.append(element)

    def handle_endtag(self, tag):
        closed = self._open.pop()
        if closed.tag != tag:
            raise ValueError(f"</{tag}> closes <{closed.tag}>")

    def handle_data(self, data):
        if not self._open:
            return
        element = self._open[-1]
        element.texts.append(data)
        if element.inside("body") and not element.hidden:
            self.visible.append(data)

    def style_sheet(self) -> str:
        return "\n".join(
            "".join(element.texts) for element in self.elements if element.tag == "style"
        )

    def words(self) -> str:
        return squeezed("".join(self.visible))

    def contrasts(self, *, dark: bool) -> Iterator[tuple[float, str]]:
        """Of every text that can be seen against what is behind it."""
        rules = dark_rules(self.style_sheet()) if dark else []
        for element in self.elements:
            text = squeezed("".join(element.texts))
            if not text or element.hidden or not element.inside("body"):
                continue
            fore = shown(element, "color", rules) or BLACK
            back = shown(element, "background", rules) or WHITE
            yield contrast(fore, back), f"{text!r}: {fore} on {back}"


def squeezed(text: str) -> str:
    return " ".join(text.split())


def declarations(text: str) -> dict[str, str]:
    parts = (part.partition(":") for part in text.split(";") if part.strip())
    return {name.strip().lower(): value.strip() for name, _, value in parts}


@dataclass(frozen=True)
class Rule:
    selector: tuple[str, ...]  # from the outermost: ".foot p" is (".foot", "p")
    style: dict[str, str]

    @property
    def weight(self) -> tuple[int, int]:
        classes = sum(part.startswith(".") for part in self.selector)
        return classes, len(self.selector) - classes

    def concerns(self, element: Element) -> bool:
        *outer, last = self.selector
        if not _is(element, last):
            return False
        around = list(element.upwards())[1:]
        for part in reversed(outer):
            while around and not _is(around[0], part):
                around.pop(0)
            if not around:
                return False
            around.pop(0)
        return True


def _is(element: Element, part: str) -> bool:
    if part.startswith("."):
        return part[1:] in element.attributes.get("class", "").split()
    return element.tag == part


def media_rules(sheet: str) -> list[tuple[str, str]]:
    """Condition and contents of every @media; anything else in the sheet is refused."""
    found = re.findall(r"@media\s*([^{]+?)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", sheet)
    rest = re.sub(r"@media\s*[^{]+\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet)
    if rest.strip():
        raise ValueError(f"styles that are not written into the elements: {rest.strip()}")
    return found


def dark_rules(sheet: str) -> list[Rule]:
    """The heaviest last, and of equals the later one."""
    rules = []
    for condition, contents in media_rules(sheet):
        if condition != DARK:
            continue
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", contents):
            style = declarations(body)
            if not all(value.endswith("!important") for value in style.values()):
                raise ValueError(f"has no effect on a style in an element: {selectors.strip()}")
            rules += [Rule(tuple(selector.split()), style) for selector in selectors.split(",")]
    return sorted(rules, key=lambda rule: rule.weight)


def shown(element: Element, what: str, rules: list[Rule]) -> str | None:
    """The colour that reaches the element; a background lies behind its children too."""
    for around in element.upwards():
        value = around.style.get(what)
        for rule in rules:
            if rule.concerns(around):
                value = rule.style.get(what, value)
        if value:
            found = COLOR.search(value)
            if not found:
                raise ValueError(f"{what}: {value} cannot be compared")
            return found[0]
    return None


def contrast(one: str, other: str) -> float:
    """As WCAG 2 counts it: from 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
