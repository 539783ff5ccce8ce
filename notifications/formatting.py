"""Amounts, quantities, dates and people's own texts, as the reader of a mail is used to them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

ONE_LINE_LIMIT: Final = 120
TEXT_LIMIT: Final = 2000
REMEMBERED: Final = 4096  # formatted numbers
JOINERS: Final = "\u200c\u200d"  # part of Persian words and of emoji
FOREIGN_PATTERN: Final = "¤¤ #,##0.00;¤¤ -#,##0.00"  # the code: there are many dollars


@dataclass(frozen=True, kw_only=True)
class Formats:
    """One reader's ways of writing."""

    locale: Locale
    time_zone: ZoneInfo
    local_currency: str

    def money(self, amount: Decimal, currency: str = "") -> str:
        """Never rounded: what is approved is what is shown."""
        code = currency or self.local_currency
        pattern = None if code == self.local_currency else FOREIGN_PATTERN
        return _money(amount, one_line(code, 12), pattern, self.locale)

    def quantity(self, number: Decimal) -> str:
        return _quantity(number, self.locale)

    def day(self, day: date) -> str:
        """With the weekday: Tuesday, 24 November 2026."""
        return format_date(day, "full", locale=self.locale)

    def short_day(self, day: date) -> str:
        return format_date(day, "medium", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """In the reader's time zone: Tue, 24 Nov 2026, 14:02."""
        local = at.astimezone(self.time_zone)
        day = format_skeleton("yMMMEd", local, locale=self.locale)
        return f"{day}, {format_time(local, 'short', locale=self.locale)}"

    def names(self, names: Sequence[str]) -> str:
        return format_list(names, locale=self.locale)


# Remembered, because all the letters about a document carry the same amounts.


@lru_cache(maxsize=REMEMBERED)
def _money(amount: Decimal, code: str, pattern: str | None, locale: Locale) -> str:
    return format_currency(amount, code, pattern, locale=locale, decimal_quantization=False)


@lru_cache(maxsize=REMEMBERED)
def _quantity(number: Decimal, locale: Locale) -> str:
    return format_decimal(number.normalize(), locale=locale, decimal_quantization=False)


def one_line(text: str, limit: int = ONE_LINE_LIMIT) -> str:
    """One line of visible characters, cut where it would fill the page."""
    if len(text) <= limit and text.isascii() and text.isprintable() and " " not in text:
        return text  # nearly always: a number, a code, a word
    return _cut(" ".join(_visible(text).split()), limit)


def paragraphs(text: str, limit: int = TEXT_LIMIT) -> str:
    """A person's own text with its line breaks."""
    lines = [" ".join(_visible(line).split()) for line in text.splitlines()]
    return _cut("\n".join(lines).strip(), limit)


def visible_lines(text: str) -> str:
    """Laid out as it was, without the characters that nobody sees."""
    return "\n".join(_visible(line).rstrip() for line in text.splitlines())


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():  # nearly always, and every text of a letter comes by
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    """Marks that turn the direction of writing or hide text are dropped."""
    if character in JOINERS:
        return character
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs" | "Co" | "Cn":
            return ""
        case _:
            return character


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
