"""What a requester does: send, cancel, ask who would have to approve."""

from dataclasses import dataclass

from workflow import nudging, requests
from workflow.actors import Actor
from workflow.approvers import ApproverPlan
from workflow.cases import Case
from workflow.comments import new_comment
from workflow.counterparties import Counterparty
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey
from workflow.errors import (
    NoRequestToCancel,
    NoRequestToNudge,
    NothingToApprove,
    NotOpenToSend,
    NoWorkflow,
)
from workflow.ports import UnitOfWork
from workflow.service.outcomes import (
    Outcome,
    addressee,
    case_of,
    matching_workflow,
    saved,
)
from workflow.statuses import Area, DocumentStatus

SENT = "An approval request has been sent."
ALREADY_PENDING = "An approval request is already pending."
NUDGED = "The approver has been reminded."
CANCELED = "The approval request for the record has been canceled."


@dataclass(frozen=True, kw_only=True)
class WhoWouldApprove:
    """The answer to "who would have to approve this?"."""

    document: DocumentKey
    requester: str
    workflow: WorkflowDefinition
    plan: ApproverPlan


def send_approval_request(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> Outcome:
    """Send a document for approval.

    Raises:
        NoWorkflow, NothingToApprove, and what ``plan_approvers`` raises.
    """
    with uow:
        document = uow.documents.get(key)
        if document.status is DocumentStatus.PENDING_APPROVAL:
            return saved(uow, document, (), ALREADY_PENDING)
        workflow = _workflow_for_sending(uow, document)
        if not document.lines:
            raise NothingToApprove
        return _send(uow, document, workflow, actor)


def raise_approval_event(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> Outcome:
    """As sending, without a person's button: where no workflow is concerned, nothing happens."""
    with uow:
        document = uow.documents.get(key)
        workflow = matching_workflow(uow, document)
        if document.status is not DocumentStatus.OPEN or workflow is None:
            return saved(uow, document, (), "No workflow is concerned.")
        return _send(uow, document, workflow, actor)


def cancel_approval_request(
    uow: UnitOfWork, key: DocumentKey, actor: Actor, comment: str = ""
) -> Outcome:
    """Withdraw the pending request.

    Raises:
        NoRequestToCancel, NoCancelRight, ExternalCannotCancel
    """
    with uow:
        document = uow.documents.get(key)
        if document.pending_run is None:
            raise NoRequestToCancel
        events = requests.cancel_approval_request(case_of(uow, document, actor), comment)
        if comment.strip():
            uow.documents.comment(document, new_comment(document, actor, comment))
        return saved(uow, document, events, CANCELED)


def nudge(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> Outcome:
    """Remind whoever has the pending request, at most once a day.

    Raises:
        NoRequestToNudge, NoNudgeRight, AlreadyReminded
    """
    with uow:
        document = uow.documents.get(key)
        if document.pending_run is None:
            raise NoRequestToNudge
        return saved(uow, document, nudging.nudge(case_of(uow, document, actor)), NUDGED)


def who_would_approve(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> WhoWouldApprove:
    """Who would have to approve, and why; writes nothing and refuses what sending would refuse."""
    with uow:
        return who_would_approve_such(uow, uow.documents.get(key), actor)


def who_would_approve_such(uow: UnitOfWork, document: Document, actor: Actor) -> WhoWouldApprove:
    """The same for a document that need not be stored."""
    with uow:
        workflow = _workflow_for_sending(uow, document)
        if not document.lines:
            raise NothingToApprove
        plan = requests.approver_plan(_sending(uow, document, workflow, actor))
        return WhoWouldApprove(
            document=document.key, requester=actor.user, workflow=workflow, plan=plan
        )


def _workflow_for_sending(uow: UnitOfWork, document: Document) -> WorkflowDefinition:
    workflow = matching_workflow(uow, document)
    if document.status is not DocumentStatus.OPEN:
        status = document.status.replace("_", " ")
        raise NotOpenToSend(document.key.title, status)
    if workflow is None:
        raise NoWorkflow
    return workflow


def _send(
    uow: UnitOfWork, document: Document, workflow: WorkflowDefinition, actor: Actor
) -> Outcome:
    document.asked_before = uow.documents.last_request(document.key)
    events = requests.send_approval_request(_sending(uow, document, workflow, actor))
    return saved(uow, document, events, _sent_message(document))


def _sending(
    uow: UnitOfWork, document: Document, workflow: WorkflowDefinition, actor: Actor
) -> Case:
    return Case(
        document=document,
        workflow=workflow,
        actor=actor,
        setup=uow.users,
        counterparty=_customer(uow, document) or addressee(uow, document, workflow),
    )


def _sent_message(document: Document) -> str:
    """BC: ShowPurchApprovalStatus."""
    if document.status is DocumentStatus.PENDING_APPROVAL:
        return SENT
    status = document.status.replace("_", " ").title()
    return (
        f"{document.key.title} has been automatically approved."
        f" The status has been changed to {status}."
    )


def _customer(uow: UnitOfWork, document: Document) -> Counterparty | None:
    """The customer, whose credit limit counts; vendors have none."""
    if document.key.area is not Area.SALES or not document.counterparty_no:
        return None
    return uow.parties.counterparty(Area.SALES, document.counterparty_no)
