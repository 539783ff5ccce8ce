"""One transaction: everything a person did is stored, or nothing of it."""

import json
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Final, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.api_answers import SqlKeptAnswers
from db.closed_events import last_of_closed, record_closed_events
from db.conflicts import conflict_behind
from db.documents import SqlDocuments
from db.engine import for_reading
from db.event_log import record_events, record_setup_events, recorded_events
from db.inserts import insert_or_update
from db.parties import SqlParties
from db.prepared import together
from db.records import SqlRecords
from db.tables import company
from db.user_accounts import SqlAccountSetup
from db.users import SqlApprovalUsers
from db.wordings import SqlWordingSetup
from db.workflows import Definitions, SqlWorkflows
from workflow.dataclass_codec import from_plain, to_plain
from workflow.documents import Document, DocumentKey
from workflow.events import DocumentEvent, SetupEvent
from workflow.kept_answers import KeptAnswers
from workflow.options import CompanyOptions
from workflow.ports import ApprovalUsers, Documents, OldRecords, Parties, Wordings, Workflows
from workflow.user_accounts import AccountSetup

E = TypeVar("E", bound=DocumentEvent)
BeforeCommit = Callable[[Connection], None]
SETUP_LOCK: Final = 4_711_200_302  # any number; on SQLite every writer waits for the one before


class TransactionUndone(Exception):
    """An inner block failed and undid everything, so that the outer one has nothing to commit."""


class OnlyReading(Exception):
    """A unit of work that was opened for reading has nothing to commit."""


class SqlUnitOfWork:
    """The workflow's ``UnitOfWork``; used by one thread at a time, for any number of blocks.

    Blocks may stand within each other: then only the outermost commits, and an error that leaves
    any of them undoes them all. One that only reads locks nothing and waits for nobody; one that
    rehearses does everything and keeps nothing.
    """

    documents: Documents
    _documents: SqlDocuments
    users: ApprovalUsers
    workflows: Workflows
    parties: Parties
    wordings: Wordings
    answers: KeptAnswers
    accounts: AccountSetup
    records: OldRecords
    _connection: Connection

    def __init__(
        self, engine: sa.Engine, *, readonly: bool = False, rehearsing: bool = False
    ) -> None:
        self._rehearsing = rehearsing
        self._engine = for_reading(engine) if readonly else engine
        self._readonly = readonly
        self._before_commit: list[BeforeCommit] = []
        self._depth = 0
        self._undone = False
        self._setup_locked = False

    def on_commit(self, callback: BeforeCommit) -> None:
        """Have *callback* called before every commit, within the transaction."""
        self._before_commit.append(callback)

    def __enter__(self) -> Self:
        if self._depth == 0:
            self._open()
        self._depth += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._connection.close()  # undoes what was not committed
        elif error is not None and not self._undone:
            self._undone = True
            self._connection.rollback()
        if conflict := conflict_behind(error):
            raise conflict from error

    def commit(self) -> None:
        if self._readonly:
            raise OnlyReading
        if self._undone:
            raise TransactionUndone
        if self._depth > 1 or self._rehearsing:
            return
        for callback in self._before_commit:
            callback(self._connection)
        self._connection.commit()

    def lock_setup(self) -> None:
        if self._setup_locked:
            return
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(SETUP_LOCK)))
        self.users = SqlApprovalUsers(self._connection)  # what it remembers may be old by now
        self._setup_locked = True

    def company(self) -> CompanyOptions:
        text = self._connection.scalar(sa.select(company.c.options))
        return CompanyOptions() if text is None else from_plain(CompanyOptions, json.loads(text))

    def set_company(self, options: CompanyOptions) -> None:
        statement = insert_or_update(self._connection, company)
        self._connection.execute(statement, {"id": 1, "options": json.dumps(to_plain(options))})

    def record(self, document: Document, events: Iterable[DocumentEvent]) -> None:
        record_events(self._connection, document, events)

    def store(self, document: Document, events: Iterable[DocumentEvent]) -> None:
        with together(self._connection):
            record_events(self._connection, document, events)
            check = self._documents.saving(document)
        check()

    def recorded(self, document: Document, kind: type[E]) -> list[E]:
        return recorded_events(self._connection, document, kind)

    def last_of_closed(self, key: DocumentKey) -> DocumentEvent | None:
        return last_of_closed(self._connection, key)

    def record_closed(self, key: DocumentKey, events: Iterable[DocumentEvent]) -> None:
        record_closed_events(self._connection, key, events)

    def record_setup(self, events: Iterable[SetupEvent]) -> None:
        record_setup_events(self._connection, events)

    def _open(self) -> None:
        self._undone = self._setup_locked = False
        self._connection = self._engine.connect()
        definitions: Definitions = {}
        locking = not self._readonly
        self.documents = self._documents = SqlDocuments(
            self._connection, definitions, locking=locking
        )
        self.users = SqlApprovalUsers(self._connection)
        self.workflows = SqlWorkflows(self._connection, definitions, locking=locking)
        self.parties = SqlParties(self._connection)
        self.wordings = SqlWordingSetup(self._connection)
        self.answers = SqlKeptAnswers(self._connection)
        self.accounts = SqlAccountSetup(self._connection)
        self.records = SqlRecords(self._connection)
