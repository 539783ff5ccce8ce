"""One request: what is asked, and the answer. This is the page that emails link to."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import RedirectResponse, Response

from notifications.links import request_path
from web.document_pages import DocumentPage, document_page
from web.paths import REQUEST_ADDRESS
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.visits import Posted, SignedIn, Visit
from workflow.documents import DocumentKey
from workflow.errors import UnknownStep, WorkflowError
from workflow.service import deciding
from workflow.service.outcomes import Outcome
from workflow.statuses import Area, DocumentType

router = APIRouter()
SEE_OTHER: Final = 303
RunNo = Annotated[int, Path(ge=1)]
Step = Callable[[Visit, DocumentKey, int, str], Outcome]


@router.get(REQUEST_ADDRESS)
def one_request(
    visit: SignedIn, area: Area, document_type: DocumentType, run_no: RunNo, number: str
) -> Response:
    shown = document_page(visit, DocumentKey(area, document_type, number), run_no)
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
    shown = document_page(visit, key, run_no)  # refuses whoever may not even see it
    text = fields.get("text", "")
    try:
        _step(fields.get("step", ""))(visit, key, run_no, text)
    except WorkflowError as error:
        return _page(visit, shown, status_of(error), text=text, refusal=refusal_view(error))
    return RedirectResponse(request_path(key, run_no), status_code=SEE_OTHER)


def _page(visit: Visit, shown: DocumentPage, status: int = 200, /, **facts: object) -> Response:
    facts = {"text": "", "refusal": None, **facts}
    return page(visit, "one_request.html", status, shown=shown, **facts)


# --- what can be answered ------------------------------------------------------------------


def _approve(visit: Visit, key: DocumentKey, run_no: int, text: str) -> Outcome:
    uow = visit.services.uow()
    return deciding.approve(uow, key, visit.actor, comment=text, request=run_no)


def _reject(visit: Visit, key: DocumentKey, run_no: int, text: str) -> Outcome:
    uow = visit.services.uow()
    return deciding.reject(uow, key, visit.actor, comment=text, request=run_no)


def _delegate(visit: Visit, key: DocumentKey, run_no: int, _text: str) -> Outcome:
    return deciding.delegate(visit.services.uow(), key, visit.actor, request=run_no)


def _comment(visit: Visit, key: DocumentKey, _run_no: int, text: str) -> Outcome:
    return deciding.comment(visit.services.uow(), key, visit.actor, text)


STEPS: Final[dict[str, Step]] = {
    "approve": _approve,
    "reject": _reject,
    "delegate": _delegate,
    "comment": _comment,
}


def _step(name: str) -> Step:
    if name not in STEPS:
        raise UnknownStep(name)
    return STEPS[name]
