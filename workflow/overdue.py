"""Overdue requests: one reminder for each approver and working day, then those above him hear."""

from datetime import date, timedelta
from typing import Final

from workflow.actors import Actor
from workflow.approval_entries import ApprovalEntry
from workflow.calendars import WorkingCalendar
from workflow.cases import Case
from workflow.due_dates import is_overdue
from workflow.events import ApprovalOverdue, DelegationFailed, DocumentEvent, RequestEscalated
from workflow.options import Notices

BELIEVED: Final = timedelta(days=7)  # a reminder farther ahead is that of a clock that ran wild


def follow_up(case: Case, calendar: WorkingCalendar) -> list[DocumentEvent]:
    """Remind of every request that is late, and escalate those that stayed late."""
    events: list[DocumentEvent] = []
    for entry in case.run.entries:
        if is_due_for_reminder(entry, case.actor):
            events += remind(case, entry)
        if is_due_for_escalation(case, entry, calendar):
            events.append(escalate(case, entry, calendar))
    return events


# --- reminders -----------------------------------------------------------------------------


def is_due_for_reminder(entry: ApprovalEntry, actor: Actor) -> bool:
    """Open, due before today, and its approver has not been reminded today."""
    return (
        entry.is_open
        and is_overdue(entry.due_date, actor.today)
        and not _is_done(entry.reminded_on, actor.today)
    )


def _is_done(on: date | None, today: date) -> bool:
    """Today, or later by a clock that was set back since; but not for weeks because of it."""
    return on is not None and today <= on <= today + BELIEVED


def remind(case: Case, entry: ApprovalEntry) -> list[DocumentEvent]:
    """Tell the approver that his answer is missing.

    An approver who is not in the setup any more cannot answer: the administrators are told.
    """
    entry.reminded_on = case.actor.today
    if case.setup.user(entry.approver) is None:
        return _approver_gone(case, entry)
    reminder = ApprovalOverdue(
        **case.facts([entry.approver]),
        entry=case.entry_facts(entry),
        days_overdue=(case.actor.today - entry.due_date).days,
    )
    return [reminder]


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
    """Reminded, still open after so many working days, and not escalated before.

    Of an approver who left the setup the administrators hear every day anyway.
    """
    after = case.options.escalates_after
    if after is None or not entry.is_open or case.setup.user(entry.approver) is None:
        return False
    if entry.reminded_on is None or entry.escalated_on is not None:
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
