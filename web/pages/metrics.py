"""The metrics, for the program that has the token; for everybody else there is no such page."""

from typing import Final

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from web.metrics import METRICS, TOKEN_NEEDED, Metrics, may_read
from web.visits import services_of

router = APIRouter()
NOT_FOUND: Final = 404


@router.get(METRICS)
def metrics(request: Request) -> Response:
    expected = services_of(request).metrics_token
    given = request.headers.get("authorization", "")
    if not expected:
        raise HTTPException(NOT_FOUND)
    if not may_read(given, expected):
        return PlainTextResponse(TOKEN_NEEDED, 401, headers={"WWW-Authenticate": "Bearer"})
    kept: Metrics = request.app.state.metrics
    return Response(kept.text(), media_type=CONTENT_TYPE_LATEST)
