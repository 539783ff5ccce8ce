"""What the workflow needs from whoever stores things; ``db`` provides it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, TypeVar

from workflow.approval_entries import ApprovalComment
from workflow.approval_users import ApprovalUser
from workflow.approvers import ApprovalSetup
from workflow.counterparties import Counterparty
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey
from workflow.events import DocumentEvent, SetupEvent
from workflow.notification_setup import NotificationSetup, NotificationType
from workflow.options import CompanyOptions
from workflow.retention import Batch, Key, Records, RetentionPolicy, Row
from workflow.statuses import Area, DocumentType
from workflow.user_accounts import AccountSetup
from workflow.wording import Override, Wording, WordingPart

E = TypeVar("E", bound=DocumentEvent)


class Documents(Protocol):
    """Documents with their latest run; an aggregate is loaded whole."""

    def get(self, key: DocumentKey) -> Document:
        """Raises DocumentNotFound."""
        ...

    def find(self, key: DocumentKey) -> Document | None: ...

    def add(self, document: Document) -> None:
        """Raises DocumentExists."""
        ...

    def received_as(self, document: Document) -> DocumentKey | None:
        """Our key of a received document: same kind, other party and number of theirs.

        Whoever asks is the only one to take in received documents until his transaction ends.
        """
        ...

    def taken_in_as(self, document: Document) -> list[DocumentKey]:
        """Every key a received document ever had here, by the number of the other party."""
        ...

    def is_closed(self, key: DocumentKey) -> bool:
        """Gone by posting, by age or by becoming another document; a deleted one may come again."""
        ...

    def waiting_for(self, approver: str) -> list[DocumentKey]:
        """Those with an open entry of that approver, the longest waiting first."""
        ...

    def former_editors(self, key: DocumentKey) -> frozenset[str]:
        """Who edited an earlier document of that key, which is gone."""
        ...

    def last_request(self, key: DocumentKey) -> int:
        """The number of the last request of an earlier document of that key; 0: nobody was asked.

        A mail of that time must not decide on the document that is there now.
        """
        ...

    def next_number(self) -> str:
        """A number of our own for a received document; never given twice."""
        ...

    def save(self, document: Document) -> None:
        """Store what changed since it was loaded.

        Raises:
            Conflict: somebody else saved it in the meantime.
        """
        ...

    def comment(self, document: Document, comment: ApprovalComment) -> None: ...

    def archive(self, document: Document, kinds: Iterable[str]) -> None:
        """Copy all runs' entries and comments to the archive, once for each kind, and remove it."""
        ...

    def replace(self, old: Document, new: Document) -> None:
        """Store *new* with all runs and comments of *old*, and remove *old*.

        Raises:
            DocumentExists
        """
        ...


class ApprovalUsers(ApprovalSetup, Protocol):
    """The approval user setup and the workflow user groups."""

    def all(self) -> list[ApprovalUser]:
        """By user id."""
        ...

    def save(self, user: ApprovalUser) -> None:
        """Insert or update."""
        ...

    def remove(self, user_id: str) -> None: ...

    def groups(self) -> list[str]: ...

    def set_group(self, group: str, members: list[tuple[str, int]]) -> None:
        """Without members there is no such group any more."""
        ...

    def notification_setup(self) -> list[NotificationSetup]: ...

    def set_notification_setup(self, row: NotificationSetup) -> None: ...

    def remove_notification_setup(self, user: str, kind: NotificationType) -> None:
        """The default holds for that person again."""
        ...


class Workflows(Protocol):
    """Workflow definitions; a version never changes once it is stored."""

    def enabled(self, area: Area, document_type: DocumentType) -> list[WorkflowDefinition]:
        """The enabled ones for such documents, by code; the first that matches is used."""
        ...

    def version(self, code: str, version: int) -> WorkflowDefinition:
        """Raises WorkflowNotFound."""
        ...

    def latest(self, code: str) -> WorkflowDefinition | None: ...

    def all(self) -> list[WorkflowDefinition]:
        """The latest version of each, by code."""
        ...

    def is_enabled(self, code: str) -> bool: ...

    def enable(self, code: str, *, enabled: bool) -> None: ...

    def last_version(self, code: str) -> int:
        """Of all that ever had this code, the deleted ones too; 0 when there was none."""
        ...

    def add_version(self, definition: WorkflowDefinition) -> None:
        """A new workflow is disabled; one that is there stays as enabled as it was."""
        ...

    def has_runs(self, code: str) -> bool:
        """Whether a request of a live document ever started with it."""
        ...

    def remove(self, code: str) -> None:
        """Its versions stay: the archive names them."""
        ...


