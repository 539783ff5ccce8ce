"""What a company says in mails in its own words, for one message and one language."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

EVERY_MESSAGE: Final = "*"  # every letter to people in the company


class WordingPart(StrEnum):
    """Where a text of the company stands in a letter."""

    INTRO = "intro"
    FOOTER = "footer"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Plain text, never code."""

    message: str  # a kind of letter, or every one
    language: str
    part: WordingPart
    text: str


@dataclass(frozen=True, kw_only=True)
class Override:
    """Templates of the company in the place of the built-in ones; an empty one changes nothing."""

    message: str
    language: str
    subject: str = ""
    text: str = ""
    html: str = ""
    version: int = 0  # given when it is stored, and never twice
    failures: int = 0
    set_aside: bool = False  # it failed too often and is not tried any more
    problem: str = ""  # the latest
