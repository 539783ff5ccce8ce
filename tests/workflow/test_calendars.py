"""Working days and quiet hours: when somebody may be reminded."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.calendars import ALWAYS, OFFICE, WorkingCalendar

AMSTERDAM, TOKYO = ZoneInfo("Europe/Amsterdam"), ZoneInfo("Asia/Tokyo")
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 26)})
BUSY = WorkingCalendar(closed=CHRISTMAS, quiet_from=time(18), quiet_to=time(8))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),  # a Saturday as well
        (date(2026, 12, 27), False),
        (date(2026, 12, 28), True),
    ],
)
def test_weekends_and_holidays_are_no_working_days(day, works):
    assert BUSY.is_working_day(day) is works


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (date(2026, 12, 23), date(2026, 12, 23), 0),
        (date(2026, 12, 23), date(2026, 12, 24), 1),
        (date(2026, 12, 24), date(2026, 12, 27), 0),
        (date(2026, 12, 23), date(2026, 12, 29), 3),
        (date(2026, 12, 29), date(2026, 12, 23), 0),
    ],
)
def test_working_days_are_counted_from_the_day_after_to_the_day_itself(after, until, days):
    assert BUSY.working_days(after, until) == days


@pytest.mark.parametrize(
    ("at", "zone", "allowed"),
    [
        ("2026-11-24 09:00+01:00", AMSTERDAM, "2026-11-24 09:00+01:00"),
        ("2026-11-24 07:59+01:00", AMSTERDAM, "2026-11-24 08:00+01:00"),
        ("2026-11-24 18:00+01:00", AMSTERDAM, "2026-11-25 08:00+01:00"),
        ("2026-11-24 00:05+01:00", AMSTERDAM, "2026-11-24 08:00+01:00"),
        ("2026-11-24 09:30+01:00", TOKYO, "2026-11-24 09:30+01:00"),  # 17:30 there
        ("2026-11-24 10:00+01:00", TOKYO, "2026-11-25 00:00+01:00"),  # 18:00 there
        ("2026-11-27 19:00+01:00", AMSTERDAM, "2026-11-30 08:00+01:00"),  # over the weekend
        ("2026-12-24 20:00+01:00", AMSTERDAM, "2026-12-28 08:00+01:00"),  # over Christmas
        ("2026-12-31 20:00+01:00", AMSTERDAM, "2027-01-01 08:00+01:00"),  # over the year's end
        ("2026-03-28 12:00+01:00", AMSTERDAM, "2026-03-30 08:00+02:00"),  # over the change
        ("2026-10-24 12:00+02:00", AMSTERDAM, "2026-10-26 08:00+01:00"),  # and back
    ],
)
def test_the_next_moment_at_which_somebody_may_be_disturbed(at, zone, allowed):
    moment = BUSY.first_allowed(datetime.fromisoformat(at), zone)

    assert moment == datetime.fromisoformat(allowed)
    assert moment.utcoffset() == timedelta(0)


def test_quiet_hours_at_noon_end_the_same_day():
    lunch = WorkingCalendar(quiet_from=time(12), quiet_to=time(13))
    noon = datetime(2026, 11, 24, 12, 30, tzinfo=AMSTERDAM)

    assert lunch.first_allowed(noon, AMSTERDAM) == noon.replace(hour=13, minute=0)
    assert OFFICE.first_allowed(noon, AMSTERDAM) == noon


def test_a_company_that_never_works_still_tells_its_people():
    at = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)

    assert WorkingCalendar(weekdays=frozenset()).first_allowed(at, AMSTERDAM) == at


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
TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))
CALENDARS = st.builds(
    WorkingCalendar,
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    closed=st.just(CHRISTMAS),
    quiet_from=TIMES,
    quiet_to=TIMES,
)
ZONES = st.sampled_from(
    [AMSTERDAM, TOKYO, *map(ZoneInfo, ["Australia/Lord_Howe", "America/St_Johns", "UTC"])]
)


@given(MOMENTS, CALENDARS, ZONES)
def test_it_is_never_in_the_past_and_always_on_a_working_day_outside_the_quiet_hours(
    at, calendar, zone
):
    moment = calendar.first_allowed(at, zone)
    local = moment.astimezone(zone)

    assert moment >= at
    assert calendar.is_working_day(local.date())
    jumped = local.utcoffset() != (local - timedelta(days=1)).utcoffset()
    assume(not jumped)  # the end of the quiet hours may be a time that a clock skipped
    assert not calendar.is_quiet(local.time())


@given(MOMENTS, CALENDARS, ZONES)
def test_what_is_allowed_stays_as_it_is(at, calendar, zone):
    moment = calendar.first_allowed(at, zone)

    assert calendar.first_allowed(moment, zone) == moment or (
        moment.astimezone(zone).utcoffset()
        != (moment - timedelta(days=1)).astimezone(zone).utcoffset()
    )


@given(MOMENTS, ZONES)
def test_without_a_calendar_every_moment_is_allowed(at, zone):
    assert ALWAYS.first_allowed(at, zone) == at
