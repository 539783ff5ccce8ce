"""What is done with documents themselves: receive, change, release, reopen, post, delete."""

from workflow import changes, posting, releasing
from workflow.actors import Actor
from workflow.amounts import ERP_FACTS
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey
from workflow.errors import DocumentExists
from workflow.events import ApprovalRequestSent, DocumentEvent, DocumentFacts, DocumentReceived
from workflow.facts import common
from workflow.options import DeletePending
from workflow.ports import UnitOfWork
from workflow.requests import check_may_cancel
from workflow.service.outcomes import (
    Outcome,
    addressee,
    case_of,
    matching_workflow,
    own_workflow_enabled,
    running_workflow,
    saved,
)
from workflow.service.rights import check_may_set_up
from workflow.statuses import DocumentType


def receive(uow: UnitOfWork, document: Document, actor: Actor) -> Outcome:
    """Take a new document in.

    Raises:
        DocumentExists
    """
    with uow:
        document.editors |= uow.documents.former_editors(document.key)
        if uow.users.user(actor.user) is not None:
            document.editors |= {actor.user}  # whoever writes it is its first editor
        uow.documents.add(document)
        received = DocumentReceived(**common(document, actor))
        return saved(uow, document, [received], f"{document.key.title} has been taken in.")


def change_document(
    uow: UnitOfWork, key: DocumentKey, actor: Actor, fields: dict[str, object]
) -> Outcome:
    """Change header fields; what the ERP says of a document, only as an administrator.

    Raises:
        FieldLocked, BadValue, NotAdministrator
    """
    with uow:
        document = uow.documents.get(key)
        if ERP_FACTS & fields.keys() and not uow.company().erp_facts_by_anybody:
            check_may_set_up(uow, actor)
        workflow = _pending_workflow(uow, document)
        events = changes.change_document(document, workflow, actor, fields)
        return saved(uow, document, events, f"{document.key.title} has been changed.")


def update_from_erp(
    uow: UnitOfWork, key: DocumentKey, actor: Actor, fields: dict[str, object]
) -> Outcome:
    """Take the ERP's newer version of a document; a released one whose content differs reopens.

    Raises:
        FieldLocked: a request is pending and its workflow does not let changes void it.
    """
    with uow:
        document = uow.documents.get(key)
        workflow = _pending_workflow(uow, document)
        events = changes.update_from_erp(document, workflow, actor, fields)
        return saved(uow, document, events, f"{document.key.title} has been updated.")


def change_salesperson_purchaser(
    uow: UnitOfWork, key: DocumentKey, actor: Actor, code: str
) -> Outcome:
    """Give the document to another salesperson or purchaser.

    Raises:
        SalespersonPurchaserLocked
    """
    with uow:
        document = uow.documents.get(key)
        events = changes.change_salesperson_purchaser(document, actor, code)
        return saved(uow, document, events, f"{document.key.title} now belongs to {code}.")


