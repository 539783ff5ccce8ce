"""When a notification is due: at once, by the recipient's schedule, or when he works again."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from example_events import BOB, EVERY_MESSAGE, People
from notifications.messages import OUTSIDE, REMINDING, URGENT, Message, type_of
from notifications.timetable import Due, Timetable, due_of
from workflow.calendars import ALWAYS, WorkingCalendar
from workflow.notification_setup import NotificationSetup, NotificationType
from workflow.schedules import (
    INSTANTLY,
    MonthlyDate,
    NotificationSchedule,
    Recurrence,
    time_of,
    weekdays_of,
)

AMSTERDAM, NEW_YORK = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/New_York")
TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)  # 07:00 in Amsterdam
OFFICE = WorkingCalendar(quiet_from=time(18), quiet_to=time(8))
DAILY = NotificationSchedule(recurrence=Recurrence.DAILY, time=time(8, 30))
ASKED, REMINDED = "approval_requested", "approval_overdue"


def schedule(recurrence, at="12:00", **fields):
    return NotificationSchedule(recurrence=Recurrence(recurrence), time=time_of(at), **fields)


@pytest.mark.parametrize(
    ("message", "chosen", "at", "due", "collected"),
    [
        (ASKED, INSTANTLY, "2026-11-24 03:00+01:00", "2026-11-24 03:00+01:00", False),
        (REMINDED, INSTANTLY, "2026-11-24 03:00+01:00", "2026-11-24 08:00+01:00", False),
        (REMINDED, INSTANTLY, "2026-11-28 10:00+01:00", "2026-11-30 08:00+01:00", False),
        (ASKED, DAILY, "2026-11-24 08:29+01:00", "2026-11-24 08:30+01:00", True),
        (ASKED, DAILY, "2026-11-24 08:30+01:00", "2026-11-25 08:30+01:00", True),
        (ASKED, DAILY, "2026-11-27 09:00+01:00", "2026-11-30 08:30+01:00", True),
        (REMINDED, DAILY, "2026-11-27 09:00+01:00", "2026-11-30 08:30+01:00", True),
        # The nights in which the clocks change, and the end of the year.
        (
            ASKED,
            schedule("daily", "02:30", weekdays=weekdays_of("daily")),
            "2026-03-28 12:00+01:00",
            "2026-03-29 03:00+02:00",
            True,
        ),
        (
            ASKED,
            schedule("daily", "02:30", weekdays=weekdays_of("daily")),
            "2026-10-24 12:00+02:00",
            "2026-10-25 02:30+02:00",
            True,
        ),
        (
            ASKED,
            schedule("weekly", weekdays=weekdays_of("fri")),
            "2026-12-31 13:00+01:00",
            "2027-01-01 12:00+01:00",
            True,
        ),
        (
            ASKED,
            schedule("monthly", monthly=MonthlyDate.LAST_WORKDAY),
            "2026-12-31 12:00+01:00",
            "2027-01-29 12:00+01:00",
            True,
        ),
        (
            ASKED,
            schedule("monthly", monthly=MonthlyDate.CUSTOM, day_of_month=31),
            "2027-02-01 00:00+01:00",
            "2027-02-28 12:00+01:00",
            True,
        ),
        ("mail_grant_missing", DAILY, "2026-11-24 03:00+01:00", "2026-11-24 03:00+01:00", False),
        (
            "document_to_counterparty",
            DAILY,
            "2026-11-24 03:00+01:00",
            "2026-11-24 03:00+01:00",
            False,
        ),
    ],
)
def test_when_it_is_due_to_somebody_in_amsterdam(message, chosen, at, due, collected):
    found = due_of(message, chosen, datetime.fromisoformat(at), AMSTERDAM, OFFICE)

    assert found == Due(at=datetime.fromisoformat(due), collected=collected)


@pytest.mark.parametrize(
    ("message", "at", "due"),
    [
        ("request_approved", "2026-11-24 18:00+01:00", "2026-11-25 08:00+01:00"),
        ("comment_added", "2026-11-24 03:00+01:00", "2026-11-24 08:00+01:00"),
        ("comment_added", "2026-11-24 17:59+01:00", "2026-11-24 17:59+01:00"),
        ("request_approved", "2026-11-28 10:00+01:00", "2026-11-28 10:00+01:00"),  # a Saturday
        ("request_approved", "2026-11-27 22:00+01:00", "2026-11-28 08:00+01:00"),
        (ASKED, "2026-11-24 03:00+01:00", "2026-11-24 03:00+01:00"),
        ("request_delegated", "2026-11-24 03:00+01:00", "2026-11-24 03:00+01:00"),
        ("mail_bounced", "2026-11-24 03:00+01:00", "2026-11-24 03:00+01:00"),
        ("approval_due_soon", "2026-11-28 10:00+01:00", "2026-11-30 08:00+01:00"),
    ],
)
def test_where_notices_wait_only_requests_and_warnings_reach_somebody_at_night(message, at, due):
    quiet = replace(OFFICE, notices_wait=True)
    found = due_of(message, INSTANTLY, datetime.fromisoformat(at), AMSTERDAM, quiet)

    assert found == Due(at=datetime.fromisoformat(due))


def test_the_time_is_that_of_the_recipients_zone():
    people = People(replace(BOB, time_zone="America/New_York"))
    rows = [NotificationSetup(user="BOB", type=NotificationType.APPROVAL, schedule=DAILY)]
    timetable = Timetable(setup=rows, directory=people, company_zone=AMSTERDAM)
    asked = Message(message=ASKED, recipient="BOB", requester="ANN")

    assert timetable.due(asked, TUESDAY).at == datetime(2026, 11, 24, 8, 30, tzinfo=NEW_YORK)
    elsewhere = replace(asked, recipient="GONE")  # nobody's own schedule or zone
    assert timetable.due(elsewhere, TUESDAY) == Due(at=TUESDAY)


def test_each_type_has_its_own_schedule_and_the_own_row_comes_first():
    rows = [
        NotificationSetup(type=NotificationType.OVERDUE, schedule=schedule("weekly")),
        NotificationSetup(type=NotificationType.APPROVAL, schedule=DAILY),
        NotificationSetup(user="BOB", type=NotificationType.APPROVAL),
    ]
    timetable = Timetable(setup=rows)

    def is_collected(user, message):
        return timetable.due(Message(message=message, recipient=user, requester=""), TUESDAY)

    assert not is_collected("BOB", ASKED).collected
    assert is_collected("BOB", REMINDED).collected
    assert is_collected("CID", ASKED).collected


def test_every_message_has_been_thought_of():
    named = {message.message for message, _ in EVERY_MESSAGE}

    assert named >= URGENT | OUTSIDE | REMINDING
    overdue = {m.message for m, _ in EVERY_MESSAGE if type_of(m) is NotificationType.OVERDUE}
    assert overdue >= REMINDING


SCHEDULES = st.builds(
    NotificationSchedule,
    recurrence=st.sampled_from(Recurrence),
    time=st.times(),
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    monthly=st.sampled_from(MonthlyDate),
    day_of_month=st.integers(1, 31),
)
CHANGES = [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
MOMENTS = st.one_of(
    st.builds(
        lambda day, off: day + off,
        st.sampled_from([*CHANGES, datetime(2026, 12, 31, 23, tzinfo=UTC)]),
        st.timedeltas(timedelta(-2), timedelta(2)),
    ),
    st.timedeltas(timedelta(0), timedelta(3 * 365)).map(
        lambda since: datetime(2025, 1, 1, tzinfo=UTC) + since
    ),
)
ZONES = st.sampled_from(
    [AMSTERDAM, NEW_YORK, *map(ZoneInfo, ["Asia/Tokyo", "Australia/Lord_Howe", "Africa/Cairo"])]
)
MESSAGES = st.sampled_from(sorted({message.message for message, _ in EVERY_MESSAGE}))


@given(MESSAGES, SCHEDULES, MOMENTS, ZONES)
def test_it_is_never_due_in_the_past_and_collected_only_by_a_schedule(message, chosen, at, zone):
    due = due_of(message, chosen, at, zone, OFFICE)

    assert due.at >= at
    assert due.collected <= (chosen.recurrence is not Recurrence.INSTANTLY)
    assert not (due.collected and message in URGENT | OUTSIDE)


@given(SCHEDULES, MOMENTS, ZONES)
def test_by_a_schedule_it_is_due_on_one_of_its_days(chosen, at, zone):
    due = due_of(ASKED, chosen, at, zone, ALWAYS)
    local = due.at.astimezone(zone)

    if chosen.recurrence in {Recurrence.DAILY, Recurrence.WEEKLY}:
        assert local.isoweekday() in chosen.weekdays
        assert due.at - at <= timedelta(days=8)
    if chosen.recurrence is Recurrence.MONTHLY:
        assert due.at - at <= timedelta(days=63)
        assert chosen.monthly is MonthlyDate.CUSTOM or local.isoweekday() <= 5
