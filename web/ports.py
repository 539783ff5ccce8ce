"""What the pages read; ``db`` provides it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from notifications.accounts import Pause
from notifications.doctor_rights import Said
from notifications.operating import OperatesOutbox
from notifications.ports import EmailState
from notifications.readings import EmailDetails, EmailReading
from workflow.approval_entries import ApprovalComment
from workflow.approval_users import ApprovalUser
from workflow.definitions import WorkflowDefinition
from workflow.documents import DocumentKey
from workflow.events import SetupEvent
from workflow.interchange.files import GivenFile
from workflow.kept_answers import KeptAnswers
from workflow.notification_setup import NotificationSetup
from workflow.ports import UnitOfWork
from workflow.readings import (
    DocumentFilter,
    DocumentOrder,
    DocumentReading,
    EntryReading,
    EventReading,
    RequestFilter,
    RequestOrder,
)
from workflow.statuses import Area, DocumentStatus, DocumentType, EntryStatus


class WebUnitOfWork(UnitOfWork, Protocol):
    """One transaction of a step, with the answer that is kept of it."""

    answers: KeptAnswers


class People(Protocol):
    """The approval user setup, to look people up in."""

    def user(self, user_id: str) -> ApprovalUser | None: ...

    def notification_setup(self) -> list[NotificationSetup]:
        """How people want to be told."""
        ...

    def all(self) -> list[ApprovalUser]:
        """By user id."""
        ...


class WorkflowFiles(Protocol):
    """Workflows as a file, to be kept, compared and taken to another company."""

    def to_yaml(self, workflows: Iterable[WorkflowDefinition]) -> str: ...

    def from_yaml(self, file: GivenFile) -> list[WorkflowDefinition]:
        """
        Raises:
            ImportRefused
        """
        ...


class Readings(Protocol):
    """Lists, and what belongs to one document."""

    def requests_to_approve(self, user: str) -> list[EntryReading]:
        """The open entries of an approver; the longest overdue first."""
        ...

    def requests_page(
        self, user: str, wanted: RequestFilter, order: RequestOrder, *, limit: int, offset: int = 0
    ) -> list[EntryReading]:
        """Some of an approver's open entries."""
        ...

    def requests_waiting(self, user: str, wanted: RequestFilter | None = None) -> int:
        """How many there are."""
        ...

    def last_decision(self, user: str) -> EventReading | None:
        """The latest approval or rejection by that person."""
        ...

    def requesters_waiting(self, user: str) -> list[str]:
        """Whose requests wait for the approver, by user id."""
        ...

    def documents_page(
        self, wanted: DocumentFilter, order: DocumentOrder, *, limit: int, offset: int = 0
    ) -> list[DocumentReading]:
        """Some of the documents that are wanted."""
        ...

    def documents_list(  # noqa: PLR0913 - one for each filter
        self,
        *,
        status: DocumentStatus | None = None,
        area: Area | None = None,
        document_type: DocumentType | None = None,
        requester: str | None = None,
        after: DocumentKey | None = None,
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

    def entries_after(
        self,
        entry_id: int,
        *,
        limit: int,
        concerning: str | None = None,
        approver: str | None = None,
        status: EntryStatus | None = None,
    ) -> list[EntryReading]:
        """In the order in which they were made. *concerning*: who asked or is asked."""
        ...

    def outbox_list(
        self,
        *,
        state: EmailState | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[EmailReading]:
        """The newest first; with *before*, those that are older than that one."""
        ...

    def outbox_show(self, email_id: int) -> EmailDetails | None: ...

    def events_after(self, event_id: int, *, limit: int) -> list[EventReading]:
        """The oldest first; one that is not shown now will have a higher number."""
        ...

    def entries_page(  # noqa: PLR0913 - one filter for each column of the page
        self,
        *,
        limit: int,
        before: int | None = None,
        status: EntryStatus | None = None,
        approver: str = "",
        requester: str = "",
        overdue_on: date | None = None,
    ) -> list[EntryReading]:
        """Entries of all documents, the latest first; *before*: the last one that was seen."""
        ...

    def setup_log(
        self, *, limit: int, before: int | None = None, subject: str = ""
    ) -> list[EventReading]:
        """Changes of the setup, the latest first; *subject*: of one user, group or workflow."""
        ...

    def overdue_log(self, *, limit: int, before: int | None = None) -> list[EventReading]:
        """Reminders of requests whose due date had passed, the latest first."""
        ...

    def overdue_entries(self, user: str, today: date) -> list[EntryReading]:
        """Of what the user may see: what waits for an answer and was due before today."""
        ...


@dataclass(frozen=True, kw_only=True)
class HealthFacts:
    """What only the database knows about how everything is."""

    outdated: tuple[str, ...]  # what its tables have otherwise; empty: nothing
    suspicion: str  # why it may be an old copy; empty: it is not
    oldest_unsent: datetime | None  # None: no mail waits
    last_sent: datetime | None  # None: none was taken yet
    bounced_at: tuple[datetime, ...]
    workers: int | None  # that are alive; None: the one worker is in a process with the pages
    last_run: datetime | None  # when reminders or hand-overs were last done; None: never yet


@dataclass(frozen=True, kw_only=True)
class MetricFacts:
    """Numbers from the tables, the same whichever process is asked."""

    emails: dict[str, float]  # by state
    webhooks: dict[str, float]  # by state
    events_waiting: float
    oldest_age: float  # seconds; 0: no mail waits
    workers: float | None
    suspended: float
    sent: float
    refused: float
    decisions: dict[str, float]  # by kind
    runs: dict[str, float]  # by name
    run_ages: dict[str, float]  # by name, in seconds


class MailReadings(Protocol):
    """What is on record about mail."""

    def outbox_list(
        self,
        *,
        state: EmailState | None = None,
        person: str | None = None,
        number: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[EmailReading]:
        """The newest first; of a *person* what he got and what was sent on his requests.

        *number*: that of a document they are about. *before*: older than that email.
        """
        ...

    def outbox_counts(self) -> Mapping[EmailState, int]:
        """How many emails are in each state."""
        ...

    def outbox_show(self, email_id: int) -> EmailDetails | None: ...

    def sender_verdicts(self) -> Mapping[str, Said]:
        """What the mail server last said to each address in From."""
        ...


class OutboxSteps(OperatesOutbox, Protocol):
    """What an administrator may do about emails, and what keeps them from leaving."""

    def resume(self, account: str) -> None:
        """The mail server takes mail of the account again."""
        ...

    def release_held(
        self,
        now: datetime,
        recipient: str | None = None,
        recorded: Sequence[SetupEvent] = (),
    ) -> int:
        """All that are held; how many."""
        ...

    def cancel_held(self, recipient: str | None = None, recorded: Sequence[SetupEvent] = ()) -> int:
        """All that are held; how many."""
        ...

    def pause_of(self, account: str, now: datetime) -> Pause | None:
        """Nothing of the account is submitted until then; None: it may send."""
        ...

    def resting_senders(self, now: datetime) -> frozenset[tuple[str, str]]:
        """(account, From) pairs that the mail server refused lately."""
        ...
