"""Documents, their requests and what was done to them, as other programs read them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from web.api.values import Money, Shown, amount_text, limit_text, quantity_text
from workflow.approval_entries import ApprovalComment, ApprovalRun, RunState
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.readings import DocumentReading, EntryReading
from workflow.service.outcomes import Outcome
from workflow.statuses import Area, DocumentStatus, DocumentType, EntryStatus, Reason


class ShownKey(Shown):
    area: Area
    type: DocumentType
    number: str

    @classmethod
    def of(cls, key: DocumentKey) -> "ShownKey":
        return cls(area=key.area, type=key.document_type, number=key.number)


class ShownLine(Shown):
    line_no: int
    line_type: str
    item_no: str
    description: str
    quantity: str
    unit_price: str
    amount: str

    @classmethod
    def of(cls, line: DocumentLine) -> "ShownLine":
        numbers = {
            "quantity": quantity_text(line.quantity),
            "unit_price": amount_text(line.unit_price),
            "amount": amount_text(line.amount),
        }
        return cls(**(vars(line) | numbers))


class ShownRequest(Shown):
    """One approval request."""

    no: int
    state: RunState
    requester: str
    workflow: str
    sent_at: datetime

    @classmethod
    def of(cls, run: ApprovalRun) -> "ShownRequest":
        return cls(
            no=run.run_no,
            state=run.state,
            requester=run.requester,
            workflow=run.workflow_code,
            sent_at=run.sent_at,
        )


class DocumentHead(ShownKey):
    """What every answer about a document says of it."""

    status: DocumentStatus
    amount: Money
    amount_including_vat: Money
    amount_lcy: Money
    document_date: date | None
    due_date: date | None
    counterparty_no: str
    counterparty_name: str
    salesperson_purchaser_code: str
    requester: str
    description: str


class DocumentInList(DocumentHead):
    request: int = Field(description="The number of the latest request; 0: it was never sent.")

    @classmethod
    def of_reading(cls, one: DocumentReading, local: str) -> "DocumentInList":
        return cls(**_head(one, local), request=one.run_no)


class WholeDocument(DocumentHead):
    amount_including_vat_lcy: Money
    external_document_no: str
    prepayment_unpaid: bool
    lines: list[ShownLine]
    request: ShownRequest | None = Field(description="The latest one.")

    @classmethod
    def of_document(cls, document: Document, local: str) -> "WholeDocument":
        return cls(
            **_head(document, local),
            amount_including_vat_lcy=money(document.amount_including_vat_lcy, local),
            external_document_no=document.external_document_no,
            prepayment_unpaid=document.prepayment_unpaid,
            lines=[ShownLine.of(line) for line in document.lines],
            request=ShownRequest.of(document.run) if document.run else None,
        )


def _head(one: Document | DocumentReading, local: str) -> dict[str, Any]:
    currency = one.currency or local
    amounts = {
        "amount": money(one.amount, currency),
        "amount_including_vat": money(one.amount_including_vat, currency),
        "amount_lcy": money(one.amount_lcy, local),
    }
    others = DocumentHead.model_fields.keys() - ShownKey.model_fields.keys() - amounts.keys()
    plain = {name: getattr(one, name) for name in others}
    return {**ShownKey.of(one.key).model_dump(), **plain, **amounts}


class ShownEntry(Shown):
    """One ask of one approver."""

    id: int
    document: ShownKey
    request: int
    requester: str
    sequence: int
    approver: str
    authority_of: str = Field(description="Whose authority counts: his own, or who he is for.")
    why: Reason
    limit: str = Field(description="In the company's currency, or `unlimited`.")
    status: EntryStatus
    due_date: date
    amount: Money
    amount_lcy: Money
    sent_at: datetime
    decided_by: str | None
    last_modified_at: datetime

    @classmethod
    def of(cls, entry: EntryReading, local: str) -> "ShownEntry":
        return cls(
            id=entry.id,
            document=ShownKey.of(entry.document),
            request=entry.run_no,
            requester=entry.requester,
            sequence=entry.sequence_no,
            approver=entry.approver,
            authority_of=entry.authority_of,
            why=entry.reason,
            limit=limit_text(entry.limit),
            status=entry.status,
            due_date=entry.due_date,
            amount=money(entry.amount, entry.currency or local),
            amount_lcy=money(entry.amount_lcy, local),
            sent_at=entry.sent_at,
            decided_by=entry.decided_by,
            last_modified_at=entry.last_modified_at,
        )


class ShownComment(Shown):
    request: int
    user: str
    at: datetime
    text: str

    @classmethod
    def of(cls, comment: ApprovalComment) -> "ShownComment":
        return cls(request=comment.run_no, user=comment.user, at=comment.at, text=comment.text)


class ShownOutcome(Shown):
    """What a step did."""

    document: ShownKey
    status: DocumentStatus
    message: str = Field(description="A sentence for people.")
    events: list[str] = Field(description="What happened; none: it was so already.")

    @classmethod
    def of(cls, outcome: Outcome) -> "ShownOutcome":
        return cls(
            document=ShownKey.of(outcome.document),
            status=outcome.status,
            message=outcome.message,
            events=[type(event).__name__ for event in outcome.events],
        )


def money(amount: Decimal, currency: str) -> Money:
    """As it is stored; `model_construct` because nobody has to check it again."""
    return Money.model_construct(amount=amount_text(amount), currency=currency)
