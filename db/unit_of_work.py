"""One transaction: everything a person did is stored, or nothing of it."""

import json
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.documents import SqlDocuments
from db.event_log import record_events, record_setup_events
from db.inserts import insert_or_update
from db.parties import SqlParties
from db.tables import company
from db.users import SqlApprovalUsers
from db.workflows import Definitions, SqlWorkflows
from workflow.dataclass_codec import from_plain, to_plain
from workflow.documents import Document
from workflow.events import DocumentEvent, SetupEvent
from workflow.options import CompanyOptions
from workflow.ports import ApprovalUsers, Documents, Parties, Workflows

BeforeCommit = Callable[[Connection], None]


class TransactionUndone(Exception):
    """An inner block failed and undid everything, so that the outer one has nothing to commit."""


class SqlUnitOfWork:
    """The workflow's ``UnitOfWork``; used by one thread at a time, for any number of blocks.

    Blocks may stand within each other: then only the outermost commits, and an error that leaves
    any of them undoes them all.
    """

    documents: Documents
    users: ApprovalUsers
    workflows: Workflows
    parties: Parties

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._before_commit: list[BeforeCommit] = []
        self._depth = 0
        self._undone = False

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

    def commit(self) -> None:
        if self._undone:
            raise TransactionUndone
        if self._depth > 1:
            return
        for callback in self._before_commit:
            callback(self._connection)
        self._connection.commit()

    def company(self) -> CompanyOptions:
        text = self._connection.scalar(sa.select(company.c.options))
        return CompanyOptions() if text is None else from_plain(CompanyOptions, json.loads(text))

    def set_company(self, options: CompanyOptions) -> None:
        statement = insert_or_update(self._connection, company)
        self._connection.execute(statement, {"id": 1, "options": json.dumps(to_plain(options))})

    def record(self, document: Document, events: Iterable[DocumentEvent]) -> None:
        record_events(self._connection, document, events)

    def record_setup(self, events: Iterable[SetupEvent]) -> None:
        record_setup_events(self._connection, events)

    def _open(self) -> None:
        self._undone = False
        self._connection = self._engine.connect()
        definitions: Definitions = {}
        self.documents = SqlDocuments(self._connection, definitions)
        self.users = SqlApprovalUsers(self._connection)
        self.workflows = SqlWorkflows(self._connection, definitions)
        self.parties = SqlParties(self._connection)
