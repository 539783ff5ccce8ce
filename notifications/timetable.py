"""When each notification is due: at once, by the recipient's schedule, or when he works again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from notifications.messages import ASKING, OUTSIDE, REMINDING, URGENT, Message, type_of
from notifications.ports import Directory
from notifications.readers import zone_of
from workflow.calendars import ALWAYS, MIDNIGHT, WorkingCalendar
from workflow.due_dates import today_in
from workflow.notification_setup import NotificationMethod, NotificationSetup, setup_for
from workflow.schedules import NotificationSchedule, Recurrence, next_run, wall_moment

UTC: Final = ZoneInfo("UTC")
# No schedule puts anything off for longer: a later moment comes from a clock that was wrong.
LONGEST_NOTICE: Final = timedelta(days=62)


@dataclass(frozen=True, kw_only=True)
class Due:
    """When it goes out, and whether with everything else that is due to that person then."""

    at: datetime
    collected: bool = False


def due_of(
    message: str,
    schedule: NotificationSchedule,
    at: datetime,
    zone: ZoneInfo,
    calendar: WorkingCalendar = ALWAYS,
) -> Due:
    """When a notification of that moment is due to somebody in the zone.

    1. His schedule says it, unless it cannot wait; his own choice may name days nobody works.
    2. A reminder waits for a working day, and until it is not quiet any more.
    3. Who is asked is told at once, and so is whoever has to do something about it now.
    4. Everything else is due at once, or waits until it is not quiet any more.
    """
    if schedule.recurrence is not Recurrence.INSTANTLY and message not in URGENT | OUTSIDE:
        return Due(at=next_run(schedule, at, zone), collected=True)
    if message in REMINDING:
        return Due(at=calendar.first_allowed(at, zone))
    if calendar.notices_wait and message not in ASKING | URGENT | OUTSIDE:
        return Due(at=calendar.first_loud(at, zone))
    return Due(at=at)


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """How people want to be told, where they are, and when the company works."""

    setup: Sequence[NotificationSetup] = ()
    directory: Directory | None = None
    company_zone: ZoneInfo = UTC
    calendar: WorkingCalendar = ALWAYS

    def wants_email(self, message: Message) -> bool:
        """The setup is about users; whoever is outside can only be told by email."""
        if message.message in OUTSIDE:
            return True
        return self._setup_of(message).method is NotificationMethod.EMAIL

    def due(self, message: Message, at: datetime) -> Due:
        schedule = self._setup_of(message).schedule
        zone = self._zone(message.recipient)
        return due_of(message.message, schedule, at.astimezone(UTC), zone, self.calendar)

    def day_began(self, now: datetime) -> datetime:
        """When the company's day began."""
        return wall_moment(today_in(self.company_zone, now), MIDNIGHT, self.company_zone)

    def next_day(self, recipient: str, now: datetime) -> datetime:
        """When a reminder may reach that person after today."""
        tomorrow = today_in(self.company_zone, now) + timedelta(days=1)
        midnight = wall_moment(tomorrow, MIDNIGHT, self.company_zone)
        return self.calendar.first_allowed(midnight, self._zone(recipient))

    def _setup_of(self, message: Message) -> NotificationSetup:
        return setup_for(message.recipient, type_of(message), self.setup)

    def _zone(self, user_id: str) -> ZoneInfo:
        user = self.directory.user(user_id) if self.directory else None
        return zone_of(user.time_zone if user else "", self.company_zone.key)
