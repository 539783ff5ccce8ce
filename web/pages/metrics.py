"""The metrics, for the program that has the token; for everybody else there is no such page."""

from hmac import compare_digest
from typing import Final

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from web.metrics import Metrics
from web.visits import services_of

router = APIRouter()
NOT_FOUND: Final = 404


@router.get("/metrics")
def metrics(request: Request) -> Response:
    expected = services_of(request).metrics_token
    given = request.headers.get("authorization", "")
    if not expected:
        raise HTTPException(NOT_FOUND)
    if not compare_digest(given.encode(), f"Bearer {expected}".encode()):
        return PlainTextResponse(
            "A token is needed.\n", 401, headers={"WWW-Authenticate": "Bearer"}
        )
    kept: Metrics = request.app.state.metrics
    return Response(kept.text(), media_type=CONTENT_TYPE_LATEST)
