"""The company's working days and quiet hours: when nobody is to be reminded of anything."""

import datetime as dt
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from workflow.due_dates import local_moment
from workflow.options import CompanyOptions, QuietFor
from workflow.schedules import (
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    days_of,
    hours_of,
    wall_moment,
    weekdays_of,
)

LONGEST_REST: Final = 366  # days to look ahead for one on which somebody works
MIDNIGHT: Final = dt.time(0)


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """Which days are worked, and between which times nobody is disturbed."""

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY  # 1 is Monday, 7 is Sunday
    closed: Container[dt.date] = frozenset()  # holidays and the company's own days
    quiet_from: dt.time = MIDNIGHT
    quiet_to: dt.time = MIDNIGHT  # the same time as above: there are no quiet hours
    notices_wait: bool = False  # until it is not quiet any more; reminders always do

    def is_working_day(self, day: dt.date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.closed

    def working_days(self, after: dt.date, until: dt.date) -> int:
        """How many working days have begun since the end of *after*, with *until* itself."""
        days = ((after + dt.timedelta(days=n + 1)) for n in range((until - after).days))
        return sum(map(self.is_working_day, days))

    def working_day_after(self, day: dt.date, count: int) -> dt.date:
        """So many working days after that one; where there are none, so many days."""
        for n in range(LONGEST_REST + 1):
            later = day + dt.timedelta(days=n)
            if self.working_days(day, later) >= count:
                return later
        return day + dt.timedelta(days=count)

    def is_quiet(self, time: dt.time) -> bool:
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= time < self.quiet_to
        return time >= self.quiet_from or time < self.quiet_to  # over night

    def first_loud(self, at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """That moment, or when it is not quiet any more for somebody in the zone, in UTC."""
        now = local_moment(zone, at)
        if not self.is_quiet(now.time()):
            return at.astimezone(dt.UTC)
        ends = wall_moment(now.date(), self.quiet_to, zone)
        if ends > at:
            return ends
        return wall_moment(now.date() + dt.timedelta(days=1), self.quiet_to, zone)

    def first_allowed(self, at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """That moment when somebody in the zone may be disturbed then, else the next one, in UTC.

        A calendar without working days keeps nobody from being told: then it is that moment.
        """
        now = local_moment(zone, at)
        if self.is_working_day(now.date()) and not self.is_quiet(now.time()):
            return at.astimezone(dt.UTC)
        for n in range(LONGEST_REST + 1):
            day = now.date() + dt.timedelta(days=n)
            for time in (MIDNIGHT, self.quiet_to):
                moment = wall_moment(day, time, zone)
                if self.is_working_day(day) and not self.is_quiet(time) and moment > at:
                    return moment
        return at.astimezone(dt.UTC)


OFFICE: Final = WorkingCalendar()
ALWAYS: Final = WorkingCalendar(weekdays=EVERY_DAY)

PublicHolidays = Callable[[str], Container[dt.date]]  # of a country, by its code


def no_holidays(_country: str) -> Container[dt.date]:
    return frozenset()


def calendar_of(company: CompanyOptions, holidays: PublicHolidays = no_holidays) -> WorkingCalendar:
    """The calendar that the company chose."""
    if not company.working_days_only:
        return ALWAYS
    quiet_from, quiet_to = hours_of(company.quiet_hours)
    public = holidays(company.holidays) if company.holidays else frozenset()
    return WorkingCalendar(
        weekdays=weekdays_of(company.working_weekdays),
        closed=_Either(public, days_of(company.closed_days)),
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        notices_wait=company.quiet_for is QuietFor.NOTICES,
    )


class _Either:
    """Public holidays are worked out when they are asked for: there is no list to add to."""

    def __init__(self, *days: Container[dt.date]) -> None:
        self._days = days

    def __contains__(self, day: object) -> bool:
        return any(day in days for days in self._days)
