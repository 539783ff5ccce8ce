"""Reading documents: the list, their entries, comments and events, and the archive."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from db.entry_rows import ENTRIES, entry_reading, is_document
from db.reading_connection import Reader
from db.tables import (
    approval_comments,
    approval_entries,
    approval_runs,
    archived_comments,
    archived_entries,
    documents,
    events,
)
from workflow.approval_entries import ApprovalComment
from workflow.documents import DocumentKey
from workflow.event_codec import read_event
from workflow.readings import (
    ArchiveReading,
    DocumentFilter,
    DocumentOrder,
    DocumentReading,
    EntryReading,
    EventReading,
)
from workflow.statuses import Area, DocumentStatus, DocumentType

_LIST_NAMES = tuple(
    name for name in DocumentReading.__dataclass_fields__ if name in documents.columns
)
_KEY = (documents.c.area, documents.c.document_type, documents.c.number)
_ALL = sa.select(*_KEY, *(documents.c[name] for name in _LIST_NAMES))
_BY_NUMBER = (documents.c.number, documents.c.area, documents.c.document_type)
_LIST = _ALL.order_by(*_BY_NUMBER)
_ORDERS = {
    DocumentOrder.NUMBER: _BY_NUMBER,
    DocumentOrder.AMOUNT: (sa.desc(documents.c.amount_lcy), *_BY_NUMBER),
    DocumentOrder.DATE: (sa.nulls_last(sa.desc(documents.c.document_date)), *_BY_NUMBER),
}


class DocumentQueries(Reader):
    """What is asked about documents."""

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
        wanted = {"status": status, "area": area, "document_type": document_type}
        statement = _LIST.limit(limit)
        for name, value in wanted.items():
            if value is not None:
                statement = statement.where(documents.c[name] == value)
        if requester is not None:
            statement = statement.where(
                sa.or_(documents.c.requester == requester, _sent_by(requester))
            )
        if after is not None:
            statement = statement.where(_comes_after(after))
        return [_document_reading(row) for row in self.rows(statement)]

    def documents_page(
        self, wanted: DocumentFilter, order: DocumentOrder, *, limit: int, offset: int = 0
    ) -> list[DocumentReading]:
        """Some of the documents that are wanted."""
        statement = _ALL.where(*_wanted(wanted)).order_by(*_ORDERS[order])
        rows = self.rows(statement.limit(limit).offset(offset))
        return [_document_reading(row) for row in rows]

    def find_by_number(self, number: str) -> list[DocumentKey]:
        """Two documents may share a number; without one, the other party's number is meant."""
        return self._keys(documents.c.number == number) or self._keys(
            documents.c.external_document_no == number
        )

    def _keys(self, condition: sa.ColumnElement[bool]) -> list[DocumentKey]:
        statement = sa.select(*_KEY).where(condition).order_by(*_KEY)
        return [DocumentKey(*row) for row in self.rows(statement)]

    def entries_of(self, key: DocumentKey) -> list[EntryReading]:
        """Of all its requests, the first one first."""
        statement = ENTRIES.where(is_document(key)).order_by(
            approval_runs.c.run_no, approval_entries.c.id
        )
        return [entry_reading(row) for row in self.rows(statement)]

    def factbox(self, key: DocumentKey) -> EntryReading | None:
        """The last entry whose approver is not the requester of the first one (BC: FactBox)."""
        entries = self.entries_of(key)
        others = [entry for entry in entries if entry.approver != entries[0].requester]
        return others[-1] if others else None

    def comments_of(self, key: DocumentKey, run_no: int | None = None) -> list[ApprovalComment]:
        """Of all its requests, or of one; oldest first."""
        statement = (
            sa.select(approval_comments)
            .select_from(documents.join(approval_comments))
            .where(is_document(key))
            .order_by(approval_comments.c.id)
        )
        if run_no is not None:
            statement = statement.where(approval_comments.c.run_no == run_no)
        return [
            ApprovalComment(run_no=row.run_no, user=row.user_id, at=row.at, text=row.text)
            for row in self.rows(statement)
        ]

    def events_of(self, key: DocumentKey) -> list[EventReading]:
        """The audit trail, oldest first; also of a document that is gone."""
        return self.events_about(str(key))

    def events_about(self, subject: str) -> list[EventReading]:
        """As ``events_of``, for a user id, a group or a workflow code."""
        statement = sa.select(events).where(events.c.subject == subject).order_by(events.c.id)
        return [event_reading(row) for row in self.rows(statement)]

    def archived(self, key: DocumentKey) -> list[ArchiveReading]:
        """What was archived when the document was posted or deleted, by kind."""
        entries = self._archived(archived_entries, key)
        comments = self._archived(archived_comments, key)
        return [
            ArchiveReading(kind=kind, entries=entries[kind], comments=comments[kind])
            for kind in sorted({*entries, *comments})
        ]

    def live_entries(self) -> int:
        """How many approval entries there are outside the archive."""
        return self.number(sa.select(sa.func.count()).select_from(approval_entries))

    def live_comments(self) -> int:
        return self.number(sa.select(sa.func.count()).select_from(approval_comments))

    def _archived(self, table: sa.Table, key: DocumentKey) -> Counter[str]:
        statement = (
            sa.select(table.c.kind, sa.func.count())
            .where(
                table.c.area == key.area,
                table.c.document_type == key.document_type,
                table.c.number == key.number,
            )
            .group_by(table.c.kind)
        )
        return Counter(dict(map(tuple, self.rows(statement))))


def _wanted(wanted: DocumentFilter) -> list[sa.ColumnElement[bool]]:
    exact = {name: getattr(wanted, name) for name in ("status", "area", "document_type")}
    conditions = [documents.c[name] == value for name, value in exact.items() if value is not None]
    if wanted.text:
        searched = ("number", "external_document_no", "counterparty_no", "counterparty_name")
        conditions.append(sa.or_(*(_has(documents.c[name], wanted.text) for name in searched)))
    if wanted.requester:
        own = documents.c.requester == wanted.requester
        conditions.append(sa.or_(own, _sent_by(wanted.requester)))
    return conditions


def _has(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    return column.icontains(text, autoescape=True)


def _sent_by(requester: str) -> sa.Exists:
    return sa.exists().where(
        approval_runs.c.document_id == documents.c.id,
        approval_runs.c.run_no == documents.c.run_no,
        approval_runs.c.requester == requester,
    )


def _comes_after(key: DocumentKey) -> sa.ColumnElement[bool]:
    number, area, document_type = _BY_NUMBER
    same_area = sa.and_(area == key.area, document_type > key.document_type)
    same_number = sa.and_(number == key.number, sa.or_(area > key.area, same_area))
    return sa.or_(number > key.number, same_number)


def _document_reading(row: Sequence[Any]) -> DocumentReading:
    area, document_type, number, *values = row
    columns = dict(zip(_LIST_NAMES, values, strict=True))
    return DocumentReading(key=DocumentKey(area, document_type, number), **columns)


def event_reading(row: Row[*tuple[object, ...]]) -> EventReading:
    return EventReading(
        id=row.id,
        seq=row.seq,
        kind=row.kind,
        at=row.at,
        actor=row.actor,
        event=read_event(row.kind, row.payload, at=row.at, actor=row.actor),
    )
