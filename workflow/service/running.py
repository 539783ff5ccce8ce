"""What a scheduled run does: delegation, reminders and escalation, one document at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from workflow import delegation, overdue
from workflow.actors import Actor
from workflow.calendars import PublicHolidays, WorkingCalendar, calendar_of, no_holidays
from workflow.cases import Case
from workflow.documents import DocumentKey
from workflow.errors import NoOverdueWorkflow, WorkflowError
from workflow.events import (
    ApprovalDueSoon,
    ApprovalOverdue,
    DocumentEvent,
    RequestDelegated,
    RequestEscalated,
)
from workflow.ports import UnitOfWork
from workflow.service.outcomes import Refusal, case_of, saved

DONE: Final = (RequestDelegated, ApprovalDueSoon, ApprovalOverdue)


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """What a run did: how many, and what it could not do."""

    done: int  # handed over or reminded of
    escalated: int = 0
    events: tuple[DocumentEvent, ...] = ()
    refused: tuple[Refusal, ...] = ()


def run_delegation(uow: UnitOfWork, due: Iterable[DocumentKey], actor: Actor) -> RunReport:
    """Hand over the entries whose time is up; *due* names the documents that may have some."""
    return _each(uow, due, actor, _hand_over)


def run_overdue(
    uow: UnitOfWork,
    due: Iterable[DocumentKey],
    actor: Actor,
    holidays: PublicHolidays = no_holidays,
) -> RunReport:
    """Remind the approvers of overdue entries, and escalate what stays late.

    Raises:
        NoOverdueWorkflow: the company sends no reminders.
    """
    return _reminding(uow, due, actor, holidays, overdue.follow_up)


def run_reminders(
    uow: UnitOfWork,
    due: Iterable[DocumentKey],
    actor: Actor,
    holidays: PublicHolidays = no_holidays,
) -> RunReport:
    """Remind the approvers of entries that are due soon, as their workflows say.

    Raises:
        NoOverdueWorkflow: the company sends no reminders.
    """
    return _reminding(uow, due, actor, holidays, overdue.look_ahead)


def _reminding(
    uow: UnitOfWork,
    due: Iterable[DocumentKey],
    actor: Actor,
    holidays: PublicHolidays,
    step: Callable[[Case, WorkingCalendar], list[DocumentEvent]],
) -> RunReport:
    """Nothing on days nobody works: the next run makes up for it."""
    with uow:
        company = uow.company()
    if not company.overdue_workflow:
        raise NoOverdueWorkflow
    calendar = calendar_of(company, holidays)
    if not calendar.is_working_day(actor.today):
        return RunReport(done=0)
    return _each(uow, due, actor, lambda case: step(case, calendar))


Step = Callable[[Case], list[DocumentEvent]]


def _hand_over(case: Case) -> list[DocumentEvent]:
    ready = [
        entry for entry in case.run.entries if delegation.is_due_for_delegation(entry, case.actor)
    ]
    return [event for entry in ready for event in delegation.delegate_automatically(case, entry)]


def _each(uow: UnitOfWork, due: Iterable[DocumentKey], actor: Actor, step: Step) -> RunReport:
    """One document, one transaction: a bad one is reported and does not stop the run (Q5)."""
    events: list[DocumentEvent] = []
    refused: list[Refusal] = []
    for key in due:
        try:
            events += _one(uow, key, actor, step)
        except WorkflowError as error:
            refused.append(Refusal(document=key, error=error))
    return RunReport(
        done=sum(isinstance(event, DONE) for event in events),
        escalated=sum(isinstance(event, RequestEscalated) for event in events),
        events=tuple(events),
        refused=tuple(refused),
    )


def _one(uow: UnitOfWork, key: DocumentKey, actor: Actor, step: Step) -> tuple[DocumentEvent, ...]:
    with uow:
        document = uow.documents.get(key)
        if document.pending_run is None:
            return ()
        events = step(case_of(uow, document, actor))
        return saved(uow, document, events, "").events
