"""One document for whoever asks: send it, follow it, remind, cancel, remark, reopen."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.links import document_path
from web.document_pages import DocumentPage, check_may_act, document_page
from web.paths import DOCUMENT_ADDRESS
from web.previews import preview
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.visits import Posted, SignedIn, Visit
from workflow.documents import DocumentKey
from workflow.errors import UnknownStep, WorkflowError
from workflow.service import deciding, handling, requesting
from workflow.service.offering import Offer
from workflow.service.outcomes import Outcome
from workflow.statuses import Area, DocumentType

router = APIRouter()
SEE_OTHER: Final = 303
Step = Callable[[Visit, DocumentKey, str], Outcome]


@router.get(DOCUMENT_ADDRESS)
def one_document(visit: SignedIn, area: Area, document_type: DocumentType, number: str) -> Response:
    return _page(visit, document_page(visit, DocumentKey(area, document_type, number)))


@router.post(DOCUMENT_ADDRESS)
def act(
    visit: SignedIn, fields: Posted, area: Area, document_type: DocumentType, number: str
) -> Response:
    key = DocumentKey(area, document_type, number)
    check_may_act(visit, key)
    text = fields.get("text", "")
    try:
        _step(fields.get("step", ""))(visit, key, text)
    except WorkflowError as error:
        refusal = refusal_view(error, visit.reader.language)
        shown = document_page(visit, key)  # as it is by now
        return _page(visit, shown, status_of(error), text=text, refusal=refusal)
    return RedirectResponse(document_path(key), status_code=SEE_OTHER)


def _page(visit: Visit, shown: DocumentPage, status: int = 200, /, **facts: object) -> Response:
    asks = Offer.SEND in shown.steps
    facts = {
        "text": "",
        "refusal": None,
        "plan": preview(visit, shown.key) if asks else None,
        **facts,
    }
    return page(visit, "one_document.html", status, shown=shown, **facts)


# --- what can be done ----------------------------------------------------------------------


def _send(visit: Visit, key: DocumentKey, _text: str) -> Outcome:
    return requesting.send_approval_request(visit.services.uow(), key, visit.actor)


def _cancel(visit: Visit, key: DocumentKey, text: str) -> Outcome:
    return requesting.cancel_approval_request(visit.services.uow(), key, visit.actor, text)


def _nudge(visit: Visit, key: DocumentKey, _text: str) -> Outcome:
    return requesting.nudge(visit.services.uow(), key, visit.actor)


def _reopen(visit: Visit, key: DocumentKey, _text: str) -> Outcome:
    return handling.reopen(visit.services.uow(), key, visit.actor)


def _comment(visit: Visit, key: DocumentKey, text: str) -> Outcome:
    return deciding.comment(visit.services.uow(), key, visit.actor, text)


STEPS: Final[dict[str, Step]] = {
    "send": _send,
    "cancel": _cancel,
    "nudge": _nudge,
    "reopen": _reopen,
    "comment": _comment,
}


def _step(name: str) -> Step:
    if name not in STEPS:
        raise UnknownStep(name)
    return STEPS[name]
