"""Approval entries: one ask of one approver; a run is all the asks of one request."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from workflow.statuses import ApproverType, EntryStatus, LimitType, Reason


class RunState(StrEnum):
    """How one approval request ended; the document's restriction is derived from it."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELED = "canceled"


@dataclass(eq=False, kw_only=True)
class ApprovalEntry:
    """One ask of one approver (BC table 454)."""

    sequence_no: int  # its turn; equal numbers are asked together
    approver: str
    authority_of: str  # whose authority counts: the approver's own, or the one he stands in for
    reason: Reason  # why that person is asked
    limit: Decimal | None  # what he could approve then, in LCY; None = unlimited
    approval_type: ApproverType
    limit_type: LimitType
    due_date: date
    amount: Decimal  # frozen when the entry is made; document currency, by the amount basis
    amount_lcy: Decimal
    currency: str
    sent_at: datetime
    last_modified_at: datetime
    last_modified_by: str
    delegate_after: str = ""  # date formula; empty = never
    delegate_from: date | None = None  # the day the delegation clock started; None = waits
    hops: int = 0  # how often it was handed over
    available_credit_lcy: Decimal | None = None  # sales documents
    decided_by: str | None = None  # who really decided
    reminded_on: date | None = None  # the last day the approver was reminded
    escalated_on: date | None = None  # the day others were told that he does not answer
    status: EntryStatus = EntryStatus.CREATED
    id: int | None = None

    @property
    def is_open(self) -> bool:
        return self.status is EntryStatus.OPEN

    @property
    def is_pending(self) -> bool:
        return self.status in {EntryStatus.CREATED, EntryStatus.OPEN}


@dataclass(eq=False, kw_only=True)
class ApprovalRun:
    """One approval request of one document, with the workflow version it started with."""

    run_no: int
    requester: str
    workflow_code: str
    workflow_version: int
    content_hash: str  # of the significant fields: what the approvals are worth for
    terms_hash: str  # the same without amounts
    amount_lcy: Decimal
    sent_at: datetime
    external: bool = False  # an external flow decides, there are no entries
    state: RunState = RunState.PENDING
    entries: list[ApprovalEntry] = field(default_factory=list)
    id: int | None = None

    def with_status(self, *statuses: EntryStatus) -> list[ApprovalEntry]:
        return [entry for entry in self.entries if entry.status in statuses]

    def is_own(self, entry: ApprovalEntry) -> bool:
        """The stored entry of the requester: shown as "submitted", never counted as an approval."""
        return entry.approver == self.requester

    def stage_of(self, entry: ApprovalEntry) -> tuple[int, int]:
        """Which stage the entry belongs to, of how many (the requester's own do not count)."""
        stages = sorted({e.sequence_no for e in self.entries if not self.is_own(e)})
        position = sum(1 for number in stages if number <= entry.sequence_no)
        return max(position, 1), max(len(stages), 1)


def lowest_sequence(entries: Iterable[ApprovalEntry]) -> list[ApprovalEntry]:
    """The entries that share the lowest sequence number."""
    ordered = sorted(entries, key=lambda entry: entry.sequence_no)
    return [entry for entry in ordered if entry.sequence_no == ordered[0].sequence_no]


@dataclass(frozen=True, kw_only=True)
class ApprovalComment:
    """One remark on one run of a document (BC table 455); run 0 is before the first request."""

    run_no: int
    user: str
    at: datetime
    text: str
