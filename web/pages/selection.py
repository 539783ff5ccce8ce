"""Several requests on one sheet: the list, the totals, one confirmation, a result for each."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from notifications.links import REQUESTS
from notifications.readers import Reader
from notifications.sentences import kind_of
from web.captions import document_status
from web.pages.requests import RequestRow, request_row
from web.picking import Pick, picks
from web.refusals import RefusalView, refusal_view, status_of
from web.rendering import page
from web.visits import PostedMany, SignedIn, Visit
from workflow.documents import DocumentKey
from workflow.errors import WorkflowError
from workflow.readings import EntryReading
from workflow.service import deciding
from workflow.service.outcomes import Outcome, Refusal
from workflow.statuses import EntryStatus

router = APIRouter()
SELECTION: Final = f"{REQUESTS}/selection"
PICK: Final = "pick"


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    title: str
    done: bool
    what: str
    next_step: str


@router.get(SELECTION)
def selection(visit: SignedIn) -> Response:
    try:
        picked = picks(visit.request.query_params.getlist(PICK))
    except WorkflowError as error:
        refusal = refusal_view(error, visit.reader.language)
        return _sheet(visit, [], status_of(error), refusal=refusal)
    return _sheet(visit, picked)


@router.post(SELECTION)
def approve_selected(visit: SignedIn, fields: PostedMany) -> Response:
    comment = str(fields.get("text", ""))
    picked: list[Pick] = []
    try:
        picked = picks(text for text in fields.getlist(PICK) if isinstance(text, str))
        results = _approve(visit, picked, comment)
    except WorkflowError as error:  # all or nothing, where the company wants that
        refusal = refusal_view(error, visit.reader.language)
        return _sheet(visit, picked, status_of(error), refusal=refusal, text=comment)
    rows = [_result_row(result, visit.reader) for result in results]
    left = visit.services.read.requests_waiting(visit.user)
    return page(visit, "selection_done.html", rows=rows, left=left)


def _approve(visit: Visit, picked: list[Pick], comment: str) -> list[Outcome | Refusal]:
    uow, asked_in = visit.services.uow(), dict(picked)

    def approve(key: DocumentKey) -> Outcome:
        return deciding.approve(uow, key, visit.actor, comment=comment, request=asked_in[key])

    return deciding.decide_many(uow, asked_in, approve)


def _sheet(
    visit: Visit,
    picked: list[Pick],
    status: int = 200,
    refusal: RefusalView | None = None,
    text: str = "",
) -> Response:
    entries = [entry for pick in picked for entry in _open_entry(visit, pick)]
    today, reader = visit.actor.today, visit.reader
    rows: list[RequestRow] = [request_row(entry, today, reader) for entry in entries]
    return page(
        visit,
        "selection.html",
        status,
        rows=rows,
        totals=_totals(entries, reader),
        overdue=sum(row.overdue for row in rows),
        goes_on=sum(row.goes_on for row in rows),
        missing=len(picked) - len(rows),
        refusal=refusal,
        text=text,
    )


def _open_entry(visit: Visit, pick: Pick) -> list[EntryReading]:
    """What the visitor is asked there; nothing when it was answered meanwhile."""
    return [
        entry
        for entry in visit.services.read.entries_of(pick.document)
        if entry.run_no == pick.run_no
        and entry.approver == visit.user
        and entry.status is EntryStatus.OPEN
    ][:1]


def _totals(entries: list[EntryReading], reader: Reader) -> list[str]:
    """One for each currency."""
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        totals[entry.currency or reader.formats.local_currency] += entry.amount
    return [reader.formats.money(totals[currency], currency) for currency in sorted(totals)]


def _result_row(result: Outcome | Refusal, reader: Reader) -> ResultRow:
    title = f"{kind_of(result.document, reader)} {result.document.number}"
    if isinstance(result, Outcome):
        what = document_status(result.status, reader)
        return ResultRow(title=title, done=True, what=what, next_step="")
    refusal = refusal_view(result.error, reader.language)
    return ResultRow(title=title, done=False, what=refusal.message, next_step=refusal.next_step)
