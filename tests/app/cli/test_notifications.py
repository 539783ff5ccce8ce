"""How and when people are told, typed."""

import pytest


def test_without_a_setup_everybody_is_told_at_once(company, done):
    ended = done("notifications", "list")

    assert (ended.out, ended.err) == ("", "Everybody is told by email, at once.\n")


def test_a_person_chooses_a_schedule_and_sees_when_it_is_next(company, done):
    words = ("recurrence=weekly", "time=8:30", "weekdays=mon,wed-fri")
    ended = done("notifications", "set", "bob", "approval", "email", *words, "--as", "bob")

    assert "BOB is told about approval by email, weekly on mon,wed,thu,fri at 08:30" in ended.out
    assert "; next on 2" in ended.out
    assert ended.out.endswith("08:30 Europe/Amsterdam.\n")
    (row,) = done("notifications", "list", "--json").json
    assert row == {
        "user": "BOB",
        "type": "approval",
        "method": "email",
        "recurrence": "weekly",
        "time": "08:30",
        "weekdays": "mon,wed,thu,fri",
        "monthly": "first_workday",
        "day_of_month": 1,
    }


def test_what_is_not_typed_stays_as_it_is(company, done):
    done("notifications", "set", "everybody", "overdue", "email", "recurrence=daily", "time=07:15")
    done("notifications", "set", "everybody", "overdue", "email", "weekdays=daily", "--as", "cid")

    (row,) = done("notifications", "list", "--json").json
    assert [row[name] for name in ("user", "recurrence", "time", "weekdays")] == [
        "everybody",
        "daily",
        "07:15",
        "mon,tue,wed,thu,fri,sat,sun",
    ]


def test_a_note_has_no_time(company, done):
    ended = done("notifications", "set", "bob", "overdue", "note", "--as", "cid")

    assert ended.out == "BOB is told about overdue by note.\n"


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("recurrence=yearly", "is not one of instantly, daily, weekly, monthly"),
        ("time=25:00", "is not a time of day, for example 08:30"),
        ("time=noon", "is not a time of day"),
        ("weekdays=someday", "is no weekday"),
        ("weekdays=fri-mon", "runs backwards"),
        ("day_of_month=32", "There is no day 32 in a month"),
        ("hour=8", "There is no field hour"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(company, done, typed, word, reason):
    ended = typed("notifications", "set", "bob", "approval", "email", word, "--as", "bob")

    assert ended.exit_code == 2
    assert reason in ended.err
    assert done("notifications", "list", "--json").json == []
