"""A notification schedule as people type it: ``recurrence=weekly time=08:30 weekdays=mon,thu``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from app.cli import values
from app.cli.values import NotUnderstood, Reader
from workflow.schedules import (
    BadSchedule,
    NotificationSchedule,
    time_of,
    weekdays_of,
    weekdays_text,
)

READERS: Final[Mapping[str, Reader]] = {
    **values.readers_of(NotificationSchedule, without=["time", "weekdays"]),
    "time": time_of,
    "weekdays": weekdays_of,
}


def changed(schedule: NotificationSchedule, words: Sequence[str]) -> NotificationSchedule:
    """The schedule with what was typed.

    Raises:
        NotUnderstood
    """
    given = values.pairs(words)
    try:
        changes: dict[str, Any] = values.read_values(given, READERS)
        return replace(schedule, **changes)
    except BadSchedule as error:
        raise NotUnderstood(error.message) from None


def columns(schedule: NotificationSchedule) -> dict[str, object]:
    """What a list shows, and a program reads."""
    return {
        "recurrence": schedule.recurrence,
        "time": f"{schedule.time:%H:%M}",
        "weekdays": weekdays_text(schedule.weekdays),
        "monthly": schedule.monthly,
        "day_of_month": schedule.day_of_month,
    }
