"""What a function of the service answers, and the steps they all share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workflow.actors import Actor
from workflow.approval_entries import RunState
from workflow.cases import Case
from workflow.counterparties import Counterparty
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey
from workflow.errors import AlreadyEmailed, WorkflowError
from workflow.events import DocumentEmailed, DocumentEvent, DocumentReleased, MailBounced
from workflow.mailing import check_not_emailed
from workflow.ports import UnitOfWork
from workflow.statuses import DocumentStatus


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was done to a document, in a sentence fit to show."""

    document: DocumentKey
    status: DocumentStatus
    message: str
    events: tuple[DocumentEvent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why one document of a selection was left as it was."""

    document: DocumentKey
    error: WorkflowError


def saved(
    uow: UnitOfWork, document: Document, events: Iterable[DocumentEvent], message: str
) -> Outcome:
    """Store the document with its events and commit: the end of every function."""
    events = _without_repeated_mail(uow, document, tuple(events))
    if events:
        uow.store(document, events)
        uow.commit()
    return Outcome(document=document.key, status=document.status, message=message, events=events)


def _without_repeated_mail(
    uow: UnitOfWork, document: Document, events: tuple[DocumentEvent, ...]
) -> tuple[DocumentEvent, ...]:
    """A release mails by itself no document that went out before and is the same since."""
    kinds = {type(event) for event in events}
    if not {DocumentReleased, DocumentEmailed} <= kinds:
        return events
    emailed, bounced = uow.recorded(document, DocumentEmailed), uow.recorded(document, MailBounced)
    try:
        check_not_emailed(document, emailed, bounced)
    except AlreadyEmailed:
        return tuple(event for event in events if not isinstance(event, DocumentEmailed))
    return events


def matching_workflow(uow: UnitOfWork, document: Document) -> WorkflowDefinition | None:
    """The first enabled workflow whose conditions the document meets."""
    enabled = uow.workflows.enabled(document.key.area, document.key.document_type)
    return next((workflow for workflow in enabled if workflow.matches(document)), None)


def running_workflow(uow: UnitOfWork, document: Document) -> WorkflowDefinition:
    """The version its latest run started with.

    Raises:
        WorkflowNotFound: there is no run.
    """
    code, version = ("", 0)
    if document.run is not None:
        code, version = document.run.workflow_code, document.run.workflow_version
    return uow.workflows.version(code, version)


def case_of(uow: UnitOfWork, document: Document, actor: Actor) -> Case:
    """The document with the workflow version its request started with."""
    workflow = running_workflow(uow, document)
    return Case(
        document=document,
        workflow=workflow,
        actor=actor,
        setup=uow.users,
        counterparty=addressee(uow, document, workflow),
    )


def addressee(
    uow: UnitOfWork, document: Document, workflow: WorkflowDefinition | None
) -> Counterparty | None:
    """The vendor or customer, where the document goes out as soon as it is released."""
    if workflow is None or not workflow.options.email_on_release:
        return None
    return uow.parties.counterparty(document.key.area, document.counterparty_no)


def own_workflow_enabled(uow: UnitOfWork, document: Document) -> bool:
    """Whether the workflow that rejected the document is enabled now.

    An order that was a quote keeps the quote's request as its history; that does not restrict it.
    """
    run = document.run
    if run is None or run.state is not RunState.REJECTED:
        return False
    of_this_type = running_workflow(uow, document).document_type is document.key.document_type
    return of_this_type and uow.workflows.is_enabled(run.workflow_code)


def each(
    keys: Iterable[DocumentKey], do: Callable[[DocumentKey], Outcome]
) -> list[Outcome | Refusal]:
    """Do it to each document in its own transaction; one refusal does not stop the others."""
    results: list[Outcome | Refusal] = []
    for key in keys:
        try:
            results.append(do(key))
        except WorkflowError as error:
            results.append(Refusal(document=key, error=error))
    return results
