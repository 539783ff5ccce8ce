"""Reading approval requests: whose answer is awaited, what is overdue, what is handed over."""

from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa

from db.document_tables import IS_OPEN
from db.entry_rows import ENTRIES, entry_reading
from db.reading_connection import Reader
from db.tables import approval_entries, approval_runs, approval_users, documents
from workflow.documents import DocumentKey
from workflow.readings import EntryReading, RequestFilter, RequestOrder
from workflow.statuses import EntryStatus

AHEAD: Final = timedelta(days=21)  # beyond five working days with closed ones among them
_BY_DUE_DATE = (approval_entries.c.due_date, approval_entries.c.id)
_ORDERS = {
    RequestOrder.DUE: _BY_DUE_DATE,
    RequestOrder.AMOUNT: (sa.desc(approval_entries.c.amount_lcy), approval_entries.c.id),
    RequestOrder.AGE: (approval_entries.c.sent_at, approval_entries.c.id),
}
_ENTRIES_OF_DOCUMENTS = documents.join(approval_runs).join(approval_entries)
_OPEN = sa.select(approval_entries.c.run_id, approval_entries.c.due_date).where(IS_OPEN)
_OF_RUNS = sa.select(
    documents.c.area,
    documents.c.document_type,
    documents.c.number,
    documents.c.id,
    approval_runs.c.id,
).select_from(documents.join(approval_runs))
_AT_ONCE: Final = 500  # a statement takes so many parameters and not many more


class RequestQueries(Reader):
    """What is asked about requests; also the workflow's ``Requests``."""

    def requests_to_approve(self, user: str) -> list[EntryReading]:
        """The open entries of an approver; the longest overdue first."""
        return self._entries(IS_OPEN, approval_entries.c.approver == user)

    def requests_page(
        self, user: str, wanted: RequestFilter, order: RequestOrder, *, limit: int, offset: int = 0
    ) -> list[EntryReading]:
        """Some of an approver's open entries."""
        statement = ENTRIES.where(*_asked(user, wanted)).order_by(*_ORDERS[order])
        rows = self.rows(statement.limit(limit).offset(offset))
        return [entry_reading(row) for row in rows]

    def requests_waiting(self, user: str, wanted: RequestFilter | None = None) -> int:
        """How many there are."""
        statement = sa.select(sa.func.count()).select_from(_ENTRIES_OF_DOCUMENTS)
        return self.number(statement.where(*_asked(user, wanted or RequestFilter())))

    def requesters_waiting(self, user: str) -> list[str]:
        """Whose requests wait for the approver, by user id."""
        requesters = sa.select(approval_runs.c.requester).distinct()
        statement = requesters.select_from(_ENTRIES_OF_DOCUMENTS).where(
            *_asked(user, RequestFilter())
        )
        return [row[0] for row in self.rows(statement.order_by(approval_runs.c.requester))]

    def requests_sent(self, requester: str) -> list[EntryReading]:
        """The open entries of somebody's own requests."""
        return self._entries(IS_OPEN, approval_runs.c.requester == requester)

    def visible_entries(self, user: str) -> list[EntryReading]:
        """Entries the user asked for or is asked about; all of them for an administrator."""
        return self._entries(*self._visible_to(user))

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
        statement = ENTRIES.where(approval_entries.c.id > entry_id)
        if concerning is not None:
            asked = approval_entries.c.approver == concerning
            statement = statement.where(sa.or_(asked, approval_runs.c.requester == concerning))
        if approver is not None:
            statement = statement.where(approval_entries.c.approver == approver)
        if status is not None:
            statement = statement.where(approval_entries.c.status == status)
        rows = self.rows(statement.order_by(approval_entries.c.id).limit(limit))
        return [entry_reading(row) for row in rows]

    def overdue_entries(self, user: str, today: date) -> list[EntryReading]:
        """Of the visible entries those that wait for an answer and were due before today."""
        waits = approval_entries.c.status.in_([EntryStatus.CREATED, EntryStatus.OPEN])
        return self._entries(waits, approval_entries.c.due_date < today, *self._visible_to(user))

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
        wanted: list[sa.ColumnElement[bool]] = []
        if before is not None:
            wanted.append(approval_entries.c.id < before)
        if status is not None:
            wanted.append(approval_entries.c.status == status)
        if approver:
            wanted.append(approval_entries.c.approver == approver)
        if requester:
            wanted.append(approval_runs.c.requester == requester)
        if overdue_on is not None:
            waits = approval_entries.c.status.in_([EntryStatus.CREATED, EntryStatus.OPEN])
            wanted += [waits, approval_entries.c.due_date < overdue_on]
        statement = ENTRIES.where(*wanted).order_by(approval_entries.c.id.desc()).limit(limit)
        return [entry_reading(row) for row in self.rows(statement)]

    def due_for_delegation(self, today: date) -> list[DocumentKey]:
        """Documents with open entries that are handed over some day; the formula says which."""
        return self._documents(
            approval_entries.c.delegate_after != "", approval_entries.c.delegate_from <= today
        )

    def due_soon(self, today: date) -> list[DocumentKey]:
        """Documents with open entries that may be due within days; the first due first."""
        until = today + AHEAD
        return self._documents(approval_entries.c.due_date.between(today, until))

    def overdue(self, today: date) -> list[DocumentKey]:
        """Documents with open entries that were due before today; the longest overdue first."""
        return self._documents(approval_entries.c.due_date < today)

    def _entries(self, *conditions: sa.ColumnElement[bool]) -> list[EntryReading]:
        statement = ENTRIES.where(*conditions).order_by(*_BY_DUE_DATE)
        return [entry_reading(row) for row in self.rows(statement)]

    def _documents(self, *conditions: sa.ColumnElement[bool]) -> list[DocumentKey]:
        """Those of the earliest due date first.

        First which, then what: in one statement PostgreSQL, which expects most open entries to be
        overdue because most of all entries are, reads all runs there ever were.
        """
        due: dict[int, date] = {}
        for run, due_date in self.rows(_OPEN.where(*conditions)):
            due[run] = min(due_date, due.get(run, due_date))
        runs = list(due)
        found: list[tuple[date, int, DocumentKey]] = []
        for start in range(0, len(runs), _AT_ONCE):
            part = approval_runs.c.id.in_(runs[start : start + _AT_ONCE])
            found += [
                (due[run], document, DocumentKey(*key))
                for *key, document, run in self.rows(_OF_RUNS.where(part))
            ]
        return list(dict.fromkeys(key for _due, _document, key in sorted(found)))

    def _visible_to(self, user: str) -> list[sa.ColumnElement[bool]]:
        administrator = sa.select(approval_users.c.user_id).where(
            approval_users.c.user_id == user, approval_users.c.administrator
        )
        if self.rows(administrator):
            return []
        return [sa.or_(approval_runs.c.requester == user, approval_entries.c.approver == user)]


def _asked(user: str, wanted: RequestFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [IS_OPEN, approval_entries.c.approver == user]
    if wanted.area is not None:
        conditions.append(documents.c.area == wanted.area)
    if wanted.document_type is not None:
        conditions.append(documents.c.document_type == wanted.document_type)
    if wanted.requester:
        conditions.append(approval_runs.c.requester == wanted.requester)
    if wanted.due_before is not None:
        conditions.append(approval_entries.c.due_date < wanted.due_before)
    return conditions
