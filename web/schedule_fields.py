"""When emails go out, as the fields of a form, as what was filled in, and as a sentence."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from babel.dates import format_time, get_day_names

from notifications.readers import Reader
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from web.fields import FieldView
from workflow.errors import BadValue
from workflow.notification_setup import NotificationMethod, NotificationSetup
from workflow.phrases import phrase as _
from workflow.schedules import (
    DAY_NAMES,
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    MonthlyDate,
    NoSuchDay,
    NotificationSchedule,
    Recurrence,
    next_run,
    time_of,
)

YES: Final = "yes"
RECURRENCES: Final = {
    Recurrence.INSTANTLY: N_("Instantly"),
    Recurrence.DAILY: N_("Daily"),
    Recurrence.WEEKLY: N_("Weekly"),
    Recurrence.MONTHLY: N_("Monthly"),
}
MONTHLY_DATES: Final = {
    MonthlyDate.FIRST_WORKDAY: N_("First Workday"),
    MonthlyDate.LAST_WORKDAY: N_("Last Workday"),
    MonthlyDate.CUSTOM: N_("Custom"),
}


@dataclass(frozen=True, kw_only=True)
class ScheduleView:
    """The fields of one schedule; which of them count depends on the recurrence."""

    recurrence: FieldView
    time: FieldView
    days: list[FieldView]
    monthly: FieldView
    day_of_month: FieldView
    following: str  # when the next email goes out; empty: at once, or never


def schedule_view(
    row: NotificationSetup, reader: Reader, now: dt.datetime, typed: Mapping[str, str]
) -> ScheduleView:
    """*typed* is what was filled in and refused."""
    gettext, schedule, kind = reader.gettext, row.schedule, row.type.value

    def value(part: str, stored: object) -> str:
        return typed.get(_name(kind, part), str(stored))

    return ScheduleView(
        recurrence=FieldView(
            name=_name(kind, "recurrence"),
            caption=gettext("Recurrence"),
            kind="select",
            value=value("recurrence", schedule.recurrence),
            choices=[(one.value, gettext(words)) for one, words in RECURRENCES.items()],
            description=gettext("At once, or collected in one email."),
        ),
        time=FieldView(
            name=_name(kind, "time"),
            caption=gettext("Time"),
            kind="time",
            value=value("time", f"{schedule.time:%H:%M}"),
            description=gettext("In the time zone of whoever gets it."),
        ),
        days=[
            FieldView(
                name=_name(kind, name),
                caption=words,
                kind="checkbox",
                value=value(name, YES if number in schedule.weekdays else "no"),
            )
            for number, name, words in _days(reader)
        ],
        monthly=FieldView(
            name=_name(kind, "monthly"),
            caption=gettext("Monthly Notification Date"),
            kind="select",
            value=value("monthly", schedule.monthly),
            choices=[(one.value, gettext(words)) for one, words in MONTHLY_DATES.items()],
        ),
        day_of_month=FieldView(
            name=_name(kind, "day_of_month"),
            caption=gettext("Date of Month"),
            kind="number",
            value=value("day_of_month", schedule.day_of_month),
            description=gettext("In a shorter month its last day."),
        ),
        following=_following(row, reader, now),
    )


def schedule_from(
    kind: str, fields: Mapping[str, str], present: NotificationSchedule
) -> NotificationSchedule:
    """The present one with what was filled in.

    Raises:
        BadSchedule, BadValue
    """

    def given(part: str, stored: object) -> str:
        return fields.get(_name(kind, part), str(stored)).strip()

    return replace(
        present,
        recurrence=_recurrence(given("recurrence", present.recurrence)),
        time=time_of(given("time", f"{present.time:%H:%M}")[:5]),  # browsers may add seconds
        weekdays=frozenset(
            number
            for number, name in enumerate(DAY_NAMES, start=1)
            if given(name, YES if number in present.weekdays else "no") == YES
        ),
        monthly=_monthly(given("monthly", present.monthly)),
        day_of_month=_day(given("day_of_month", present.day_of_month)),
    )


def schedule_words(row: NotificationSetup, reader: Reader) -> str:
    """As a person would say it; empty for notes, which are there at once."""
    if row.method is NotificationMethod.NOTE:
        return ""
    schedule, locale = row.schedule, reader.formats.locale
    names = [words for number, _, words in _days(reader) if number in schedule.weekdays]
    return _template(schedule, reader).format(
        time=format_time(schedule.time, "short", locale=locale),
        day=schedule.day_of_month,
        days=reader.formats.names(names),
    )


def _template(schedule: NotificationSchedule, reader: Reader) -> str:
    match schedule.recurrence:
        case Recurrence.INSTANTLY:
            words = reader.gettext("At once")
        case Recurrence.MONTHLY if schedule.monthly is MonthlyDate.CUSTOM:
            words = reader.gettext("Monthly on day {day} at {time}")
        case Recurrence.MONTHLY if schedule.monthly is MonthlyDate.FIRST_WORKDAY:
            words = reader.gettext("Monthly on the first workday at {time}")
        case Recurrence.MONTHLY:
            words = reader.gettext("Monthly on the last workday at {time}")
        case _ if schedule.weekdays == EVERY_DAY:
            words = reader.gettext("Every day at {time}")
        case _ if schedule.weekdays == MONDAY_TO_FRIDAY:
            words = reader.gettext("Monday to Friday at {time}")
        case _:
            words = reader.gettext("Every {days} at {time}")
    return words


def _following(row: NotificationSetup, reader: Reader, now: dt.datetime) -> str:
    by_note = row.method is NotificationMethod.NOTE
    if by_note or row.schedule.recurrence is Recurrence.INSTANTLY:
        return ""
    moment = next_run(row.schedule, now, reader.formats.time_zone)
    words = reader.gettext("What waits then goes out on {moment}.")
    return words.format(moment=reader.formats.moment(moment))


def _name(kind: str, part: str) -> str:
    return f"{kind}.{part}"


def _days(reader: Reader) -> list[tuple[int, str, str]]:
    """Number, name in forms, and words of each day of the week."""
    words = get_day_names("wide", "format", locale=reader.formats.locale)  # 0 is Monday
    return [(number + 1, name, words[number]) for number, name in enumerate(DAY_NAMES)]


def _recurrence(text: str) -> Recurrence:
    if text not in set(Recurrence):
        raise BadValue("recurrence", text, _("is not one of the values"))
    return Recurrence(text)


def _monthly(text: str) -> MonthlyDate:
    if text not in set(MonthlyDate):
        raise BadValue("monthly", text, _("is not one of the values"))
    return MonthlyDate(text)


def _day(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise NoSuchDay(text)
    return int(text)
