"""Approval entries of all documents, the overdue log, and the log of the setup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from notifications.formatting import one_line
from notifications.links import document_path
from notifications.readers import Reader
from notifications.sentences import kind_of
from web.captions import entry_status
from web.rendering import page
from web.setup_words import changes_in, what_changed
from web.visits import SeesSetup
from workflow.documents import DocumentKey
from workflow.events import ApprovalOverdue, DocumentFacts
from workflow.readings import EntryReading, EventReading
from workflow.statuses import EntryStatus

router = APIRouter()
ROWS: Final = 50
Before = Annotated[int | None, Query(ge=0, le=2**53)]


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    path: str
    title: str
    requester: str
    approver: str
    amount: str
    status: str
    state: str
    due: str
    sent_at: str
    overdue: bool


@dataclass(frozen=True, kw_only=True)
class LogLine:
    at: str
    who: str
    what: str
    path: str = ""
    changes: Sequence[str] = ()


@router.get("/setup/entries")
def entries(  # noqa: PLR0913 - one filter for each column
    visit: SeesSetup,
    status: str = "",
    approver: str = "",
    requester: str = "",
    overdue: bool = False,
    before: Before = None,
) -> Response:
    today = visit.actor.today
    known = EntryStatus(status) if status in set(EntryStatus) else None
    found = visit.services.read.entries_page(
        limit=ROWS + 1,
        before=before,
        status=known,
        approver=_plain(approver),
        requester=_plain(requester),
        overdue_on=today if overdue else None,
    )
    return page(
        visit,
        "entries.html",
        rows=[_row(one, today, visit.reader) for one in found[:ROWS]],
        statuses=[(one.value, _caption(one, visit.reader)) for one in EntryStatus],
        people=[one.user_id for one in visit.services.people.all()],
        filters={
            "status": known or "",
            "approver": approver,
            "requester": requester,
            "overdue": "1" if overdue else "",
        },
        earlier=found[ROWS - 1].id if len(found) > ROWS else None,
    )


@router.get("/setup/overdue")
def overdue_log(visit: SeesSetup, before: Before = None) -> Response:
    found = visit.services.read.overdue_log(limit=ROWS + 1, before=before)
    gettext = visit.reader.gettext
    return page(
        visit,
        "log.html",
        title=gettext("Overdue log"),
        about=gettext("Who was reminded of which request, and how many days late it was."),
        lines=[_overdue(one, visit.reader) for one in found[:ROWS]],
        filters={},
        earlier=found[ROWS - 1].id if len(found) > ROWS else None,
    )


@router.get("/setup/log")
def setup_log(visit: SeesSetup, subject: str = "", before: Before = None) -> Response:
    found = visit.services.read.setup_log(limit=ROWS + 1, before=before, subject=_plain(subject))
    gettext = visit.reader.gettext
    return page(
        visit,
        "log.html",
        title=gettext("Log of the setup"),
        about=gettext("Who changed what, and when. It is never changed itself."),
        lines=[_change(one, visit.reader) for one in found[:ROWS]],
        filters={"subject": subject},
        earlier=found[ROWS - 1].id if len(found) > ROWS else None,
    )


def _row(entry: EntryReading, today: date, reader: Reader) -> EntryRow:
    waits = entry.status in {EntryStatus.CREATED, EntryStatus.OPEN}
    return EntryRow(
        path=document_path(entry.document),
        title=f"{kind_of(entry.document, reader)} {entry.document.number}",
        requester=reader.name_of(entry.requester),
        approver=reader.name_of(entry.approver),
        amount=reader.formats.money(entry.amount, entry.currency),
        status=entry_status(entry, reader),
        state=entry.status,
        due=reader.formats.short_day(entry.due_date),
        sent_at=reader.formats.moment(entry.sent_at),
        overdue=waits and entry.due_date < today,
    )


def _overdue(line: EventReading, reader: Reader) -> LogLine:
    event = line.event
    if not isinstance(event, ApprovalOverdue):  # recorded by another version
        return LogLine(at=reader.formats.moment(line.at), who=line.actor, what=line.kind)
    key = _key(event.document)
    days = reader.gettext("{document}, {days} days late").format(
        document=f"{kind_of(key, reader)} {key.number}", days=event.days_overdue
    )
    return LogLine(
        at=reader.formats.moment(line.at),
        who=reader.name_of(event.entry.approver),
        what=days,
        path=document_path(key),
    )


def _change(line: EventReading, reader: Reader) -> LogLine:
    return LogLine(
        at=reader.formats.moment(line.at),
        who=reader.name_of(line.actor),
        what=what_changed(line.kind, line.event, reader),
        changes=changes_in(line.event, reader),
    )


def _key(document: DocumentFacts) -> DocumentKey:
    return DocumentKey(document.area, document.document_type, document.number)


def _caption(status: EntryStatus, reader: Reader) -> str:
    captions = {
        EntryStatus.CREATED: reader.gettext("Waits for its turn"),
        EntryStatus.OPEN: reader.gettext("Asked"),
        EntryStatus.APPROVED: reader.gettext("Approved"),
        EntryStatus.REJECTED: reader.gettext("Rejected"),
        EntryStatus.CANCELED: reader.gettext("Canceled"),
    }
    return captions[status]


def _plain(text: str) -> str:
    """No database takes a NUL."""
    return one_line(text.replace("\0", "")).strip()
