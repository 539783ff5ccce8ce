"""How long things are kept: for ever, until somebody says a period that is long enough."""

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from workflow.retention import BadPeriod, PeriodTooShort, Records, RetentionPolicy

TODAY = date(2026, 3, 31)


def test_everything_is_kept_for_ever_until_somebody_says_otherwise():
    assert RetentionPolicy().cutoffs(TODAY) == {}


def test_every_kind_of_record_can_have_a_period():
    assert [one.name for one in fields(RetentionPolicy)] == [one.value for one in Records]


@pytest.mark.parametrize(
    ("period", "day"),
    [("7D", 24), ("2W", 17), ("1M", 28)],  # February has no 31st
)
def test_what_is_older_than_the_period_goes(period, day):
    month = 2 if period == "1M" else 3
    cutoffs = RetentionPolicy(letters=period).cutoffs(TODAY)

    assert cutoffs == {Records.LETTERS: datetime(2026, month, day, tzinfo=UTC)}


@pytest.mark.parametrize("period", ["90", "D", "0D", "-7D", "CM", "7D+1M", "90 D", "99999D"])
def test_what_is_no_period_is_refused(period):
    with pytest.raises(BadPeriod):
        RetentionPolicy(letters=period)


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("letters", "6D"),
        ("emails", "27D"),
        ("webhooks", "6D"),
        ("api_answers", "6D"),
        ("sessions", "1D"),
        ("documents", "11M"),
    ],
)
def test_what_may_still_be_needed_cannot_be_let_go_so_soon(name, period):
    with pytest.raises(PeriodTooShort):
        RetentionPolicy(**{name: period})
