"""Which letters can be drawn one after the other, as the PDF does it."""

import unicodedata
from typing import Final

RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
# Scripts whose letters change form, or place, beside each other.
JOINED: Final = frozenset(
    {
        *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA"),
        *("MALAYALAM", "SINHALA", "MYANMAR", "KHMER", "TIBETAN", "MONGOLIAN", "JAVANESE"),
        *("BALINESE", "SUNDANESE"),
    }
)


def stands_alone(letter: str) -> bool:
    """No for Arabic, Hebrew, Hindi and others: a font is not enough to write them rightly."""
    if unicodedata.bidirectional(letter) in RIGHT_TO_LEFT:
        return False
    return unicodedata.name(letter, "").partition(" ")[0] not in JOINED
