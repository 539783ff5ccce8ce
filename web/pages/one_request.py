"""One request: what is asked, and the answer. This is the page that emails link to.

After the answer it is the receipt: what was decided, what happens next, and what else waits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import RedirectResponse, Response

from notifications.links import request_path
from web.document_pages import DocumentPage, check_may_act, document_page
from web.paths import REQUEST_ADDRESS
from web.refusals import NOT_FOUND, refusal_view, status_of
from web.rendering import page
from web.visits import Posted, SignedIn, Visit
from workflow.documents import DocumentKey
from workflow.errors import UnknownStep, WorkflowError
from workflow.readings import RequestFilter, RequestOrder
from workflow.service import deciding
from workflow.service.outcomes import Outcome
from workflow.statuses import Area, DocumentType, EntryStatus
from workflow.visibility import NotYoursToSee

router = APIRouter()
SEE_OTHER: Final = 303
RunNo = Annotated[int, Path(ge=1, le=2**31)]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person answers to which request; *approver* is in whose place, None: his own."""

    key: DocumentKey
    run_no: int
    text: str
    approver: str | None


Step = Callable[[Visit, Answer], Outcome]


@dataclass(frozen=True, kw_only=True)
class NextView:
    """What else waits for the visitor."""

    path: str  # of the first one
    count: int


@router.get(REQUEST_ADDRESS)
def one_request(
    visit: SignedIn, area: Area, document_type: DocumentType, run_no: RunNo, number: str
) -> Response:
    key = DocumentKey(area, document_type, number)
    try:
        shown = document_page(visit, key, run_no)
    except NotYoursToSee:
        return _of_somebody_else(visit, key, run_no)
    return _page(visit, shown)


@router.post(REQUEST_ADDRESS)
def answer(  # noqa: PLR0913 - the parts of the address
    visit: SignedIn,
    fields: Posted,
    area: Area,
    document_type: DocumentType,
    run_no: RunNo,
    number: str,
) -> Response:
    key = DocumentKey(area, document_type, number)
    check_may_act(visit, key)
    text, approver = fields.get("text", ""), fields.get("approver") or None
    given = Answer(key=key, run_no=run_no, text=text, approver=approver)
    try:
        _step(fields.get("step", ""))(visit, given)
    except WorkflowError as error:
        refusal = refusal_view(error, visit.reader.language)
        shown = document_page(visit, key, run_no)  # as it is by now
        return _page(visit, shown, status_of(error), given=given, refusal=refusal)
    return RedirectResponse(request_path(key, run_no), status_code=SEE_OTHER)


def _page(visit: Visit, shown: DocumentPage, status: int = 200, /, **facts: object) -> Response:
    facts = {"given": None, "refusal": None, **facts}
    return page(visit, "one_request.html", status, shown=shown, next=_next(visit), **facts)


def _next(visit: Visit) -> NextView | None:
    read = visit.services.read
    first = read.requests_page(visit.user, RequestFilter(), RequestOrder.DUE, limit=1)
    if not first:
        return None
    path = request_path(first[0].document, first[0].run_no)
    return NextView(path=path, count=read.requests_waiting(visit.user))


def _of_somebody_else(visit: Visit, key: DocumentKey, run_no: int) -> Response:
    """Whose request it is, and nothing of what it is about: perhaps he used the wrong account."""
    names = [
        visit.reader.name_of(entry.approver)
        for entry in visit.services.read.entries_of(key)
        if entry.run_no == run_no and entry.status is EntryStatus.OPEN
    ]
    whose = visit.reader.formats.names(list(dict.fromkeys(names)))
    return page(visit, "not_yours.html", NOT_FOUND, whose=whose)


# --- what can be answered ------------------------------------------------------------------


def _decided(decide: Callable[..., Outcome]) -> Step:
    """Approving and rejecting take the same; only what they do differs."""

    def step(visit: Visit, given: Answer) -> Outcome:
        return decide(
            visit.services.uow(),
            given.key,
            visit.actor,
            approver=given.approver,
            comment=given.text,
            request=given.run_no,
        )

    return step


def _delegate(visit: Visit, given: Answer) -> Outcome:
    return deciding.delegate(
        visit.services.uow(),
        given.key,
        visit.actor,
        approver=given.approver,
        request=given.run_no,
    )


def _comment(visit: Visit, given: Answer) -> Outcome:
    return deciding.comment(visit.services.uow(), given.key, visit.actor, given.text)


STEPS: Final[dict[str, Step]] = {
    "approve": _decided(deciding.approve),
    "reject": _decided(deciding.reject),
    "delegate": _delegate,
    "comment": _comment,
}


def _step(name: str) -> Step:
    if name not in STEPS:
        raise UnknownStep(name)
    return STEPS[name]
