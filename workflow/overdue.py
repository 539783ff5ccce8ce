"""Overdue requests: one reminder for each approver and working day."""

from workflow.actors import Actor
from workflow.approval_entries import ApprovalEntry
from workflow.cases import Case
from workflow.due_dates import is_overdue
from workflow.events import ApprovalOverdue, DelegationFailed, DocumentEvent
from workflow.options import Notices

SATURDAY = 6


def is_working_day(actor: Actor) -> bool:
    return actor.today.isoweekday() < SATURDAY


def is_due_for_reminder(entry: ApprovalEntry, actor: Actor) -> bool:
    """Open, due before today, and its approver has not been reminded today."""
    return (
        entry.is_open
        and is_overdue(entry.due_date, actor.today)
        and entry.reminded_on != actor.today
    )


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
    administrators = [administrator.user_id for administrator in case.setup.administrators()]
    why = f"{entry.approver} is not in the approval user setup any more."
    return [DelegationFailed(**case.facts(administrators), entry=case.entry_facts(entry), why=why)]
