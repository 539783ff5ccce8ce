"""``--at`` and ``--dry-run``: who would get what, when and why; and nothing of it is kept."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def next_weekday(number, weeks=2):
    """Ten o'clock of a Monday (0), Tuesday … some weeks from now."""
    now = datetime.now(AMSTERDAM)
    monday = now - timedelta(days=now.weekday()) + timedelta(weeks=weeks)
    return (monday + timedelta(days=number)).strftime("%Y-%m-%dT10:00")


@pytest.fixture
def sent(company, done):
    done("company", "set", "holidays=", "--as", "cid")
    done("send", "PO-1", "--as", "ann")
    return company


def test_the_overdue_run_is_rehearsed_and_nothing_is_kept(sent, done):
    words = ("run", "overdue", "--at", next_weekday(1), "--dry-run", "--json")
    rows = done(*words).json

    assert [(row["who"], row["message"]) for row in rows] == [
        ("BOB", "approval_overdue"),
        ("CID", "request_escalated"),
    ]
    assert rows[0]["documents"] == ["purchase/order/PO-1"]
    assert rows[0]["when"].startswith(next_weekday(1))
    assert "BOB is reminded" in rows[0]["why"]
    assert "the request stays where it is" in rows[1]["why"]
    assert done(*words).json == rows
    assert done("run", "overdue", "--json").json["done"] == 0
    history = done("documents", "show", "PO-1").out
    assert "reminded" not in history


def test_reminders_wait_for_working_days_and_hours(sent, done):
    saturday = ("run", "overdue", "--at", next_weekday(5), "--dry-run")

    assert done(*saturday).err == "Nobody would be told anything.\n"
    night = next_weekday(1).replace("T10:00", "T03:00")
    (first, _) = done("run", "overdue", "--at", night, "--dry-run", "--json").json
    assert first["when"].startswith(night.replace("T03:00", "T08:00"))


def test_what_is_due_soon_is_rehearsed_and_nothing_is_kept(company, done):
    done("workflows", "disable", "POAPW", "--as", "cid")
    done("workflows", "create", "POAPW", "--code", "LONG", "--set", "due=2W+WD5", "--as", "cid")
    done("workflows", "enable", "LONG", "--as", "cid")
    done("company", "set", "holidays=", "--as", "cid")
    done("send", "PO-1", "--as", "ann")
    (asked,) = done("requests", "--as", "bob", "--json").json
    due = asked["due_date"]
    words = ("run", "reminders", "--at", f"{due}T10:00", "--dry-run", "--json")
    (row,) = done(*words).json

    assert (row["who"], row["message"]) == ("BOB", "approval_due_soon")
    assert row["when"].startswith(f"{due}T10:00")
    assert "BOB is reminded that it is due" in row["why"]
    assert done(*words).json == [row]
    assert done("run", "reminders", "--json").json["done"] == 0
    assert done("run", "overdue", "--at", f"{due}T10:00", "--dry-run", "--json").json == []


def test_the_delivery_is_rehearsed_as_the_emails_it_would_be(sent, done):
    done("notifications", "set", "bob", "approval", "email", "recurrence=daily", "--as", "bob")
    done("send", "PO-3", "--as", "ann")
    done("send", "PO-2", "--as", "ann")
    now = done("run", "delivery", "--dry-run", "--json").json
    later = done("run", "delivery", "--at", next_weekday(1), "--dry-run", "--json").json

    assert now == []
    (digest,) = later
    assert (digest["who"], digest["message"]) == ("BOB", "digest")
    assert digest["documents"] == [f"purchase/order/PO-{number}" for number in (1, 3, 2)]
    assert done("outbox", "list", "--json").json == []


def test_the_delegation_is_rehearsed(sent, done):
    ended = done("run", "delegation", "--at", next_weekday(1), "--dry-run")

    assert ended.err == "Nobody would be told anything.\n"


def test_a_run_cannot_be_ahead_of_the_clock(sent, typed):
    ended = typed("run", "overdue", "--at", next_weekday(1))

    assert ended.exit_code == 2
    assert "--dry-run shows what it will do" in ended.err


def test_a_moment_that_is_none_is_refused(typed, company):
    ended = typed("run", "overdue", "--at", "tomorrow", "--dry-run")

    assert (ended.exit_code, "is no moment" in ended.err) == (2, True)
