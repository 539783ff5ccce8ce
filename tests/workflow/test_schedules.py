"""Notifications arrive when the recipient's schedule says, in the recipient's time zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.due_dates import NaiveMoment
from workflow.schedules import (
    EVERY_DAY,
    BadSchedule,
    MonthlyDate,
    NotificationSchedule,
    Recurrence,
    next_run,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clocks move by half an hour
APIA = ZoneInfo("Pacific/Apia")  # went without 30 December 2011
ST_JOHNS = ZoneInfo("America/St_Johns")  # set its clocks back over midnight until 2011
ZONES = [AMSTERDAM, NEW_YORK, LORD_HOWE, APIA, ST_JOHNS, ZoneInfo("UTC")]

WEEKDAYS = NotificationSchedule(recurrence=Recurrence.DAILY)
FRIDAY = NotificationSchedule(recurrence=Recurrence.WEEKLY, weekdays=frozenset({5}))
FIRST_WORKDAY = NotificationSchedule(recurrence=Recurrence.MONTHLY)
LAST_WORKDAY = NotificationSchedule(recurrence=Recurrence.MONTHLY, monthly=MonthlyDate.LAST_WORKDAY)

SCHEDULES = st.builds(
    NotificationSchedule,
    recurrence=st.sampled_from([Recurrence.DAILY, Recurrence.WEEKLY, Recurrence.MONTHLY]),
    time=st.times().map(lambda t: t.replace(fold=0)),
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    monthly=st.sampled_from(MonthlyDate),
    day_of_month=st.integers(1, 31),
)
MOMENTS = st.one_of(
    st.datetimes(datetime(2009, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    *(
        # Random moments seldom come near the days on which the clocks change.
        st.timedeltas(timedelta(-2), timedelta(2)).map(lambda off, day=day: day + off)
        for day in (
            datetime(2026, 3, 29, 1),  # noqa: DTZ001
            datetime(2026, 10, 25, 1),  # noqa: DTZ001
            datetime(2026, 3, 8, 7),  # noqa: DTZ001
            datetime(2026, 4, 4, 15),  # noqa: DTZ001
            datetime(2011, 12, 30, 10),  # noqa: DTZ001
            datetime(2010, 11, 7, 2, 31),  # noqa: DTZ001
        )
    ),
).map(lambda moment: moment.replace(tzinfo=UTC))


def daily_at(clock):
    return NotificationSchedule(
        recurrence=Recurrence.DAILY, time=time.fromisoformat(clock), weekdays=EVERY_DAY
    )


def on_day(number):
    return NotificationSchedule(
        recurrence=Recurrence.MONTHLY, monthly=MonthlyDate.CUSTOM, day_of_month=number
    )


def at_wall(text, zone):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def runs_from(schedule, at, zone, how_many):
    runs = [at]
    for _ in range(how_many):
        runs.append(next_run(schedule, runs[-1], zone))
    return [run.astimezone(UTC).strftime("%m-%d %H:%M") for run in runs[1:]]


@pytest.mark.parametrize(
    ("schedule", "at", "expected"),
    [
        pytest.param(FIRST_WORKDAY, "2015-05-05T12:00", "2015-06-01T12:00", id="BC-138"),
        pytest.param(FIRST_WORKDAY, "2015-07-01T11:00", "2015-07-01T12:00", id="BC-138-ahead"),
        pytest.param(LAST_WORKDAY, "2015-05-05T12:00", "2015-05-29T12:00", id="BC-139"),
        pytest.param(LAST_WORKDAY, "2015-06-30T11:00", "2015-06-30T12:00", id="BC-139-ahead"),
        pytest.param(on_day(31), "2015-05-05T12:00", "2015-05-31T12:00", id="BC-140"),
        pytest.param(on_day(31), "2015-04-30T11:00", "2015-04-30T12:00", id="BC-140-clipped"),
        pytest.param(on_day(31), "2015-06-05T11:00", "2015-06-30T12:00", id="BC-140-June"),
        pytest.param(WEEKDAYS, "2015-05-08T12:00", "2015-05-11T12:00", id="BC-142"),
        pytest.param(WEEKDAYS, "2015-05-08T11:00", "2015-05-08T12:00", id="BC-142-ahead"),
    ],
)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_examples_of_business_central_come_out_the_same_in_every_zone(
    schedule, at, expected, zone
):
    assert next_run(schedule, at_wall(at, zone), zone) == at_wall(expected, zone)


@pytest.mark.parametrize(
    ("schedule", "at", "expected"),
    [
        (WEEKDAYS, "2026-03-14T08:00", "2026-03-16T12:00"),  # from a Saturday
        (daily_at("12:00"), "2026-03-14T12:00", "2026-03-15T12:00"),
        (FRIDAY, "2026-03-12T08:00", "2026-03-13T12:00"),
        (FRIDAY, "2026-03-13T11:59:59", "2026-03-13T12:00"),
        (FRIDAY, "2026-03-13T12:00", "2026-03-20T12:00"),  # the very time is too late
        (FIRST_WORKDAY, "2026-08-01T08:00", "2026-08-03T12:00"),  # 1 August is a Saturday
        (FIRST_WORKDAY, "2026-08-03T12:00", "2026-09-01T12:00"),
        (LAST_WORKDAY, "2026-05-29T12:00", "2026-06-30T12:00"),  # 31 May is a Sunday
        (LAST_WORKDAY, "2026-12-31T13:00", "2027-01-29T12:00"),
        (on_day(31), "2028-02-10T08:00", "2028-02-29T12:00"),
        (on_day(29), "2028-02-29T12:00", "2028-03-29T12:00"),
        (on_day(30), "2027-02-01T08:00", "2027-02-28T12:00"),
        (on_day(15), "2026-03-15T11:59", "2026-03-15T12:00"),
        (on_day(15), "2026-12-15T12:00", "2027-01-15T12:00"),
        (daily_at("12:00"), "2028-02-28T12:00", "2028-02-29T12:00"),
    ],
)
def test_the_next_occasion_is_today_when_its_time_is_ahead_else_the_next_chosen_day(
    schedule, at, expected
):
    assert next_run(schedule, at_wall(at, AMSTERDAM), AMSTERDAM) == at_wall(expected, AMSTERDAM)


def test_instantly_is_the_moment_itself_in_utc():
    at = at_wall("2026-03-10T09:15", AMSTERDAM)

    run = next_run(NotificationSchedule(), at, AMSTERDAM)

    assert run == at
    assert run.tzinfo is UTC


def test_the_day_is_the_recipients_and_not_the_servers():
    friday_evening_in_new_york = datetime(2026, 3, 14, 1, tzinfo=UTC)

    assert next_run(daily_at("22:00"), friday_evening_in_new_york, NEW_YORK) == datetime(
        2026, 3, 14, 2, tzinfo=UTC
    )
    assert next_run(FRIDAY, friday_evening_in_new_york, NEW_YORK) == datetime(
        2026, 3, 20, 16, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("zone", "clock", "start", "expected"),
    [
        pytest.param(
            AMSTERDAM,
            "02:30",
            "2026-03-27T12:00",
            ["03-28 01:30", "03-29 01:00", "03-30 00:30"],  # UTC; the 29th at 03:00 there
            id="Amsterdam springs forward",
        ),
        pytest.param(
            AMSTERDAM,
            "02:30",
            "2026-10-23T12:00",
            ["10-24 00:30", "10-25 00:30", "10-26 01:30"],
            id="Amsterdam falls back",
        ),
        pytest.param(
            AMSTERDAM,
            "12:00",
            "2026-03-28T10:00",
            ["03-28 11:00", "03-29 10:00"],
            id="noon stays noon",
        ),
        pytest.param(
            NEW_YORK,
            "02:00",
            "2026-03-07T12:00",
            ["03-08 07:00", "03-09 06:00"],
            id="New York, the first minute of the gap",
        ),
        pytest.param(
            NEW_YORK,
            "01:30",
            "2026-10-31T12:00",
            ["11-01 05:30", "11-02 06:30"],
            id="New York falls back",
        ),
        pytest.param(
            LORD_HOWE,
            "02:15",
            "2026-10-02T12:00",
            ["10-02 15:45", "10-03 15:30", "10-04 15:15"],  # UTC; the second at 02:30 there
            id="Lord Howe springs forward by half an hour",
        ),
        pytest.param(
            LORD_HOWE,
            "01:45",
            "2026-04-03T12:00",
            ["04-03 14:45", "04-04 14:45", "04-05 15:15"],
            id="Lord Howe falls back by half an hour",
        ),
        pytest.param(
            APIA,
            "12:00",
            "2011-12-29T10:00",
            ["12-29 22:00", "12-30 10:00", "12-30 22:00"],  # UTC; the second at midnight there
            id="Apia, a day that never was",
        ),
        pytest.param(
            ST_JOHNS,
            "23:30",
            "2010-11-05T12:00",
            ["11-06 02:00", "11-07 02:00", "11-08 03:00"],
            id="St John's falls back over midnight",
        ),
    ],
)
def test_when_the_clocks_change_every_day_has_its_notification_once(zone, clock, start, expected):
    runs = runs_from(daily_at(clock), at_wall(start, zone), zone, len(expected))

    assert runs == expected


def test_a_time_with_a_fraction_that_is_jumped_over_becomes_the_first_moment_after_the_jump():
    run = next_run(daily_at("02:30:00.5"), at_wall("2026-03-28T12:00", AMSTERDAM), AMSTERDAM)

    assert run == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_between_the_two_readings_of_the_clock_the_notification_is_not_repeated():
    second_quarter_past_two = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)

    run = next_run(daily_at("02:30"), second_quarter_past_two, AMSTERDAM)

    assert run == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_moment_without_a_time_zone_is_refused():
    naive = datetime(2026, 3, 10, 12)  # noqa: DTZ001 - the point of the test

    for schedule in (NotificationSchedule(), WEEKDAYS):
        with pytest.raises(NaiveMoment):
            next_run(schedule, naive, AMSTERDAM)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"recurrence": Recurrence.DAILY, "weekdays": frozenset()}, "at least one weekday"),
        ({"recurrence": Recurrence.WEEKLY, "weekdays": frozenset()}, "at least one weekday"),
        ({"weekdays": frozenset({0})}, "from 1 .Monday. to 7"),
        ({"weekdays": frozenset({8})}, "from 1 .Monday. to 7"),
        ({"day_of_month": 0}, "no day 0"),
        ({"day_of_month": 32}, "no day 32"),
        ({"time": time(12, tzinfo=UTC)}, "leave out the zone"),
    ],
)
def test_a_schedule_that_names_no_day_is_refused(fields, message):
    with pytest.raises(BadSchedule, match=message):
        NotificationSchedule(**fields)


def test_a_monthly_schedule_needs_no_weekday():
    schedule = NotificationSchedule(recurrence=Recurrence.MONTHLY, weekdays=frozenset())

    assert next_run(schedule, at_wall("2026-08-01T08:00", AMSTERDAM), AMSTERDAM) == at_wall(
        "2026-08-03T12:00", AMSTERDAM
    )


@given(SCHEDULES, MOMENTS, st.sampled_from(ZONES))
def test_the_next_run_is_later_than_now_and_given_in_utc(schedule, at, zone):
    run = next_run(schedule, at, zone)

    assert run > at
    assert run.tzinfo is UTC
    assert run - at < timedelta(63)


@given(SCHEDULES, MOMENTS, st.sampled_from(ZONES))
def test_the_clock_shows_the_time_of_the_schedule_unless_it_was_jumped_over(schedule, at, zone):
    run = next_run(schedule, at, zone)

    local = run.astimezone(zone)
    just_before = (run - timedelta(microseconds=1)).astimezone(zone)
    jumped_over = just_before.replace(tzinfo=None) < local.replace(tzinfo=None) - timedelta(
        microseconds=1
    )
    assert local.time() == schedule.time or jumped_over
    assert local.fold == 0  # the first of two readings


@given(SCHEDULES, MOMENTS, st.timedeltas(timedelta(0), timedelta(40)), st.sampled_from(ZONES))
def test_a_later_moment_never_has_an_earlier_next_run(schedule, at, wait, zone):
    assert next_run(schedule, at, zone) <= next_run(schedule, at + wait, zone)


@given(SCHEDULES, MOMENTS, st.floats(0, 1, exclude_max=True), st.sampled_from(ZONES))
def test_until_the_next_run_it_stays_the_next_run(schedule, at, share, zone):
    run = next_run(schedule, at, zone)

    assert next_run(schedule, min(at + (run - at) * share, run - timedelta.resolution), zone) == run


@given(SCHEDULES, MOMENTS, st.sampled_from(ZONES))
def test_two_runs_never_fall_on_the_same_chosen_day(schedule, at, zone):
    first = next_run(schedule, at, zone)
    second = next_run(schedule, first, zone)

    same_day = first.astimezone(zone).date() == second.astimezone(zone).date()
    jumped_over = first.astimezone(zone).time() != schedule.time
    assert not same_day or jumped_over
