"""Notification schedules: when a person wants to hear, at once or collected per day, week or month.

Days and times are those of the recipient's time zone. When the clocks jump over the time, the
first moment after the jump counts; when they show it twice, the first of the two.
"""

import calendar
import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from workflow.due_dates import local_moment
from workflow.errors import WorkflowError
from workflow.phrases import phrase as _

MONDAY_TO_FRIDAY = frozenset(range(1, 6))
EVERY_DAY = frozenset(range(1, 8))
DAYS_OF_MONTH = range(1, 32)


class Recurrence(StrEnum):
    """How often notifications are delivered (BC table 1513)."""

    INSTANTLY = "instantly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class MonthlyDate(StrEnum):
    """On which day of the month notifications are delivered (BC table 1513)."""

    FIRST_WORKDAY = "first_workday"  # Monday to Friday
    LAST_WORKDAY = "last_workday"
    CUSTOM = "custom"  # the schedule's day_of_month


class BadSchedule(WorkflowError):
    """The schedule would never come to a day."""

    code = "BAD_SCHEDULE"
    template = "{}"


class NoWeekday(BadSchedule):
    code = "SCHEDULE_WITHOUT_WEEKDAY"
    template = "Select at least one weekday."


class NoSuchDay(BadSchedule):
    code = "SCHEDULE_DAY"
    template = "There is no day {} in a month; choose 1 to 31."


class NoTimeOfDay(BadSchedule):
    code = "SCHEDULE_TIME"
    template = "{!r} is not a time of day, for example 08:30."


@dataclass(frozen=True, kw_only=True)
class NotificationSchedule:
    """When one person gets the notifications of one kind; refused when it names no day."""

    recurrence: Recurrence = Recurrence.INSTANTLY
    time: dt.time = dt.time(12)
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY  # 1 is Monday, 7 is Sunday; daily and weekly
    monthly: MonthlyDate = MonthlyDate.FIRST_WORKDAY
    day_of_month: int = 1  # in a shorter month: its last day

    def __post_init__(self) -> None:
        if self.time.tzinfo is not None:
            raise BadSchedule(
                _("The time of a schedule is the recipient's own: leave out the zone.")
            )
        if not self.weekdays <= EVERY_DAY:
            raise BadSchedule(_("Weekdays are numbered from 1 (Monday) to 7 (Sunday)."))
        if self.recurrence in {Recurrence.DAILY, Recurrence.WEEKLY} and not self.weekdays:
            raise NoWeekday
        if self.day_of_month not in DAYS_OF_MONTH:
            raise NoSuchDay(self.day_of_month)

    def __str__(self) -> str:
        """As a person would say it."""
        at = f"at {self.time:%H:%M}"
        match self.recurrence:
            case Recurrence.INSTANTLY:
                return "instantly"
            case Recurrence.MONTHLY if self.monthly is MonthlyDate.CUSTOM:
                return f"monthly on day {self.day_of_month} {at}"
            case Recurrence.MONTHLY:
                return f"monthly on the {self.monthly.replace('_', ' ')} {at}"
            case _:
                return f"{self.recurrence} on {weekdays_text(self.weekdays)} {at}"


INSTANTLY: Final = NotificationSchedule()

DAY_NAMES: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_SETS: Final = {"weekday": MONDAY_TO_FRIDAY, "daily": EVERY_DAY}  # BC's daily frequency


def weekdays_of(text: str) -> frozenset[int]:
    """``mon-fri``, ``mon,wed`` or 1 for Monday; ``weekday`` and ``daily`` as in BC.

    Raises:
        BadSchedule
    """
    found: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        if part in DAY_SETS:
            found |= DAY_SETS[part]
            continue
        first, _dash, last = part.partition("-")
        start, end = _day_number(first), _day_number(last or first)
        if start > end:
            raise BadSchedule(
                _("{part} runs backwards; write for example fri,sat,sun,mon.", part=part)
            )
        found |= set(range(start, end + 1))
    return frozenset(found)


def weekdays_text(weekdays: Iterable[int]) -> str:
    return ",".join(DAY_NAMES[day - 1] for day in sorted(weekdays))


