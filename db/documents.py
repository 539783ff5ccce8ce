"""Documents in the database: loaded whole with their latest run, saved where they changed."""

import json
from collections.abc import Callable, Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.archive import copy_to_archive
from db.document_rows import (
    DOCUMENT_NAMES,
    Columns,
    Stored,
    changed,
    document_columns,
    document_from,
    is_new,
    stored,
)
from db.document_tables import IS_OPEN
from db.inserts import insert_new
from db.prepared import Prepared, together
from db.runs import asked_for_run, run_from_rows, save_run
from db.tables import (
    approval_comments,
    approval_entries,
    approval_runs,
    archived_entries,
    documents,
    events,
    number_series,
    received_documents,
)
from db.workflows import Definitions
from workflow.approval_entries import ApprovalComment
from workflow.documents import Document, DocumentKey
from workflow.errors import Conflict, DocumentExists, DocumentNotFound
from workflow.events import (
    ApprovalRequestSent,
    DocumentChanged,
    DocumentConverted,
    DocumentPosted,
    DocumentReceived,
    DocumentRetired,
)

# The row is locked first and its run read after that: PostgreSQL would show a waiting reader the
# new document beside the old run. (SQLite, where the whole transaction waits, leaves the lock out.)
_BY_KEY = sa.select(documents).where(
    documents.c.area == bindparam("area"),
    documents.c.document_type == bindparam("document_type"),
    documents.c.number == bindparam("number"),
)
_SHOWN = Prepared(_BY_KEY)
_DOCUMENT = Prepared(_BY_KEY.with_for_update())
_RUN_NO = tuple(documents.columns.keys()).index("run_no")
_UPDATE = Prepared(
    sa.update(documents).where(
        documents.c.id == bindparam("this_document"),
        documents.c.version == bindparam("loaded_version"),
    )
)
_DELETE = sa.delete(documents).where(
    documents.c.id == bindparam("this_document"),
    documents.c.version == bindparam("loaded_version"),
)


CLOSING: Final = (
    DocumentPosted.__name__,
    DocumentConverted.__name__,
    DocumentRetired.__name__,
)
WRITING: Final = (DocumentReceived.__name__, DocumentChanged.__name__)
RECEIVED: Final = "IN"  # the number series of documents that somebody else numbered
_WAITING = (
    sa.select(documents.c.area, documents.c.document_type, documents.c.number)
    .select_from(documents.join(approval_runs).join(approval_entries))
    .where(IS_OPEN, approval_entries.c.approver == bindparam("approver"))
    .order_by(approval_entries.c.due_date, approval_entries.c.id)
)
_ARCHIVED = Prepared(
    sa.select(sa.func.max(archived_entries.c.run_no)).where(
        archived_entries.c.number == bindparam("number"),
        archived_entries.c.area == bindparam("area"),
        archived_entries.c.document_type == bindparam("document_type"),
    )
)
# An external flow decides without entries; that it was asked is an event.
_SENT = Prepared(
    sa.select(events.c.payload).where(
        events.c.subject == bindparam("of_key"), events.c.kind == ApprovalRequestSent.__name__
    )
)
_NUMBERS = sa.select(number_series).where(number_series.c.code == RECEIVED).with_for_update()

Check = Callable[[], None]


