"""Amounts and dates as people write them, read strictly: never guessed, never rounded."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum

from workflow.interchange.errors import NotReadable
from workflow.phrases import phrase as _

AMOUNT_DECIMALS = 4  # what the tables keep
RATE_DECIMALS = 10
LARGEST = Decimal("99999999999999.9999")  # the tables keep ten-thousandths in 64 bits
UNLIMITED = None  # a limit without an upper bound


class NumberFormat(StrEnum):
    """How numbers are written in a file; declared, never guessed."""

    POINT = "point"  # 1234.56, also 1,234.56
    COMMA = "comma"  # 1234,56, also 1.234,56


# A group separator counts only where it cannot be a decimal mark: "1,234" alone may be either.
SHAPES = {
    NumberFormat.POINT: re.compile(
        r"-?(?:[0-9]{1,40}(?:\.[0-9]{1,40})?"
        r"|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,12}\.[0-9]{1,40}"
        r"|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,12})"
    ),
    NumberFormat.COMMA: re.compile(
        r"-?(?:[0-9]{1,40}(?:,[0-9]{1,40})?"
        r"|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,12},[0-9]{1,40}"
        r"|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,12})"
    ),
}
EXAMPLES = {
    NumberFormat.POINT: "decimal point, like 1234.56 or 1,234.56",
    NumberFormat.COMMA: "decimal comma, like 1234,56 or 1.234,56",
}
EXAMPLE_TEXTS = {NumberFormat.POINT: "1234.56", NumberFormat.COMMA: "1234,56"}
GROUP_AND_MARK = {NumberFormat.POINT: (",", "."), NumberFormat.COMMA: (".", ",")}
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def number(text: str, written: NumberFormat, decimals: int = AMOUNT_DECIMALS) -> Decimal:
    """Read a number in the declared format; anything else is refused."""
    if not SHAPES[written].fullmatch(text):
        raise NotReadable(
            _("is not a number in the declared format ({value})", value=EXAMPLES[written])
        )
    group, mark = GROUP_AND_MARK[written]
    plain = text.replace(group, "").replace(mark, ".")
    if len(plain.partition(".")[2]) > decimals:
        raise NotReadable(_("has more than {decimals} decimals", decimals=decimals))
    return in_range(Decimal(plain))


def in_range(amount: Decimal) -> Decimal:
    """Refuse what the tables cannot hold."""
    if abs(amount) > LARGEST:
        raise NotReadable(_("is too large: at most 14 digits before the decimal mark"))
    return amount or abs(amount)  # no minus zero


def is_number(text: str) -> bool:
    """Whether a cell is a number in either format, as a spreadsheet would take it."""
    return any(shape.fullmatch(text) for shape in SHAPES.values())


def limit(text: str, written: NumberFormat) -> Decimal | None:
    """Read an approval limit: a number, `unlimited`, or nothing, which is 0."""
    if not text:
        return Decimal(0)
    if text.lower() == "unlimited":
        return UNLIMITED
    amount = number(text, written)
    if amount < 0:
        raise NotReadable(_("is below zero: a limit is 0 or more, or unlimited"))
    return amount


def day(text: str) -> date:
    """Read a date, written 2026-12-31."""
    if ISO_DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise NotReadable(_("is not a date (year-month-day, like 2026-12-31)"))