def time_of(text: str) -> dt.time:
    """``8:30`` or ``08:30``.

    Raises:
        BadSchedule
    """
    hour, separator, minute = text.strip().partition(":")
    if not separator or not all(part.isascii() and part.isdigit() for part in (hour, minute)):
        raise NoTimeOfDay(text)
    try:
        return dt.time(int(hour), int(minute))
    except ValueError:
        raise NoTimeOfDay(text) from None


def hours_of(text: str) -> tuple[dt.time, dt.time]:
    """``18:00-08:00``; empty is from midnight to midnight, which is no time at all.

    Raises:
        BadSchedule
    """
    if not text.strip():
        return dt.time(0), dt.time(0)
    first, separator, last = text.partition("-")
    if not separator:
        raise BadSchedule(_("{text!r} are no hours, for example 18:00-08:00.", text=text))
    return time_of(first), time_of(last)


def days_of(text: str) -> frozenset[dt.date]:
    """``2026-12-24,2026-12-31``; empty is none.

    Raises:
        BadSchedule
    """
    try:
        return frozenset(dt.date.fromisoformat(part.strip()) for part in text.split(",") if part)
    except ValueError:
        raise BadSchedule(
            _("{text!r} is no list of dates, for example 2026-12-24.", text=text)
        ) from None


def _day_number(text: str) -> int:
    if text[:3] in DAY_NAMES:
        return DAY_NAMES.index(text[:3]) + 1
    if text.isascii() and text.isdigit() and int(text) in EVERY_DAY:
        return int(text)
    raise BadSchedule(
        _("{text!r} is no weekday: write mon, tue, wed, thu, fri, sat or sun.", text=text)
    )


def next_run(schedule: NotificationSchedule, at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """When what is waiting at that moment is to be delivered, in UTC.

    1. Instantly is now.
    2. Otherwise today counts when it is one of the schedule's days and its time is still ahead;
       at the very time it is already too late.
    3. Otherwise it is the schedule's next day.
    """
    now = local_moment(zone, at)
    if schedule.recurrence is Recurrence.INSTANTLY:
        return at.astimezone(dt.UTC)
    moments = (wall_moment(day, schedule.time, zone) for day in _days(schedule, now.date()))
    # Compared in UTC: a wall clock that is set back would ask for the same time again.
    return next(moment for moment in moments if moment > at)


def _days(schedule: NotificationSchedule, today: dt.date) -> Iterator[dt.date]:
    """The schedule's days in order: from today on, or from this month's day on."""
    if schedule.recurrence is Recurrence.MONTHLY:
        months = (divmod(today.year * 12 + today.month - 1 + n, 12) for n in count())
        return (_day_of_month(schedule, year, month + 1) for year, month in months)
    days = (today + dt.timedelta(days=n) for n in count())
    return (day for day in days if day.isoweekday() in schedule.weekdays)


def _day_of_month(schedule: NotificationSchedule, year: int, month: int) -> dt.date:
    length = calendar.monthrange(year, month)[1]
    match schedule.monthly:
        case MonthlyDate.FIRST_WORKDAY:
            return _workday(dt.date(year, month, 1), step=1)
        case MonthlyDate.LAST_WORKDAY:
            return _workday(dt.date(year, month, length), step=-1)
        case MonthlyDate.CUSTOM:
            return dt.date(year, month, min(schedule.day_of_month, length))


def _workday(day: dt.date, *, step: int) -> dt.date:
    while day.isoweekday() not in MONDAY_TO_FRIDAY:
        day += dt.timedelta(days=step)
    return day


def wall_moment(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """When the clocks in the zone first show that time of that day, or have jumped over it."""
    wall = dt.datetime.combine(day, time.replace(fold=0), tzinfo=zone)
    moment = wall.astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    # Read with the offset after the jump the wall time lies before it, and the other way round;
    # in between, the jump is the first second with the new offset.
    before = wall.replace(fold=1).astimezone(dt.UTC).replace(microsecond=0)
    after = wall.replace(fold=0).astimezone(dt.UTC)
    new_offset = after.astimezone(zone).utcoffset()
    seconds = range(int((after - before).total_seconds()) + 1)

    def has_jumped(second: int) -> bool:
        return (before + dt.timedelta(seconds=second)).astimezone(zone).utcoffset() == new_offset

    return before + dt.timedelta(seconds=bisect_left(seconds, True, key=has_jumped))
