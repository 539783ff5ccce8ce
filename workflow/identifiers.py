"""User ids and codes: what one can see on the screen, and type again."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from workflow.errors import BadValue
from workflow.phrases import phrase as _

LONGEST: Final = 50
UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # Unicode's categories


def check_identifier(field: str, text: str) -> None:
    """One to fifty characters that can be seen, with blanks only between them.

    Raises:
        BadValue
    """
    if not text:
        raise BadValue(field, text, _("is empty"))
    if len(text) > LONGEST:
        raise BadValue(
            field, f"{text[:LONGEST]}…", _("is longer than {longest} characters", longest=LONGEST)
        )
    if text != text.strip():
        raise BadValue(field, text, _("begins or ends with a blank"))
    if any(unicodedata.category(character) in UNSEEN for character in text):
        raise BadValue(field, text, _("has a character that cannot be seen"))


def same_identifier(known: Sequence[str], text: str) -> str | None:
    """The one of *known* that is meant, in whatever case it was typed."""
    if text in known:
        return text
    alike = {one for one in known if one.casefold() == text.casefold()}
    return alike.pop() if len(alike) == 1 else None
