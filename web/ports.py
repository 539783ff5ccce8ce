"""What the pages read; ``db`` provides it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from notifications.doctor_rights import Said
from workflow.approval_entries import ApprovalComment
from workflow.approval_users import ApprovalUser
from workflow.documents import DocumentKey
from workflow.readings import DocumentReading, EntryReading, EventReading
from workflow.statuses import Area, DocumentStatus, DocumentType


class People(Protocol):
    """The approval user setup, to look people up in."""

    def user(self, user_id: str) -> ApprovalUser | None: ...

    def all(self) -> list[ApprovalUser]:
        """By user id."""
        ...


class Readings(Protocol):
    """Lists, and what belongs to one document."""

    def requests_to_approve(self, user: str) -> list[EntryReading]:
        """The open entries of an approver; the longest overdue first."""
        ...

    def documents_list(
        self,
        *,
        status: DocumentStatus | None = None,
        area: Area | None = None,
        document_type: DocumentType | None = None,
        requester: str | None = None,
        limit: int | None = None,
    ) -> list[DocumentReading]:
        """By number. *requester*: whose documents they are, or who sent the latest request."""
        ...

    def find_by_number(self, number: str) -> list[DocumentKey]:
        """Two documents may share a number; without one, the other party's number is meant."""
        ...

    def entries_of(self, key: DocumentKey) -> list[EntryReading]:
        """Of all its requests, the first one first."""
        ...

    def comments_of(self, key: DocumentKey, run_no: int | None = None) -> list[ApprovalComment]:
        """Of all its requests, or of one; oldest first."""
        ...

    def events_of(self, key: DocumentKey) -> list[EventReading]:
        """The audit trail, oldest first; also of a document that is gone."""
        ...

    def overdue_entries(self, user: str, today: date) -> list[EntryReading]:
        """Of what the user may see: what waits for an answer and was due before today."""
        ...


class MailReadings(Protocol):
    """What is on record about mail."""

    def sender_verdicts(self) -> Mapping[str, Said]:
        """What the mail server last said to each address in From."""
        ...


class OutboxSteps(Protocol):
    """What an administrator may do about emails, and what keeps them from leaving."""

    def resume(self, account: str) -> None:
        """The mail server takes mail of the account again."""
        ...

    def resting_senders(self, now: datetime) -> frozenset[tuple[str, str]]:
        """(account, From) pairs that the mail server refused lately."""
        ...
