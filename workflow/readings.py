"""What lists and pages show of documents: rows that were read together and are never saved."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from workflow.documents import DocumentKey
from workflow.events import Event
from workflow.statuses import (
    ApproverType,
    Area,
    DocumentStatus,
    DocumentType,
    EntryStatus,
    LimitType,
    Reason,
)


class RequestOrder(StrEnum):
    DUE = "due"  # the longest overdue first
    AMOUNT = "amount"  # the largest first, in local currency
    AGE = "age"  # the one that waits longest first


class DocumentOrder(StrEnum):
    NUMBER = "number"
    AMOUNT = "amount"  # the largest first, in local currency
    DATE = "date"  # the latest first


@dataclass(frozen=True, kw_only=True)
class RequestFilter:
    """Which of somebody's requests to approve are wanted."""

    area: Area | None = None
    document_type: DocumentType | None = None
    requester: str = ""
    due_before: date | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentFilter:
    """Which documents are wanted."""

    text: str = ""  # part of the number, or of the vendor's or customer's name or number
    status: DocumentStatus | None = None
    area: Area | None = None
    document_type: DocumentType | None = None
    requester: str = ""  # whose documents they are, or who sent the latest request


@dataclass(frozen=True, kw_only=True)
class DocumentReading:
    """One line of the list of documents."""

    key: DocumentKey
    status: DocumentStatus
    amount: Decimal  # excluding VAT
    amount_including_vat: Decimal
    currency: str  # empty: the local currency
    amount_lcy: Decimal
    document_date: date | None
    due_date: date | None
    salesperson_purchaser_code: str
    counterparty_no: str
    counterparty_name: str
    requester: str
    description: str
    run_no: int  # of the latest request; 0 = never sent


@dataclass(frozen=True, kw_only=True)
class EntryReading:
    """One approval entry with its document and its request."""

    id: int
    document: DocumentKey
    counterparty_name: str
    description: str
    run_no: int
    requester: str
    workflow_code: str
    sequence_no: int
    approver: str
    authority_of: str
    reason: Reason
    limit: Decimal | None  # None = unlimited
    approval_type: ApproverType
    limit_type: LimitType
    due_date: date
    amount: Decimal
    amount_lcy: Decimal
    currency: str
    sent_at: datetime
    last_modified_at: datetime
    last_modified_by: str
    delegate_after: str
    delegate_from: date | None
    hops: int
    decided_by: str | None
    status: EntryStatus


@dataclass(frozen=True, kw_only=True)
class EventReading:
    """One line of the audit trail."""

    id: int
    seq: int | None  # within the document; None: about the setup
    kind: str
    at: datetime
    actor: str
    event: Event


@dataclass(frozen=True, kw_only=True)
class ArchiveReading:
    """How much of a document's approvals was archived with one posted document."""

    kind: str
    entries: int
    comments: int
