"""How values are written in JSON: money as text with its currency, days, texts."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

SEEN: Final = r"^[^\x00-\x1f\x7f]*$"  # on one line
LINES: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
AMOUNT: Final = r"^-?(0|[1-9][0-9]{0,13})(\.[0-9]{1,4})?$"
LIMIT: Final = r"^(unlimited|(0|[1-9][0-9]{0,13})(\.[0-9]{1,4})?)$"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: object) -> object:
    """Only as a whole date; the library would take numbers and moments as well."""
    if isinstance(value, date) or value is None:
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day is written like 2026-03-31")
    return date.fromisoformat(value)


Line = Annotated[str, Field(max_length=250, pattern=SEEN)]
Name = Annotated[str, Field(max_length=50, pattern=SEEN)]
Text = Annotated[str, Field(max_length=2000, pattern=LINES)]
AmountText = Annotated[str, Field(pattern=AMOUNT, max_length=20, examples=["12450.50"])]
LimitText = Annotated[str, Field(pattern=LIMIT, max_length=20, examples=["1000", "unlimited"])]
CurrencyCode = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["EUR"])]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Whole = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Flag = Annotated[bool, Field(strict=True)]
Anything = dict[str, Any]  # what only this version knows the form of


class Given(BaseModel):
    """What a program sends: nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What it gets; later versions may show more."""


class Money(Given):
    amount: AmountText
    currency: CurrencyCode


def decimal(text: str) -> Decimal:
    return Decimal(text)


def amount_text(amount: Decimal) -> str:
    """With two decimals, or as many as it has."""
    text = f"{amount:.4f}"
    return text[:-2] if text.endswith("00") else text.rstrip("0")


def quantity_text(quantity: Decimal) -> str:
    """With as many decimals as it has."""
    return f"{quantity:.4f}".rstrip("0").rstrip(".")


def limit_text(limit: Decimal | None) -> str:
    return "unlimited" if limit is None else amount_text(limit)