class Parties(Protocol):
    """Vendors, customers and items, as far as approvals care."""

    def counterparty(self, area: Area, number: str) -> Counterparty | None: ...

    def counterparties(self) -> list[Counterparty]:
        """By area and number."""
        ...

    def save_counterparty(self, counterparty: Counterparty) -> None: ...

    def restricted_items(self, numbers: Iterable[str]) -> list[str]: ...

    def restrict_item(self, number: str, *, restricted: bool) -> None: ...


class Wordings(Protocol):
    """The company's own words in mails."""

    def texts(self) -> list[Wording]:
        """By message, language and part; what is in every letter comes first."""
        ...

    def text(self, message: str, language: str, part: WordingPart) -> str:
        """Empty: there is none."""
        ...

    def save_text(self, wording: Wording) -> None: ...

    def remove_text(self, message: str, language: str, part: WordingPart) -> None: ...

    def overrides(self) -> list[Override]:
        """By message and language."""
        ...

    def override(self, message: str, language: str) -> Override | None: ...

    def save_override(self, override: Override) -> Override:
        """In the place of the one before, with a version of its own and no failures."""
        ...

    def remove_override(self, message: str, language: str) -> None: ...


class OldRecords(Protocol):
    """What is kept how long, and what is older."""

    def policy(self) -> RetentionPolicy: ...

    def set_policy(self, policy: RetentionPolicy) -> None: ...

    def count(self, records: Records, before: datetime) -> int:
        """How many may go; what somebody may still have to decide about is never among them."""
        ...

    def due(
        self,
        records: Records,
        before: datetime,
        *,
        limit: int,
        after: Key | None = None,
        among: Sequence[Key] | None = None,
    ) -> Sequence[Key]:
        """Keys of those that may go, in their order."""
        ...

    def rows(self, records: Records, keys: Sequence[Key]) -> Sequence[Row]:
        """All that is stored of them, for the archive."""
        ...

    def documents(self, keys: Sequence[Key]) -> Sequence[DocumentKey]:
        """The documents of those keys."""
        ...

    def remove(self, records: Records, keys: Sequence[Key], before: datetime) -> None: ...

    def next_batch(self) -> int:
        """Its number; nobody else lets anything go until this transaction ends."""
        ...

    def note(self, batch: Batch) -> None: ...

    def batches(self) -> Sequence[Batch]:
        """All there ever were, the first one first."""
        ...


class UnitOfWork(Protocol):
    """One transaction: leaving the block without ``commit()`` undoes everything in it."""

    documents: Documents
    users: ApprovalUsers
    workflows: Workflows
    parties: Parties
    wordings: Wordings
    accounts: AccountSetup
    records: OldRecords

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def lock_setup(self) -> None:
        """Let nobody else change the setup until this transaction ends; waits for who does."""
        ...

    def company(self) -> CompanyOptions: ...

    def set_company(self, options: CompanyOptions) -> None: ...

    def record(self, document: Document, events: Iterable[DocumentEvent]) -> None:
        """Store events with the next numbers of the document, and queue their messages."""
        ...

    def store(self, document: Document, events: Iterable[DocumentEvent]) -> None:
        """Record the events and save the document, in as few trips as can be."""
        ...

    def recorded(self, document: Document, kind: type[E]) -> list[E]:
        """The events of that kind about the document, oldest first."""
        ...

    def last_of_closed(self, key: DocumentKey) -> DocumentEvent | None:
        """What happened last to a document that is gone; None: there never was one."""
        ...

    def record_closed(self, key: DocumentKey, events: Iterable[DocumentEvent]) -> None:
        """Store events with the next numbers of a document that is gone; queue their messages."""
        ...

    def record_setup(self, events: Iterable[SetupEvent]) -> None: ...

    def commit(self) -> None: ...
