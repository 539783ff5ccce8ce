"""Requests to Approve: what waits for this person's answer, the longest overdue first."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from notifications.formatting import one_line
from notifications.links import REQUESTS, request_path
from notifications.readers import Reader
from notifications.sentences import kind_of
from web.captions import area_caption, request_order, type_caption
from web.lists import PART, Parts, Query
from web.picking import pick_of
from web.rendering import page
from web.visits import SignedIn, Visit
from workflow.documents import DocumentKey
from workflow.events import RequestApproved, RequestRejected
from workflow.readings import EntryReading, RequestFilter, RequestOrder
from workflow.statuses import Area, DocumentType, Reason

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    path: str
    pick: str  # how a selection names it
    title: str
    counterparty: str
    requester: str
    amount: str
    due: str
    overdue: bool
    age: str
    goes_on: bool  # after his approval somebody else decides: his limit is too low


@dataclass(frozen=True, kw_only=True)
class LastDecision:
    """What the visitor decided last, where nothing waits any more."""

    path: str
    title: str
    sentence: str


@router.get(REQUESTS)
def requests(visit: SignedIn) -> Response:
    query = Query(dict(visit.request.query_params))
    read, today, reader = visit.services.read, visit.actor.today, visit.reader
    wanted = RequestFilter(
        area=query.choice("area", Area),
        document_type=query.choice("type", DocumentType),
        requester=query.text("requester"),
        due_before=today if query.flag("overdue") else None,
    )
    order = query.choice("sort", RequestOrder) or RequestOrder.DUE
    found = read.requests_page(visit.user, wanted, order, limit=PART + 1, offset=query.offset)
    return page(
        visit,
        "requests.html",
        rows=[request_row(entry, today, reader) for entry in found[:PART]],
        parts_of=Parts.of(query, REQUESTS, more=len(found) > PART),
        count=read.requests_waiting(visit.user, wanted),
        filtered=wanted != RequestFilter(),
        wanted=wanted,
        order=order,
        areas=[(one.value, area_caption(one, reader)) for one in Area],
        types=[(one.value, type_caption(one, reader)) for one in DocumentType],
        requesters=[(one, reader.name_of(one)) for one in read.requesters_waiting(visit.user)],
        orders=[(one.value, request_order(one, reader)) for one in RequestOrder],
        all_selected=query.flag("selected"),
        select_all=query.address(REQUESTS, selected="all"),
        select_none=query.address(REQUESTS, selected=""),
        last=None if found else _last_decision(visit),
    )


def _last_decision(visit: Visit) -> LastDecision | None:
    last, reader = visit.services.read.last_decision(visit.user), visit.reader
    if last is None or not isinstance(last.event, RequestApproved | RequestRejected):
        return None
    approved = reader.gettext("You approved this on {moment}.")
    rejected = reader.gettext("You rejected this on {moment}.")
    sentence = approved if isinstance(last.event, RequestApproved) else rejected
    document = last.event.document
    key = DocumentKey(document.area, document.document_type, document.number)
    return LastDecision(
        path=request_path(key, last.event.run_no),
        title=one_line(f"{kind_of(key, reader)} {key.number}"),
        sentence=sentence.format(moment=reader.formats.moment(last.at)),
    )


def request_row(entry: EntryReading, today: date, reader: Reader) -> RequestRow:
    return RequestRow(
        path=request_path(entry.document, entry.run_no),
        pick=pick_of(entry.document, entry.run_no),
        title=one_line(f"{kind_of(entry.document, reader)} {entry.document.number}"),
        counterparty=one_line(entry.counterparty_name),
        requester=reader.name_of(entry.requester),
        amount=reader.formats.money(entry.amount, entry.currency),
        due=reader.formats.short_day(entry.due_date),
        overdue=entry.due_date < today,
        age=_age(entry, today, reader),
        goes_on=entry.reason is Reason.CHAIN,
    )


def _age(entry: EntryReading, today: date, reader: Reader) -> str:
    """How long ago it was sent, in days as the reader's calendar has them."""
    sent_on = entry.sent_at.astimezone(reader.formats.time_zone).date()
    days = max((today - sent_on).days, 0)
    if not days:
        return reader.gettext("today")
    return reader.ngettext("{count} day ago", "{count} days ago", days)
