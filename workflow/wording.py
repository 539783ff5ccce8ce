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
