"""What people type as ``key=value``, read strictly into the value the field has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, Final, get_args, get_type_hints

from workflow.interchange.errors import NotReadable
from workflow.interchange.numbers import NumberFormat, day, number

YES: Final = frozenset({"yes", "true", "on", "1"})
NO: Final = frozenset({"no", "false", "off", "0"})
NOTHING: Final = frozenset({"", "none"})  # how "no value" is written
UNLIMITED: Final = "unlimited"

Reader = Callable[[str], object]


class NotUnderstood(Exception):
    """What was typed is not a pair, a known field or a value of that field."""


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


def readers_of(kind: type, *, without: Iterable[str] = ()) -> dict[str, Reader]:
    """How each field of a dataclass is read, from its type."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name not in set(without)]
    return {name: _reader(hints[name]) for name in names}


def read_values(given: Mapping[str, str], readers: Mapping[str, Reader]) -> dict[str, object]:
    """The values by field.

    Raises:
        NotUnderstood: an unknown key, with the known ones; or a value its field cannot have.
    """
    for key in given:
        if key not in readers:
            known = ", ".join(sorted(readers))
            raise NotUnderstood(f"There is no field {key}. There are: {known}.")
    return {key: _read(key, text, readers[key]) for key, text in given.items()}


def _read(key: str, text: str, reader: Reader) -> object:
    try:
        return reader(text.strip())
    except NotReadable as error:
        raise NotUnderstood(f"{key}: {text!r} {error}") from None


# --- one reader for each type --------------------------------------------------------------


def limit(text: str) -> Decimal | None:
    """A number, ``unlimited``, or nothing, which is 0."""
    if text.lower() == UNLIMITED:
        return None
    return amount(text) if text else Decimal(0)


def amount(text: str) -> Decimal:
    return number(text, NumberFormat.POINT)


def yes_or_no(text: str) -> bool:
    word = text.lower()
    if word not in YES | NO:
        raise NotReadable("is neither yes nor no")
    return word in YES


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise NotReadable("is not a whole number")
    return int(text)


def _choice(kind: type[StrEnum]) -> Reader:
    def read(text: str) -> StrEnum:
        try:
            return kind(text.lower().replace("-", "_").replace(" ", "_"))
        except ValueError:
            raise NotReadable(f"is not one of {', '.join(kind)}") from None

    return read


def _or_nothing(reader: Reader) -> Reader:
    return lambda text: None if text.lower() in NOTHING else reader(text)


_READERS: Final[Mapping[Any, Reader]] = {
    str: str,
    bool: yes_or_no,
    int: _whole,
    Decimal: amount,
    date: day,
}


def _reader(hint: Any) -> Reader:  # noqa: ANN401 - type hints have no type of their own
    arguments = get_args(hint)
    if NoneType in arguments:
        (inner,) = [argument for argument in arguments if argument is not NoneType]
        return _or_nothing(_reader(inner))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(hint)
    return _READERS[hint]
