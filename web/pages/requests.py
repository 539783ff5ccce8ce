"""Requests to Approve: what waits for this person's answer, the longest overdue first."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from notifications.formatting import one_line
from notifications.links import REQUESTS, request_path
from notifications.readers import Reader
from notifications.sentences import kind_of
from web.rendering import page
from web.visits import SignedIn
from workflow.readings import EntryReading

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    path: str
    title: str
    counterparty: str
    requester: str
    amount: str
    due: str
    overdue: bool
    sent_at: str


@router.get(REQUESTS)
def requests(visit: SignedIn) -> Response:
    waiting = visit.services.read.requests_to_approve(visit.user)
    today = visit.actor.today
    rows = [_row(entry, today, visit.reader) for entry in waiting]
    return page(visit, "requests.html", rows=rows)


def _row(entry: EntryReading, today: date, reader: Reader) -> RequestRow:
    return RequestRow(
        path=request_path(entry.document, entry.run_no),
        title=f"{kind_of(entry.document, reader)} {entry.document.number}",
        counterparty=one_line(entry.counterparty_name),
        requester=reader.name_of(entry.requester),
        amount=reader.formats.money(entry.amount, entry.currency),
        due=reader.formats.short_day(entry.due_date),
        overdue=entry.due_date < today,
        sent_at=reader.formats.moment(entry.sent_at),
    )