def release(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> Outcome:
    """Release a document that needs no approval.

    Raises:
        ReleaseNeedsApproval, Restricted, NothingToRelease, PrepaymentUnpaid
    """
    with uow:
        document = uow.documents.get(key)
        workflow = matching_workflow(uow, document)
        events = releasing.release_by_hand(
            document,
            workflow,
            actor,
            workflow_enabled=own_workflow_enabled(uow, document),
            counterparty=addressee(uow, document, workflow),
            as_sent=_as_sent(uow, document),
        )
        status = document.status.replace("_", " ")
        return saved(uow, document, events, f"{document.key.title} is {status}.")


def reopen(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> Outcome:
    """Make a document editable again.

    Raises:
        ReopenBlocked
    """
    with uow:
        document = uow.documents.get(key)
        events = releasing.reopen(document, actor)
        return saved(uow, document, events, f"{document.key.title} is open.")


def post(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> Outcome:
    """Post the whole document; its approvals go to the posted archive.

    Raises:
        PostNeedsApproval, Restricted, CannotBePosted, PrepaymentUnpaid
    """
    with uow:
        document = uow.documents.get(key)
        _check_use(uow, document)
        _check_counterparty(uow, document)
        _check_items(uow, document)
        events = posting.post(document, _latest_workflow(uow, document), actor)
        uow.record(document, events)
        uow.documents.archive(document, posting.archive_kinds(document))
        uow.commit()
        return _outcome(document, f"{document.key.title} has been posted.", events)


def post_preview(uow: UnitOfWork, key: DocumentKey) -> tuple[str, ...]:
    """What posting would produce; restrictions are not checked, as in Business Central.

    Raises:
        CannotBePosted
    """
    with uow:
        return posting.posted_kinds(uow.documents.get(key))


def convert_quote(
    uow: UnitOfWork,
    key: DocumentKey,
    actor: Actor,
    document_type: DocumentType,
    number: str = "",
) -> Outcome:
    """Turn a quote into an order or invoice, which needs its own approval.

    Raises:
        PostNeedsApproval, Restricted, CannotBeConverted, DocumentExists
    """
    with uow:
        quote = uow.documents.get(key)
        new, events = posting.converted(quote, document_type, number, actor)
        if uow.documents.is_closed(new.key):  # what the ERP says of that number is left out
            raise DocumentExists(new.key)
        _check_use(uow, quote)
        _check_counterparty(uow, quote)
        uow.record(quote, events)
        if new.run is not None:
            uow.documents.replace(quote, new)
        else:
            uow.documents.archive(quote, [posting.CONVERTED])
            uow.documents.add(new)
        received = DocumentReceived(**common(new, actor))
        return saved(uow, new, [received], f"{key.title} became {new.key.title}.")


def delete(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> Outcome:
    """Take a document away; its approvals go to the archive.

    Raises:
        NoCancelRight, ExternalCannotCancel: a request is pending, and is not his to cancel.
    """
    with uow:
        document = uow.documents.get(key)
        _check_may_end_request(uow, document, actor)
        events = posting.delete(document, _pending_workflow(uow, document), actor)
        uow.record(document, events)
        uow.documents.archive(document, ["deleted"])
        uow.commit()
        return _outcome(document, f"{document.key.title} has been deleted.", events)


def check_may_leave(uow: UnitOfWork, key: DocumentKey) -> None:
    """The gate before printing or emailing a document to its vendor or customer.

    Raises:
        NotReleased
    """
    with uow:
        document = uow.documents.get(key)
        workflow = matching_workflow(uow, document)
        options = workflow.options if workflow else uow.company()
        releasing.check_may_leave(document, options.before_release)


# --- parts ---------------------------------------------------------------------------------


def _as_sent(uow: UnitOfWork, document: Document) -> DocumentFacts | None:
    """The document as its latest request showed it to its approvers."""
    sent = [
        event
        for event in uow.recorded(document, ApprovalRequestSent)
        if event.run_no == document.run_no
    ]
    return sent[-1].document if sent else None


def _pending_workflow(uow: UnitOfWork, document: Document) -> WorkflowDefinition | None:
    return running_workflow(uow, document) if document.pending_run else None


def _latest_workflow(uow: UnitOfWork, document: Document) -> WorkflowDefinition | None:
    return running_workflow(uow, document) if document.run else None


def _check_may_end_request(uow: UnitOfWork, document: Document, actor: Actor) -> None:
    """Deleting a pending document cancels its request: the same right is needed."""
    if document.pending_run is not None:
        case = case_of(uow, document, actor)
        if case.options.delete_pending is DeletePending.CANCEL:
            check_may_cancel(case)


def _check_use(uow: UnitOfWork, document: Document) -> None:
    releasing.check_use(
        document,
        matching_workflow(uow, document),
        workflow_enabled=own_workflow_enabled(uow, document),
    )


def _check_counterparty(uow: UnitOfWork, document: Document) -> None:
    counterparty = uow.parties.counterparty(document.key.area, document.counterparty_no)
    releasing.check_counterparty(counterparty, document)


def _check_items(uow: UnitOfWork, document: Document) -> None:
    items = uow.parties.restricted_items(line.item_no for line in document.lines if line.item_no)
    releasing.check_items(items, document)


def _outcome(document: Document, message: str, events: list[DocumentEvent]) -> Outcome:
    return Outcome(
        document=document.key, status=document.status, message=message, events=tuple(events)
    )
