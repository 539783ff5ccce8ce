"""Our dataclasses as plain JSON values and back, exactly: amounts as text, moments in UTC.

How a class is written and read is worked out once, from its type hints, and kept.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from workflow.due_dates import NaiveMoment

T = TypeVar("T")
Converter = Callable[[Any], Any]


def to_plain(value: object) -> dict[str, Any]:
    """What ``json.dumps`` takes, for an instance of a dataclass."""
    kind: Any = type(value)
    plain: dict[str, Any] = _writer(kind)(value)
    return plain


def from_plain(kind: type[T], plain: object) -> T:
    """The instance again.

    Fields the class does not know any more are passed over, those it has in addition get their
    defaults, so that what was stored long ago can still be read.
    """
    hint: Any = kind
    value: T = _reader(hint)(plain)
    return value


# --- writing -------------------------------------------------------------------------------


@cache
def _writer(hint: Any) -> Converter:  # noqa: ANN401 - type hints have no type of their own
    if item := _item_of_tuple(hint):
        return _list_writer(_writer(item))
    if inner := _inner_of_optional(hint):
        return _unless_none(_writer(inner))
    if is_dataclass(hint):
        return _dataclass_writer(hint)
    if issubclass(hint, Enum):
        return _value
    return _WRITERS[hint]


def _dataclass_writer(kind: Any) -> Converter:  # noqa: ANN401
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    writers = [(name, _writer(hints[name])) for name in names]
    converting = [(name, writer) for name, writer in writers if writer is not _same]

    def write(value: object) -> dict[str, Any]:
        plain = {name: getattr(value, name) for name in names}
        for name, writer in converting:
            plain[name] = writer(plain[name])
        return plain

    return write


def _list_writer(writer: Converter) -> Converter:
    return lambda values: [writer(value) for value in values]


def _unless_none(convert: Converter) -> Converter:
    return lambda value: None if value is None else convert(value)


def _value(member: Any) -> Any:  # noqa: ANN401
    return member.value


def _same(value: T) -> T:
    return value


def _utc_text(at: datetime) -> str:
    if at.tzinfo is None:
        raise NaiveMoment(at.isoformat())
    return at.astimezone(UTC).isoformat()


_WRITERS: dict[Any, Converter] = {
    str: _same,
    int: _same,
    bool: _same,
    Decimal: str,
    date: date.isoformat,
    datetime: _utc_text,
}


# --- reading -------------------------------------------------------------------------------


@cache
def _reader(hint: Any) -> Converter:  # noqa: ANN401
    if item := _item_of_tuple(hint):
        return _tuple_reader(_reader(item))
    if inner := _inner_of_optional(hint):
        return _unless_none(_reader(inner))
    if is_dataclass(hint):
        return _dataclass_reader(hint)
    if issubclass(hint, Enum):
        return _member_reader(hint)
    return _READERS[hint]


def _dataclass_reader(kind: Any) -> Converter:  # noqa: ANN401
    hints = get_type_hints(kind)
    readers = [(field.name, _reader(hints[field.name])) for field in fields(kind)]

    def read(plain: dict[str, Any]) -> object:
        return kind(**{name: reader(plain[name]) for name, reader in readers if name in plain})

    return read


def _member_reader(kind: type[Enum]) -> Converter:
    return kind


def _tuple_reader(reader: Converter) -> Converter:
    return lambda values: tuple(map(reader, values))


_READERS: dict[Any, Converter] = {
    str: _same,
    int: _same,
    bool: _same,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


# --- type hints ----------------------------------------------------------------------------


def _item_of_tuple(hint: Any) -> Any:  # noqa: ANN401
    """X of ``tuple[X, ...]``."""
    return get_args(hint)[0] if get_origin(hint) is tuple else None


def _inner_of_optional(hint: Any) -> Any:  # noqa: ANN401
    """X of ``X | None``."""
    if get_origin(hint) not in {UnionType, Union}:
        return None
    (inner,) = [arg for arg in get_args(hint) if arg is not NoneType]
    return inner