class SqlDocuments:
    """The workflow's ``Documents`` within one transaction."""

    def __init__(
        self, connection: Connection, definitions: Definitions, *, locking: bool = True
    ) -> None:
        self._connection = connection
        self._definitions = definitions
        self._locking = locking
        self._document = _DOCUMENT if locking else _SHOWN
        self._stored: dict[int, Stored] = {}  # as this transaction has seen them

    def get(self, key: DocumentKey) -> Document:
        document = self.find(key)
        if document is None:
            raise DocumentNotFound(key)
        return document

    def find(self, key: DocumentKey) -> Document | None:
        with together(self._connection):
            found = self._document.asked(self._connection, key._asdict())
            run = asked_for_run(self._connection, key)
            rows, run_rows = found(), run()
        if not rows:
            return None
        document = document_from(rows[0])
        if rows[0][_RUN_NO]:
            document.run = run_from_rows(run_rows, self._definitions)
        self._stored[id_of(document)] = stored(document)
        return document

    def add(self, document: Document) -> None:
        document_id = self._insert(document)
        if document.run is not None:
            save_run(self._connection, document_id, document.run, Stored(), stored(document))
        self._stored[document_id] = stored(document)

    def received_as(self, document: Document) -> DocumentKey | None:
        if self._locking:  # or the same document, received twice at once, gets two numbers
            self._hold_numbers()
        same = _theirs(document)
        statement = sa.select(documents.c.area, documents.c.document_type, documents.c.number)
        row = self._connection.execute(statement.filter_by(**same).limit(1)).one_or_none()
        return None if row is None else DocumentKey(*row)

    def taken_in_as(self, document: Document) -> list[DocumentKey]:
        register = received_documents
        rows = self._connection.execute(
            sa.select(register.c.area, register.c.document_type, register.c.number).filter_by(
                **_theirs(document)
            )
        )
        return [DocumentKey(*row) for row in rows]

    def is_closed(self, key: DocumentKey) -> bool:
        closing = sa.select(events.c.id).where(
            events.c.subject == str(key), events.c.kind.in_(CLOSING)
        )
        return self._connection.scalar(closing.limit(1)) is not None

    def waiting_for(self, approver: str) -> list[DocumentKey]:
        rows = self._connection.execute(_WAITING, {"approver": approver})
        return list(dict.fromkeys(DocumentKey(*row[:3]) for row in rows))

    def former_editors(self, key: DocumentKey) -> frozenset[str]:
        written_by = sa.select(events.c.actor).where(
            events.c.subject == str(key), events.c.kind.in_(WRITING)
        )
        return frozenset(self._connection.scalars(written_by.distinct()))

    def last_request(self, key: DocumentKey) -> int:
        with together(self._connection):
            archived = _ARCHIVED.asked(self._connection, key._asdict())
            sent = _SENT.asked(self._connection, {"of_key": str(key)})
            archived_rows, sent_rows = archived(), sent()
        numbers: list[int] = [json.loads(payload)["run_no"] for (payload,) in sent_rows]
        return max(archived_rows[0][0] or 0, *numbers, 0)

    def next_number(self) -> str:
        self._hold_numbers()
        raised = sa.update(number_series).where(number_series.c.code == RECEIVED)
        raised = raised.values(last_no=number_series.c.last_no + 1)
        last_no = self._connection.scalar(raised.returning(number_series.c.last_no))
        return f"{RECEIVED}-{last_no:05}"

    def save(self, document: Document) -> None:
        with together(self._connection):
            check = self.saving(document)
        check()

    def saving(self, document: Document) -> Check:
        """Send what changed; the check, made afterwards, refuses it if somebody was faster."""
        document_id = id_of(document)
        before = self._stored.get(document_id, Stored())
        now = stored(document)
        if before == now and not is_new(document.run):
            return lambda: None
        check = self._update(
            document, document_id, changed(DOCUMENT_NAMES, before.document, now.document)
        )
        if document.run is not None:
            save_run(self._connection, document_id, document.run, before, now)
        self._stored[document_id] = stored(document)
        return check

    def comment(self, document: Document, comment: ApprovalComment) -> None:
        self._connection.execute(
            sa.insert(approval_comments),
            {
                "document_id": id_of(document),
                "run_no": comment.run_no,
                "user_id": comment.user,
                "at": comment.at,
                "text": comment.text,
            },
        )

    def archive(self, document: Document, kinds: Iterable[str]) -> None:
        self.save(document)  # the archive shows how the requests ended
        for kind in kinds:
            copy_to_archive(self._connection, id_of(document), kind)
        self._delete(document)

    def replace(self, old: Document, new: Document) -> None:
        self.save(old)
        new_id = self._insert(new)
        for table in (approval_runs, approval_comments):
            self._connection.execute(
                sa.update(table).where(table.c.document_id == id_of(old)).values(document_id=new_id)
            )
        self._delete(old)
        self._stored[new_id] = stored(new)

    # --- parts -----------------------------------------------------------------------------

    def _hold_numbers(self) -> None:
        """Until this transaction ends, nobody else takes in what somebody else numbered."""
        series = {"code": RECEIVED, "last_no": 0}
        self._connection.execute(insert_new(self._connection, number_series), series)
        self._connection.execute(_NUMBERS)

    def _insert(self, document: Document) -> int:
        columns = {**document.key._asdict(), **document_columns(document)}
        if document.external_document_no:
            row = {"number": document.key.number, **_theirs(document)}
            self._connection.execute(insert_new(self._connection, received_documents), row)
        statement = insert_new(self._connection, documents).returning(documents.c.id)
        new_id: int | None = self._connection.execute(statement, columns).scalar_one_or_none()
        if new_id is None:
            raise DocumentExists(document.key)
        document.id = new_id
        return new_id

    def _update(self, document: Document, document_id: int, changes: Columns) -> Check:
        """Always raises the version, which stands for the runs and entries too."""
        raised = document.version + 1
        key = {"this_document": document_id, "loaded_version": document.version}
        count = _UPDATE.changed(self._connection, {**key, **changes, "version": raised})
        document.version = raised
        return lambda: _one_row(count(), document)

    def _delete(self, document: Document) -> None:
        """Its runs, entries and comments go with it."""
        document_id = id_of(document)
        key = {"this_document": document_id, "loaded_version": document.version}
        _one_row(self._connection.execute(_DELETE, key).rowcount, document)
        self._stored.pop(document_id, None)


def _theirs(document: Document) -> Columns:
    """What the other party calls the document."""
    names = ("counterparty_no", "counterparty_name", "external_document_no")
    theirs = {name: getattr(document, name) for name in names}
    return {**theirs, "area": document.key.area, "document_type": document.key.document_type}


def id_of(document: Document) -> int:
    if document.id is None:
        raise DocumentNotFound(document.key)
    return document.id


def _one_row(changed_rows: int, document: Document) -> None:
    if changed_rows != 1:
        raise Conflict(document.key.title)
