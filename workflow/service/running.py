"""What a scheduled run does: automatic delegation and overdue reminders, one entry at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workflow import delegation, overdue
from workflow.actors import Actor
from workflow.approval_entries import ApprovalEntry
from workflow.cases import Case
from workflow.documents import DocumentKey
from workflow.errors import NoOverdueWorkflow, WorkflowError
from workflow.events import ApprovalOverdue, DocumentEvent, RequestDelegated
from workflow.ports import UnitOfWork
from workflow.service.outcomes import Refusal, case_of, saved


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """What a run did: how many, and what it could not do."""

    done: int
    events: tuple[DocumentEvent, ...] = ()
    refused: tuple[Refusal, ...] = ()


def run_delegation(uow: UnitOfWork, due: Iterable[DocumentKey], actor: Actor) -> RunReport:
    """Hand over the entries whose time is up; *due* names the documents that may have some."""
    return _each(
        uow, due, actor, delegation.is_due_for_delegation, delegation.delegate_automatically
    )


def run_overdue(uow: UnitOfWork, due: Iterable[DocumentKey], actor: Actor) -> RunReport:
    """Remind the approvers of overdue entries, once a working day.

    Raises:
        NoOverdueWorkflow: the company sends no overdue notices.
    """
    with uow:
        company = uow.company()
    if not company.overdue_workflow:
        raise NoOverdueWorkflow
    if company.working_days_only and not overdue.is_working_day(actor):
        return RunReport(done=0)
    return _each(uow, due, actor, overdue.is_due_for_reminder, overdue.remind)


Ripe = Callable[[ApprovalEntry, Actor], bool]
Step = Callable[[Case, ApprovalEntry], list[DocumentEvent]]


def _each(
    uow: UnitOfWork, due: Iterable[DocumentKey], actor: Actor, ripe: Ripe, step: Step
) -> RunReport:
    """One document, one transaction: a bad one is reported and does not stop the run (Q5)."""
    events: list[DocumentEvent] = []
    refused: list[Refusal] = []
    for key in due:
        try:
            events += _one(uow, key, actor, ripe, step)
        except WorkflowError as error:
            refused.append(Refusal(document=key, error=error))
    done = sum(isinstance(event, RequestDelegated | ApprovalOverdue) for event in events)
    return RunReport(done=done, events=tuple(events), refused=tuple(refused))


def _one(
    uow: UnitOfWork, key: DocumentKey, actor: Actor, ripe: Ripe, step: Step
) -> tuple[DocumentEvent, ...]:
    with uow:
        document = uow.documents.get(key)
        if document.pending_run is None:
            return ()
        case = case_of(uow, document, actor)
        ready = [entry for entry in case.run.entries if ripe(entry, actor)]
        events = [event for entry in ready for event in step(case, entry)]
        return saved(uow, document, events, "").events
