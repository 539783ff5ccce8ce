"""A requester who waits may remind whoever has his request, once a day."""

from workflow.approval_entries import ApprovalEntry
from workflow.cases import Case
from workflow.errors import AlreadyReminded, NoNudgeRight, NoRequestToNudge
from workflow.events import DocumentEvent, RequestNudged
from workflow.facts import history, next_approvers
from workflow.requests import may_cancel


def nudge(case: Case) -> list[DocumentEvent]:
    """Remind everybody whose answer is awaited now; each once a day, the overdue notice counts.

    Raises:
        NoRequestToNudge, NoNudgeRight, AlreadyReminded
    """
    check_may_nudge(case)
    waiting = [entry for entry in _open(case) if entry.reminded_on != case.actor.today]
    return [_nudged(case, entry) for entry in waiting]


def check_may_nudge(case: Case) -> None:
    """
    Raises:
        NoRequestToNudge, NoNudgeRight, AlreadyReminded
    """
    if not _open(case):
        raise NoRequestToNudge
    if not may_cancel(case):
        raise NoNudgeRight(case.actor.user, case.run.requester)
    if all(entry.reminded_on == case.actor.today for entry in _open(case)):
        raise AlreadyReminded(", ".join(entry.approver for entry in _open(case)))


def _open(case: Case) -> list[ApprovalEntry]:
    """Of approvers who can still be told."""
    run = case.document.pending_run
    entries = run.entries if run else []
    return [entry for entry in entries if entry.is_open and case.setup.user(entry.approver)]


def _nudged(case: Case, entry: ApprovalEntry) -> RequestNudged:
    entry.reminded_on = case.actor.today
    return RequestNudged(
        **case.facts(case.told(entry.approver)),
        entry=case.entry_facts(entry),
        next_approvers=next_approvers(case.run, entry),
        history=history(case.run),
    )
