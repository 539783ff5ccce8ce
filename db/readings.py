"""What lists and pages show: rows that were read together and are never saved."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from notifications.endings import SENT
from notifications.ports import Attempt, EmailState, Variant, WrittenEmail
from workflow.documents import DocumentKey
from workflow.events import Event
from workflow.statuses import ApproverType, DocumentStatus, EntryStatus, LimitType, Reason


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


@dataclass(frozen=True, kw_only=True)
class EmailReading:
    """One line of the outbox."""

    id: int
    message_id: str
    recipient: str  # user id
    message: str
    requester: str
    created_at: datetime
    state: EmailState
    next_attempt_at: datetime | None
    attempts: int
    uncertain: bool
    to_address: str  # this and the next ones are empty until it is written
    subject: str
    from_address: str
    rule: str
    last_text: str  # what the mail server said last
    bounced_at: datetime | None  # when another server farther away reported that it failed
    bounce_status: str
    bounce_diagnostic: str
    variant: Variant = Variant.FIRST
    first_id: int | None = None  # the email in whose place it is; None: it is the first


@dataclass(frozen=True, kw_only=True)
class BounceReading:
    """An address to which mail could not be delivered."""

    email_id: int
    to_address: str
    at: datetime
    status: str
    diagnostic: str


@dataclass(frozen=True, kw_only=True)
class SenderVerdict:
    """What the mail server last said to a letter from an address."""

    email_id: int
    at: datetime
    stage: str
    code: int
    text: str

    @property
    def accepted(self) -> bool:
        return self.stage == SENT


@dataclass(frozen=True, kw_only=True)
class EmailDetails:
    """One email with everything that happened to it."""

    email: EmailReading
    written: WrittenEmail | None
    attempts: tuple[Attempt, ...]
    events: tuple[EventReading, ...]
    kin: tuple[int, ...] = ()  # the other emails about the same


MILLISECOND = timedelta(milliseconds=1)
