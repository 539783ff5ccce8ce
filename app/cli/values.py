"""What people type as ``key=value`` on the command line."""

from collections.abc import Iterable

from workflow.interchange.typed import (
    UNLIMITED,
    NotUnderstood,
    Reader,
    amount,
    limit,
    read_values,
    readers_of,
    yes_or_no,
)

__all__ = [
    "UNLIMITED",
    "NotUnderstood",
    "Reader",
    "amount",
    "check_readable",
    "limit",
    "pairs",
    "read_values",
    "readers_of",
    "yes_or_no",
]


def pairs(words: Iterable[str]) -> dict[str, str]:
    """``["due=1W", "group=BUYERS"]`` by key.

    Raises:
        NotUnderstood: a word without ``=``, or a key given twice.
    """
    found: dict[str, str] = {}
    for word in words:
        key, separator, value = word.partition("=")
        key = key.strip().lower().replace("-", "_")
        if not separator or not key:
            raise NotUnderstood(f"{word!r} is not of the form key=value")
        if key in found:
            raise NotUnderstood(f"{key} is given twice")
        found[key] = value
    return found


def check_readable(words: Iterable[str]) -> None:
    """
    Raises:
        NotUnderstood: bytes that are no text, or a character that nothing can store.
    """
    for place, word in enumerate(words, 1):
        if any("\ud800" <= character <= "\udfff" for character in word):
            raise NotUnderstood(f"Argument {place} is not UTF-8 text")
        if "\0" in word:
            raise NotUnderstood(f"Argument {place} has a NUL character")
