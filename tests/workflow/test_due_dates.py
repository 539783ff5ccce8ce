"""Due dates, overdue entries and automatic delegation count in days of the company."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from workflow.date_formulas import BLANK, DateFormula
from workflow.due_dates import NaiveMoment, delegation_due, due_date, is_overdue, today_in

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("", TODAY), ("5D", date(2026, 3, 15)), ("CM+10D", date(2026, 4, 10))],
)
def test_the_due_date_is_counted_from_today_and_blank_is_due_today(formula, expected):
    assert due_date(DateFormula.parse(formula), TODAY) == expected


@pytest.mark.parametrize(
    ("due", "overdue"),
    [(date(2026, 3, 9), True), (date(2026, 3, 10), False), (date(2026, 3, 11), False)],
)
def test_an_entry_is_overdue_from_the_day_after_its_due_date(due, overdue):
    assert is_overdue(due, TODAY) is overdue


@pytest.mark.parametrize(
    ("opened_on", "due"),
    [(date(2026, 3, 7), True), (date(2026, 3, 8), True), (date(2026, 3, 9), False)],
)
def test_an_entry_is_handed_on_when_the_delegation_formula_has_run_out(opened_on, due):
    assert delegation_due(opened_on, DateFormula.parse("2D"), TODAY) is due


@pytest.mark.parametrize("never", [None, BLANK])
def test_an_entry_without_a_delegation_formula_is_never_handed_on(never):
    assert delegation_due(date(2020, 1, 1), never, TODAY) is False


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Amsterdam", date(2026, 3, 11)),
        ("America/New_York", date(2026, 3, 10)),
        ("Pacific/Kiritimati", date(2026, 3, 11)),
    ],
)
def test_today_is_the_day_where_the_company_is(zone, expected):
    assert today_in(ZoneInfo(zone), datetime(2026, 3, 10, 23, 30, tzinfo=UTC)) == expected


def test_a_moment_without_a_time_zone_is_refused():
    naive = datetime(2026, 3, 10, 12)  # noqa: DTZ001 - the point of the test

    with pytest.raises(NaiveMoment, match=r"2026-03-10T12:00:00 has no time zone"):
        today_in(ZoneInfo("UTC"), naive)
