"""What people type into a field, read strictly into the value the field has."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, Final, get_args, get_type_hints

from workflow.interchange.errors import NotReadable
from workflow.interchange.numbers import NumberFormat, day, number
from workflow.phrases import phrase as _

YES: Final = frozenset({"yes", "true", "on", "1"})
NO: Final = frozenset({"no", "false", "off", "0"})
NOTHING: Final = frozenset({"", "none"})  # how "no value" is written
UNLIMITED: Final = "unlimited"

Reader = Callable[[str], object]


class NotUnderstood(Exception):
    """What was typed is not a pair, a known field or a value of that field."""


def readers_of(
    kind: type, *, without: Iterable[str] = (), written: NumberFormat = NumberFormat.POINT
) -> dict[str, Reader]:
    """How each field of a dataclass is read, from its type; *written*: how numbers are."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name not in set(without)]
    return {name: _reader(hints[name], written) for name in names}


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


def read_each(
    given: Mapping[str, str], readers: Mapping[str, Reader]
) -> tuple[dict[str, object], dict[str, str]]:
    """The values by field, and what is wrong with the others: a form is answered as a whole."""
    values: dict[str, object] = {}
    wrong: dict[str, str] = {}
    for key, reader in readers.items():
        if key not in given:
            continue
        try:
            values[key] = reader(_tidied(given[key]))
        except NotReadable as error:
            wrong[key] = error.reason
    return values, wrong


def _tidied(text: str) -> str:
    """Without surrounding blanks, each letter written in one way: as files are read.

    Raises:
        NotReadable: a character that no database keeps.
    """
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise NotReadable(_("has a character that cannot be stored"))
    return unicodedata.normalize("NFC", text).strip()


def _read(key: str, text: str, reader: Reader) -> object:
    try:
        return reader(_tidied(text))
    except NotReadable as error:
        raise NotUnderstood(f"{key}: {text!r} {error}") from None


# --- one reader for each type --------------------------------------------------------------


def limit(text: str, written: NumberFormat = NumberFormat.POINT) -> Decimal | None:
    """A number, ``unlimited``, or nothing, which is 0."""
    if text.lower() == UNLIMITED:
        return None
    return amount(text, written) if text else Decimal(0)


def amount(text: str, written: NumberFormat = NumberFormat.POINT) -> Decimal:
    return number(text, written)


def yes_or_no(text: str) -> bool:
    word = text.lower()
    if word not in YES | NO:
        raise NotReadable(_("is neither yes nor no"))
    return word in YES


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise NotReadable(_("is not a whole number"))
    return int(text)


def _choice(kind: type[StrEnum]) -> Reader:
    def read(text: str) -> StrEnum:
        try:
            return kind(text.lower().replace("-", "_").replace(" ", "_"))
        except ValueError:
            raise NotReadable(_("is not one of {value}", value=", ".join(kind))) from None

    return read


def _or_nothing(reader: Reader) -> Reader:
    return lambda text: None if text.lower() in NOTHING else reader(text)


_READERS: Final[Mapping[Any, Reader]] = {
    str: str,
    bool: yes_or_no,
    int: _whole,
    date: day,
}


def _reader(hint: Any, written: NumberFormat) -> Reader:  # noqa: ANN401 - type hints have no type of their own
    arguments = get_args(hint)
    if NoneType in arguments:
        (inner,) = [argument for argument in arguments if argument is not NoneType]
        return _or_nothing(_reader(inner, written))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(hint)
    if hint is Decimal:
        return lambda text: amount(text, written)
    return _READERS[hint]
