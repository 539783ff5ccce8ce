"""Where a document goes when it is finished: posted, converted from a quote, or deleted."""

from dataclasses import replace

from workflow.actors import Actor
from workflow.approval_entries import RunState
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey
from workflow.errors import CannotBeConverted, CannotBePosted, NotReleased, PrepaymentUnpaid
from workflow.events import (
    DocumentConverted,
    DocumentDeleted,
    DocumentEvent,
    DocumentPosted,
    DocumentRetired,
)
from workflow.facts import common, told
from workflow.machines import DOCUMENT, fire
from workflow.options import DeletePending, Notices
from workflow.phrases import phrase as _
from workflow.phrases import word
from workflow.requests import end_run
from workflow.statuses import Area, DocumentStatus, DocumentType, EntryStatus

RETIRED = "retired"  # released, and so old that only its approvals are kept
CONVERTED = "converted"  # a quote whose approvals did not follow to the new document
COMMENTED = "commented"  # a posted document without approval entries

POSTED_KINDS: dict[tuple[Area, DocumentType], tuple[str, ...]] = {
    (Area.PURCHASE, DocumentType.ORDER): ("posted_receipt", "posted_invoice"),
    (Area.PURCHASE, DocumentType.INVOICE): ("posted_invoice",),
    (Area.PURCHASE, DocumentType.CREDIT_MEMO): ("posted_credit_memo",),
    (Area.PURCHASE, DocumentType.RETURN_ORDER): ("posted_return_shipment", "posted_credit_memo"),
    (Area.SALES, DocumentType.ORDER): ("posted_shipment", "posted_invoice"),
    (Area.SALES, DocumentType.INVOICE): ("posted_invoice",),
    (Area.SALES, DocumentType.CREDIT_MEMO): ("posted_credit_memo",),
    (Area.SALES, DocumentType.RETURN_ORDER): ("posted_return_receipt", "posted_credit_memo"),
}


def posted_kinds(document: Document) -> tuple[str, ...]:
    """What posting the whole document produces.

    Raises:
        CannotBePosted: a quote or a blanket order.
    """
    kinds = POSTED_KINDS.get((document.key.area, document.key.document_type))
    if kinds is None:
        raise CannotBePosted(document.key.title, word(document.key.document_type))
    return kinds


def archive_kinds(document: Document) -> tuple[str, ...]:
    """Under which kinds the approvals of a posted document are kept.

    Without approval entries there are none, and the comments stay with what is gone.
    """
    return posted_kinds(document) if _has_entries(document) else (COMMENTED,)


def _has_entries(document: Document) -> bool:
    """An external flow decides without entries."""
    return document.run is not None and bool(document.run.entries)


def post(
    document: Document, workflow: WorkflowDefinition | None, actor: Actor
) -> list[DocumentEvent]:
    """Post the whole document; the gates in ``releasing`` have been passed.

    *workflow* is the one that approved it; its requester hears of it, as of every outcome.

    Raises:
        CannotBePosted, PrepaymentUnpaid
    """
    kinds = posted_kinds(document)
    if document.status is DocumentStatus.PENDING_PREPAYMENT and document.prepayment_unpaid:
        raise PrepaymentUnpaid(word(document.key.document_type), document.key.number)
    return [
        DocumentPosted(**common(document, actor, _readers(document, workflow, actor)), posted=kinds)
    ]


def _readers(document: Document, workflow: WorkflowDefinition | None, actor: Actor) -> list[str]:
    """Who asked for the approval under which it was posted."""
    run = document.run
    if run is None or run.state is not RunState.APPROVED or workflow is None:
        return []
    if workflow.options.notices is Notices.REJECTION_ONLY:
        return []
    return told(actor, run.requester)


def converted(
    quote: Document, document_type: DocumentType, number: str, actor: Actor
) -> tuple[Document, list[DocumentEvent]]:
    """The order or invoice a quote becomes: open; an order keeps the quote's approvals.

    Raises:
        CannotBeConverted: not a quote, or a purchase quote into an invoice.
    """
    area = quote.key.area
    possible = {DocumentType.ORDER} | ({DocumentType.INVOICE} if area is Area.SALES else set())
    if quote.key.document_type is not DocumentType.QUOTE or document_type not in possible:
        raise CannotBeConverted(
            quote.key.title, _("an {document_type}", document_type=word(document_type))
        )
    key = DocumentKey(area, document_type, number or quote.key.number)
    new = replace(
        quote,
        key=key,
        status=DocumentStatus.OPEN,
        run=quote.run if document_type is DocumentType.ORDER and _has_entries(quote) else None,
        id=None,
        version=0,
        event_count=0,
    )
    left = DocumentConverted(
        **common(quote, actor), new_document_type=document_type, new_number=key.number
    )
    return new, [left]


def delete(
    document: Document, workflow: WorkflowDefinition | None, actor: Actor
) -> list[DocumentEvent]:
    """Take the document away; a pending request is canceled and its approvers are told (Q14)."""
    run = document.pending_run
    tell: list[str] = []
    if run is not None and workflow is not None:
        if workflow.options.delete_pending is DeletePending.CANCEL:
            asked = run.with_status(EntryStatus.OPEN, EntryStatus.APPROVED)
            tell = told(actor, *(entry.approver for entry in asked), run.requester)
        end_run(run, RunState.CANCELED, actor)
        fire(DOCUMENT, "cancel_approval_request", document)
    return [DocumentDeleted(**common(document, actor, tell), was_pending=run is not None)]


def retire(document: Document, actor: Actor) -> list[DocumentEvent]:
    """Take a finished document away because of its age; its approvals go to the archive.

    Raises:
        NotReleased
    """
    if document.status is not DocumentStatus.RELEASED:
        raise NotReleased(document.key.title)
    return [DocumentRetired(**common(document, actor))]
