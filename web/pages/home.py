"""The first page: what waits for this person, else what is still to be set up, else documents."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.links import DOCUMENTS, REQUESTS
from web.checklist import checklist, is_set_up
from web.paths import SETUP
from web.visits import SignedIn, Visit

router = APIRouter()


@router.get("/")
def home(visit: SignedIn) -> Response:
    return RedirectResponse(_first(visit), status_code=303)


def _first(visit: Visit) -> str:
    if visit.services.read.requests_waiting(visit.user):
        return REQUESTS
    if visit.sets_up and not is_set_up(checklist(visit.services, visit.reader)):
        return SETUP
    return DOCUMENTS
