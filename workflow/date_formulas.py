"""Date formulas: how a workflow says "five days later" or "ten days after the end of the month".

The notation is Business Central's. A formula is a row of terms, worked through from left to right:

    5D 2W 1M 2Q 1Y    so many days, weeks, months, quarters, years later (`-`: earlier)
    CD CW CM CQ CY    the last day of the current day, week, month, quarter, year (`-`: the first)
    D15               the next 15th of a month, after the day itself (`-`: the last one before it)
    WD1 … WD7         the next Monday … Sunday, after the day itself (`-`: the last one before it)

Weeks run from Monday to Sunday. A day that a month does not have is its last day. Blank is the
same day. Between terms the sign may be left out, as in Business Central: `1MD15` is `1M+D15`.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from workflow.errors import WorkflowError
from workflow.phrases import Phrase
from workflow.phrases import marked as N_  # noqa: N812 - as the extractor knows it
from workflow.phrases import phrase as _

MAX_NUMBER = 9999
MAX_LENGTH = 32  # what BC stores, and so what a column for a formula has to hold
MAX_TYPED = 100  # with spaces and brackets; beyond this nothing is looked at

_MONTHS = {"M": 1, "Q": 3, "Y": 12}

_TERM = re.compile(
    r"""\s* (?P<sign>[+-])? \s*
    (?: (?P<count>[0-9]+) \s* (?P<unit>[DWMQY])   # 5D
      | C \s* (?P<period>[DWMQY])                 # CM
      | (?P<named>WD|D) \s* (?P<number>[0-9]+)    # D15, WD1
    ) \s*""",
    re.VERBOSE,
)

# Two terms that meet can undo each other on some days only (1M-30D), so all days of 28 years are
# tried: by then every date has fallen on every weekday, in leap years and others. (Not tried is
# the year 2100, which is no leap year.)
_PROBE_START = date(2000, 1, 1)
_PROBE_DAYS = 28 * 365 + 7


class BadDateFormula(WorkflowError):
    """The text is no date formula, or not one that can be used here."""

    code = "BAD_DATE_FORMULA"
    template = '"{}" {} Write for example 5D, 1M+CM or CM+10D.'


class NegativeDateFormula(BadDateFormula):
    """A due date would lie before the day it is counted from."""

    code = "NEGATIVE_DATE_FORMULA"
    template = '{1} must be a positive value. "{0}" can give an earlier day. Write for example 5D.'


class DayTooEarly(BadDateFormula):
    template = '"{}" leads to a day before the year 1. Write for example 5D.'


class DayTooLate(BadDateFormula):
    template = '"{}" leads to a day after the year 9999. Write for example 5D.'


class TermKind(StrEnum):
    """The three ways to say how far the day moves."""

    SHIFT = "shift"  # 5D
    CURRENT = "current"  # CM
    NEXT = "next"  # D15, WD1


@dataclass(frozen=True, kw_only=True)
class Term:
    """One term of a formula, such as `-10D`, `CM` or `WD1`."""

    kind: TermKind
    unit: str  # D, W, M, Q, Y; for NEXT: D or WD
    number: int = 0  # nothing for CURRENT
    forward: bool = True

    def move(self, day: date) -> date:
        match self.kind:
            case TermKind.SHIFT:
                return _shifted(day, self.unit, self.number if self.forward else -self.number)
            case TermKind.CURRENT:
                return _edge(day, self.unit, last=self.forward)
            case TermKind.NEXT if self.unit == "WD":
                return _next_weekday(day, self.number, forward=self.forward)
            case TermKind.NEXT:
                return _next_day_of_month(day, self.number, forward=self.forward)

    def __str__(self) -> str:
        match self.kind:
            case TermKind.SHIFT:
                return f"{self.number}{self.unit}"
            case TermKind.CURRENT:
                return f"C{self.unit}"
            case TermKind.NEXT:
                return f"{self.unit}{self.number}"


@dataclass(frozen=True)
class DateFormula:
    """A day counted from another day; equal when the terms are."""

    terms: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if len(text) > MAX_TYPED:
            raise _refusal(text, _("is longer than {most} characters.", most=MAX_LENGTH))
        formula = cls(_terms(text))
        if len(str(formula)) > MAX_LENGTH:
            raise _refusal(text, _("is longer than {most} characters.", most=MAX_LENGTH))
        return formula

    def apply(self, day: date) -> date:
        for term in self.terms:
            try:
                day = term.move(day)
            except (ValueError, OverflowError):  # the calendar ends at the years 1 and 9999
                raise (DayTooLate if term.forward else DayTooEarly)(str(self)) from None
        return day

    @property
    def is_blank(self) -> bool:
        return not self.terms

    def is_negative(self) -> bool:
        """Whether there is a day from which the formula leads to an earlier one."""
        if all(term.forward for term in self.terms):
            return False
        probes = (_PROBE_START + timedelta(days=n) for n in range(_PROBE_DAYS))
        return any(self._goes_back(day) for day in probes)

    def _goes_back(self, day: date) -> bool:
        try:
            return self.apply(day) < day
        except DayTooEarly:
            return True
        except DayTooLate:
            return False

    def __str__(self) -> str:
        signed = "".join(f"{'+' if term.forward else '-'}{term}" for term in self.terms)
        return signed.removeprefix("+")


BLANK = DateFormula()


def positive(formula: DateFormula, field: str = N_("Due Date Formula")) -> DateFormula:
    """The formula itself, refused when it can give an earlier day or leaves the calendar."""
    if formula.is_negative():
        raise NegativeDateFormula(str(formula), Phrase(field))
    formula.apply(_PROBE_START)  # 9999Y is no day at all, whatever it is counted from
    return formula


def _terms(text: str) -> tuple[Term, ...]:
    bare = _bare(text)
    terms: list[Term] = []
    position = 0
    while position < len(bare):
        found = _TERM.match(bare, position)
        if found is None:
            raise _refusal(text, _("is not a date formula."))
        terms.append(_term(found, text))
        position = found.end()
    return tuple(terms)


def _refusal(text: str, why: str) -> BadDateFormula:
    shown = text if len(text) <= MAX_LENGTH else text[:MAX_LENGTH] + "…"
    return BadDateFormula(shown, why)


def _bare(text: str) -> str:
    bare = text.strip().upper()
    if bare.startswith("<") and bare.endswith(">"):  # BC's language-independent spelling
        bare = bare[1:-1].strip()
    return bare


def _term(found: re.Match[str], text: str) -> Term:
    forward = found["sign"] != "-"
    if found["period"]:
        return Term(kind=TermKind.CURRENT, unit=found["period"], forward=forward)
    if found["unit"]:
        count = _number(found["count"], 0, MAX_NUMBER, text)
        return Term(kind=TermKind.SHIFT, unit=found["unit"], number=count, forward=forward)
    last = 7 if found["named"] == "WD" else 31
    number = _number(found["number"], 1, last, text)
    return Term(kind=TermKind.NEXT, unit=found["named"], number=number, forward=forward)


def _number(digits: str, first: int, last: int, text: str) -> int:
    number = int(digits)
    if not first <= number <= last:
        raise _refusal(
            text,
            _(
                "has the number {number}, outside {first} to {last}.",
                number=number,
                first=first,
                last=last,
            ),
        )
    return number


def _shifted(day: date, unit: str, count: int) -> date:
    if unit == "D":
        return day + timedelta(days=count)
    if unit == "W":
        return day + timedelta(weeks=count)
    return _in_month(day, count * _MONTHS[unit], day.day)


def _edge(day: date, unit: str, *, last: bool) -> date:
    """The first or last day of the period the day lies in."""
    if unit == "D":
        return day
    if unit == "W":
        return day + timedelta(days=7 - day.isoweekday() if last else 1 - day.isoweekday())
    length = _MONTHS[unit]
    months_before = (day.month - 1) % length
    if last:
        return _in_month(day, length - 1 - months_before, 31)
    return _in_month(day, -months_before, 1)


def _next_weekday(day: date, weekday: int, *, forward: bool) -> date:
    # The day itself does not count: BC gives 14 May for -WD2 from Tuesday 21 May 1996.
    if forward:
        return day + timedelta(days=(weekday - day.isoweekday() - 1) % 7 + 1)
    return day - timedelta(days=(day.isoweekday() - weekday - 1) % 7 + 1)


def _next_day_of_month(day: date, number: int, *, forward: bool) -> date:
    this_month = _in_month(day, 0, number)
    if forward:
        return this_month if this_month > day else _in_month(day, 1, number)
    return this_month if this_month < day else _in_month(day, -1, number)


def _in_month(day: date, months_later: int, number: int) -> date:
    """That day of a later or earlier month, or its last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months_later, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    return date(year, month + 1, min(number, calendar.monthrange(year, month + 1)[1]))
