"""Where an external flow answers a request, with a message that its endpoint's secret signs."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from notifications.webhook_answers import SignedAnswer, take_answer
from notifications.webhook_messages import ANSWERS, LARGEST
from notifications.webhook_signing import NotSigned
from web.refusals import status_of
from web.visits import services_of
from workflow.errors import WorkflowError

router = APIRouter()
UNAUTHORIZED: Final = 401


async def _body(request: Request) -> bytes:
    """Nothing of it where it is longer than an answer can be: then no signature fits."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return b""
    return body


@router.post(ANSWERS + "{webhook_id}")
def answer(request: Request, webhook_id: str, body: Annotated[bytes, Depends(_body)]) -> Response:
    services = services_of(request)
    given = SignedAnswer(
        webhook_id=webhook_id, headers=request.headers, body=body, at=services.clock()
    )
    try:
        outcome = take_answer(services.flows, services.uow(), given, services.actor)
    except WorkflowError as error:
        refused = {"code": error.code, "message": error.message, "next_step": error.next_step}
        return JSONResponse({"refused": refused}, status_code=_status(error))
    return JSONResponse({"message": outcome.message})


def _status(error: WorkflowError) -> int:
    if isinstance(error, NotSigned):
        return UNAUTHORIZED
    return status_of(error)
