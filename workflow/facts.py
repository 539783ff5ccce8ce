"""What an event remembers of a document and of an approval entry."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from workflow.actors import Actor
from workflow.approval_entries import ApprovalEntry, ApprovalRun
from workflow.documents import Document, DocumentLine
from workflow.events import DocumentCopy, DocumentFacts, EntryFacts, LineFacts, Step
from workflow.statuses import Area, DocumentType

LINES_SHOWN = 5
# What an event is about that is told by mail and concerns no document.
NOTHING = DocumentFacts(
    area=Area.PURCHASE,
    document_type=DocumentType.ORDER,
    number="",
    description="",
    external_document_no="",
    counterparty_no="",
    counterparty_name="",
    document_date=None,
    currency="",
    amount=Decimal(0),
    amount_including_vat=Decimal(0),
    amount_lcy=Decimal(0),
    line_count=0,
    lines=(),
)


class Common(TypedDict):
    """What every event about a document carries."""

    at: datetime
    actor: str
    tell: tuple[str, ...]
    document: DocumentFacts
    requester: str
    run_no: int
    via: str


def common(document: Document, actor: Actor, tell: Iterable[str] = ()) -> Common:
    return Common(
        at=actor.at,
        actor=actor.user,
        tell=tuple(tell),
        document=document_facts(document),
        requester=document.run.requester if document.run else "",
        run_no=document.run_no,
        via=actor.via,
    )


def told(actor: Actor, *users: str) -> list[str]:
    """Nobody is told what he did himself, unless a scheduled run did it for him."""
    return [user for user in users if user and (user != actor.user or actor.background)]


def document_facts(document: Document) -> DocumentFacts:
    area, document_type, number = document.key
    return DocumentFacts(
        area=area,
        document_type=document_type,
        number=number,
        description=document.description,
        external_document_no=document.external_document_no,
        counterparty_no=document.counterparty_no,
        counterparty_name=document.counterparty_name,
        document_date=document.document_date,
        currency=document.currency,
        amount=document.amount,
        amount_including_vat=document.amount_including_vat,
        amount_lcy=document.amount_lcy,
        line_count=len(document.lines),
        lines=_line_facts(document.lines[:LINES_SHOWN]),
    )


def document_copy(document: Document) -> DocumentCopy:
    return DocumentCopy(due_date=document.due_date, lines=_line_facts(document.lines))


def _line_facts(lines: Iterable[DocumentLine]) -> tuple[LineFacts, ...]:
    return tuple(
        LineFacts(
            item_no=line.item_no,
            description=line.description,
            quantity=line.quantity,
            unit_price=line.unit_price,
            amount=line.amount,
        )
        for line in lines
    )


def entry_facts(run: ApprovalRun, entry: ApprovalEntry) -> EntryFacts:
    stage, stages = run.stage_of(entry)
    return EntryFacts(
        sequence_no=entry.sequence_no,
        stage=stage,
        stages=stages,
        approver=entry.approver,
        authority_of=entry.authority_of,
        due_date=entry.due_date,
        reason=entry.reason,
        limit=entry.limit,
    )


def next_approvers(run: ApprovalRun, entry: ApprovalEntry) -> tuple[str, ...]:
    """Who is asked after this entry's stage; nobody means that the document is released."""
    later = [e for e in run.entries if e.is_pending and e.sequence_no > entry.sequence_no]
    first = min((e.sequence_no for e in later), default=0)
    return tuple(e.approver for e in later if e.sequence_no == first)


def history(run: ApprovalRun) -> tuple[Step, ...]:
    """Who did what about the request so far, oldest first."""
    approved = [
        Step(what="approved", user=entry.decided_by, at=entry.last_modified_at)
        for entry in run.entries
        if entry.decided_by is not None
    ]
    sent = Step(what="sent", user=run.requester, at=run.sent_at)
    return (sent, *sorted(approved, key=lambda step: step.at))
