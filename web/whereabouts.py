"""Where a request is: who has it, since when, and what happens next by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from web.visits import Visit
from workflow.approval_entries import ApprovalEntry, ApprovalRun
from workflow.calendars import WorkingCalendar, calendar_of
from workflow.date_formulas import DateFormula
from workflow.events import ApprovalRequested, RequestDelegated
from workflow.options import CompanyOptions
from workflow.readings import EventReading

DAYS_AHEAD: Final = 366  # a company that closes longer gets no promise


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """One person whose answer is awaited."""

    person: str
    since: str
    due: str
    overdue: bool
    next_event: str  # in a sentence with its date; empty: nothing happens by itself


def whereabouts(
    run: ApprovalRun, events: Sequence[EventReading], company: CompanyOptions, visit: Visit
) -> list[Whereabouts]:
    today = visit.actor.today
    calendar = calendar_of(company, visit.services.holidays)
    return [
        Whereabouts(
            person=visit.reader.name_of(entry.approver),
            since=visit.reader.formats.moment(_asked_at(run, entry, events)),
            due=visit.reader.formats.day(entry.due_date),
            overdue=entry.due_date < today,
            next_event=_next_event(entry, company, calendar, visit),
        )
        for entry in run.entries
        if entry.is_open
    ]


def _asked_at(run: ApprovalRun, entry: ApprovalEntry, events: Sequence[EventReading]) -> datetime:
    asked = [
        one.at
        for one in events
        if isinstance(one.event, ApprovalRequested | RequestDelegated)
        and one.event.run_no == run.run_no
        and one.event.entry.approver == entry.approver
    ]
    return max(asked, default=run.sent_at)


def _next_event(
    entry: ApprovalEntry, company: CompanyOptions, calendar: WorkingCalendar, visit: Visit
) -> str:
    """The first of the two that comes."""
    today, reader = visit.actor.today, visit.reader
    reminder = _reminder_day(entry, calendar, today) if company.overdue_workflow else None
    delegation = _delegation_day(entry, today)
    day = reader.formats.day
    if delegation is not None and (reminder is None or delegation <= reminder):
        sentence = reader.gettext("On {day} it goes to somebody who stands in.")
        return sentence.format(day=day(delegation))
    if reminder is not None:
        return reader.gettext("There is a reminder on {day}.").format(day=day(reminder))
    return ""


def _delegation_day(entry: ApprovalEntry, today: date) -> date | None:
    formula = DateFormula.parse(entry.delegate_after)
    if entry.delegate_from is None or formula.is_blank:
        return None
    return max(formula.apply(entry.delegate_from), today)


def _reminder_day(entry: ApprovalEntry, calendar: WorkingCalendar, today: date) -> date:
    tomorrow = today + timedelta(days=1)
    first = tomorrow if entry.reminded_on == today else today
    day = max(entry.due_date + timedelta(days=1), first)
    days = (day + timedelta(days=later) for later in range(DAYS_AHEAD))
    return next((one for one in days if calendar.is_working_day(one)), day)
