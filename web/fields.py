"""The fields of a setup page: caption, what it is for, value, and what was wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One field; its description shows when it is hovered over or has the focus."""

    name: str
    caption: str
    value: str = ""
    description: str = ""
    # "secret" is a password that is nobody's for signing in here: browsers leave it alone
    kind: str = "text"  # text, number, date, email, password, secret, textarea, checkbox, select
    choices: Sequence[tuple[str, str]] = ()  # value and caption, for select
    suggestions: Sequence[str] = ()  # for text
    note: str = ""  # always shown
    error: str = ""
    copies: bool = False  # has a button that copies the value
    readonly: bool = False
