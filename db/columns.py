"""How amounts, moments and choices are kept in a column, exactly and the same on both databases."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from workflow.due_dates import NaiveMoment
from workflow.errors import WorkflowError

DECIMALS: Final = 4
SCALE: Final = 10**DECIMALS
CENT: Final = SCALE // 100
HIGHEST: Final = 2**63 - 1  # what a BIGINT holds: 922 trillion
HIGHEST_EXPONENT: Final = 15  # far above: such an amount is not even counted out

Processor = Callable[[Any], Any]


class TooManyDecimals(WorkflowError, DontWrapMixin):
    code = "TOO_MANY_DECIMALS"
    template = "{} has more than 4 decimals."
    advice = "Round the amount before it is taken in."


class AmountOutOfRange(WorkflowError, DontWrapMixin):
    code = "AMOUNT_OUT_OF_RANGE"
    template = "{} is not an amount that can be stored; at most 922 trillion can."


class MomentWithoutZone(NaiveMoment, DontWrapMixin):
    """As the workflow's own refusal; the mixin keeps SQLAlchemy from wrapping it in one of its."""


def to_units(amount: Decimal) -> int:
    """The amount in ten-thousandths.

    Raises:
        TooManyDecimals, AmountOutOfRange
    """
    if not amount.is_finite() or amount.adjusted() > HIGHEST_EXPONENT:
        raise AmountOutOfRange(amount)
    units = int(amount.scaleb(DECIMALS))
    if not -HIGHEST <= units <= HIGHEST:
        raise AmountOutOfRange(amount)
    if Decimal(units).scaleb(-DECIMALS) != amount:
        raise TooManyDecimals(amount)
    return units


def from_units(units: int) -> Decimal:
    """The amount, written as people do: 1000, 1000.50 or 0.1250."""
    if units % SCALE == 0:
        return Decimal(units // SCALE)
    if units % CENT == 0:
        return Decimal(units // CENT).scaleb(-2)
    return Decimal(units).scaleb(-DECIMALS)


class Money(TypeDecorator[Decimal]):
    """An amount in ten-thousandths: both databases add and compare it exactly."""

    impl = sa.BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:  # noqa: ARG002
        return lambda value: None if value is None else to_units(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:  # noqa: ARG002
        return lambda value: None if value is None else from_units(value)


class Moment(TypeDecorator[datetime]):
    """An aware moment; always UTC when it comes back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise MomentWithoutZone(value.isoformat())
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":  # which keeps no zone: what we gave it was UTC
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Choice(TypeDecorator[StrEnum]):
    """One of the values of an enum; the table has a check constraint with the same values."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def bind_processor(self, dialect: Dialect) -> Processor:  # noqa: ARG002
        return _Values(self.kind).__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:  # noqa: ARG002
        members: dict[str | None, StrEnum | None] = {member.value: member for member in self.kind}
        members[None] = None
        return members.__getitem__


class _Values(dict[Any, Any]):
    """What is stored of each member, and of what means one; a value of none is refused."""

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__({member: member.value for member in kind})
        self[None] = None
        self._kind = kind

    def __missing__(self, value: str) -> str:
        return self._kind(value).value


class Json(TypeDecorator[Any]):
    """A value as JSON text, through a pair of functions that make it plain and read it again."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, to_plain: Processor, from_plain: Processor) -> None:
        super().__init__()
        self.to_plain = to_plain
        self.from_plain = from_plain

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ANN401, ARG002
        return json.dumps(self.to_plain(value), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002
        return None if value is None else self.from_plain(json.loads(value))
