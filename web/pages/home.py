"""The first page: what waits for this person, else his documents."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.links import DOCUMENTS, REQUESTS
from web.visits import SignedIn

router = APIRouter()


@router.get("/")
def home(visit: SignedIn) -> Response:
    waits = visit.services.read.requests_waiting(visit.user)
    return RedirectResponse(REQUESTS if waits else DOCUMENTS, status_code=303)
