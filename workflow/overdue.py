"""Reminders: of what is due soon, of what is overdue; then those above the approver hear of it."""

from datetime import date, timedelta
from typing import Final

from workflow.approval_entries import ApprovalEntry
from workflow.calendars import WorkingCalendar
from workflow.cases import Case
from workflow.date_formulas import DateFormula
from workflow.due_dates import is_overdue
from workflow.events import (
    ApprovalDueSoon,
    ApprovalOverdue,
    DelegationFailed,
    DocumentEvent,
    RequestEscalated,
)
from workflow.options import Notices
from workflow.reminders import DAILY, Cadence

BELIEVED: Final = timedelta(days=7)  # a reminder farther ahead is that of a clock that ran wild


def look_ahead(case: Case, calendar: WorkingCalendar) -> list[DocumentEvent]:
    """Remind of every request that is due soon."""
    return [
        event
        for entry in case.run.entries
        if not is_overdue(entry.due_date, case.actor.today)
        if is_due_for_reminder(case, entry, calendar)
        for event in remind(case, entry, calendar)
    ]


def follow_up(case: Case, calendar: WorkingCalendar) -> list[DocumentEvent]:
    """Remind of every request that is late, and escalate those that stayed late."""
    events: list[DocumentEvent] = []
    for entry in case.run.entries:
        if not is_overdue(entry.due_date, case.actor.today):
            continue
        if is_due_for_reminder(case, entry, calendar):
            events += remind(case, entry, calendar)
        if is_due_for_escalation(case, entry, calendar):
            events.append(escalate(case, entry, calendar))
    return events


# --- reminders -----------------------------------------------------------------------------


def is_due_for_reminder(case: Case, entry: ApprovalEntry, calendar: WorkingCalendar) -> bool:
    """Open, and a day of the cadence has come since its approver heard of it the last time.

    So a run that comes late reminds once, and a run that is repeated not again.
    """
    today = case.actor.today
    if not entry.is_open or _is_done(entry.reminded_on, today):
        return False
    cadence = _cadence(case, entry)
    heard = _last_heard(entry, today)
    return _passed(cadence, entry, today, calendar) > _passed(cadence, entry, heard, calendar)


def _is_done(on: date | None, today: date) -> bool:
    """Today, or later by a clock that was set back since; but not for weeks because of it."""
    return on is not None and today <= on <= today + BELIEVED


def _cadence(case: Case, entry: ApprovalEntry) -> Cadence:
    """Who left the setup cannot answer: of him the administrators hear every day."""
    if case.setup.user(entry.approver) is None:
        return Cadence.of(DAILY)
    return case.options.cadence


def _asked_on(entry: ApprovalEntry) -> date:
    """When whoever has it now was asked."""
    handed_over = entry.delegate_from if entry.hops else None
    return handed_over or entry.sent_at.date()


def _last_heard(entry: ApprovalEntry, today: date) -> date:
    asked = _asked_on(entry)
    if entry.reminded_on is None or entry.reminded_on > today:
        return asked
    return max(asked, entry.reminded_on)


def _passed(cadence: Cadence, entry: ApprovalEntry, on: date, calendar: WorkingCalendar) -> int:
    """Whoever took over after the due date has not been late since then."""
    late_since = max(entry.due_date, _asked_on(entry))
    return cadence.passed(
        to_go=calendar.working_days(on, entry.due_date),
        late=calendar.working_days(late_since, on),
    )


def remind(case: Case, entry: ApprovalEntry, calendar: WorkingCalendar) -> list[DocumentEvent]:
    """Tell the approver that his answer is awaited, or missing.

    An approver who is not in the setup any more cannot answer: the administrators are told.
    """
    entry.reminded_on = case.actor.today
    if case.setup.user(entry.approver) is None:
        return _approver_gone(case, entry)
    if is_overdue(entry.due_date, case.actor.today):
        return [_late(case, entry)]
    return [_due_soon(case, entry, calendar)]


def _late(case: Case, entry: ApprovalEntry) -> ApprovalOverdue:
    return ApprovalOverdue(
        **case.facts([entry.approver]),
        entry=case.entry_facts(entry),
        days_overdue=(case.actor.today - entry.due_date).days,
    )


def _due_soon(case: Case, entry: ApprovalEntry, calendar: WorkingCalendar) -> ApprovalDueSoon:
    after = case.options.escalates_after
    return ApprovalDueSoon(
        **case.facts([entry.approver]),
        entry=case.entry_facts(entry),
        days_left=(entry.due_date - case.actor.today).days,
        escalated_on=None if after is None else calendar.working_day_after(entry.due_date, after),
        handed_over_on=_handed_over_on(entry),
    )


def _handed_over_on(entry: ApprovalEntry) -> date | None:
    if not entry.delegate_after or entry.delegate_from is None:
        return None
    return DateFormula.parse(entry.delegate_after).apply(entry.delegate_from)


def _approver_gone(case: Case, entry: ApprovalEntry) -> list[DocumentEvent]:
    if case.options.notices is Notices.REJECTION_ONLY:
        return []  # BC skips him silently
    why = f"{entry.approver} is not in the approval user setup any more."
    return [
        DelegationFailed(
            **case.facts(_administrators(case)), entry=case.entry_facts(entry), why=why
        )
    ]


# --- escalation ----------------------------------------------------------------------------


def is_due_for_escalation(case: Case, entry: ApprovalEntry, calendar: WorkingCalendar) -> bool:
    """Asked before today, still open after so many working days, and not escalated before.

    Of an approver who left the setup the administrators hear every day anyway.
    """
    after = case.options.escalates_after
    if after is None or not entry.is_open or case.setup.user(entry.approver) is None:
        return False
    if entry.escalated_on is not None or _asked_on(entry) >= case.actor.today:
        return False
    return calendar.working_days(entry.due_date, case.actor.today) >= after


def escalate(case: Case, entry: ApprovalEntry, calendar: WorkingCalendar) -> RequestEscalated:
    """Tell the approver's approver and the administrators, once; nobody gets authority by it."""
    entry.escalated_on = case.actor.today
    superior = _superior(case, entry)
    others = [user for user in _administrators(case) if user != case.run.requester]
    tell = dict.fromkeys(user for user in (superior, *others) if user and user != entry.approver)
    return RequestEscalated(
        **case.facts(tell),
        entry=case.entry_facts(entry),
        working_days=calendar.working_days(entry.due_date, case.actor.today),
        superior=superior,
    )


def _superior(case: Case, entry: ApprovalEntry) -> str:
    """The approver's approver, unless he asked for it himself or wrote what is to be approved."""
    approver = case.setup.user(entry.approver)
    superior = case.setup.user(approver.approver) if approver and approver.approver else None
    barred = {case.run.requester, *case.document.editors}
    return superior.user_id if superior and superior.user_id not in barred else ""


def _administrators(case: Case) -> list[str]:
    return [administrator.user_id for administrator in case.setup.administrators()]
