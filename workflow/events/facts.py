"""What events carry of documents, entries and changes, as they were at that moment."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from workflow.statuses import Area, DocumentType, Reason


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """One line as it was at that moment."""

    item_no: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """The document as it was at that moment."""

    area: Area
    document_type: DocumentType
    number: str
    description: str
    external_document_no: str
    counterparty_no: str
    counterparty_name: str
    document_date: date | None
    currency: str  # empty: the local currency
    amount: Decimal  # excluding VAT
    amount_including_vat: Decimal
    amount_lcy: Decimal
    line_count: int
    lines: tuple[LineFacts, ...]  # the first five


@dataclass(frozen=True, kw_only=True)
class DocumentCopy:
    """What a copy of the document needs beside its facts, for an attachment."""

    due_date: date | None
    lines: tuple[LineFacts, ...]  # all of them


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """One approval entry as it was at that moment."""

    sequence_no: int
    stage: int
    stages: int
    approver: str
    authority_of: str
    due_date: date
    reason: Reason  # why he, or the one he stands in for, is asked
    limit: Decimal | None  # what that person may approve; None = unlimited


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that was done about the request before: for the history in the emails."""

    what: str  # "sent", "approved", "delegated", "comment"
    user: str
    at: datetime
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    field: str
    before: str
    after: str
