"""What guards the API: no foreign pages, no large bodies, only JSON; each call has a name."""

import re
import secrets
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.paths import API
from web.api.problems import TRACE, problem_answer
from web.api.refusals import CrossSite, NoSuchPath, NotJson, TooLarge
from web.guards import SAFE_METHODS, from_here
from workflow.errors import WorkflowError

LARGEST_BODY: Final = 1024 * 1024
REQUEST_ID: Final = "X-Request-Id"
_OUR_KIND: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


class ApiGuards:
    """Outside of everything that answers with pages; other paths pass."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == API or path.startswith(f"{API}/")):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trace = _trace(headers)
        scope.setdefault("state", {})[TRACE] = trace

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID] = trace
            await send(message)

        refusal = _refusal(scope["method"], path, headers)
        if refusal is not None:
            await problem_answer(scope, refusal)(scope, receive, send_named)
            return
        await self._app(scope, _limited(receive), send_named)


def _trace(headers: Headers) -> str:
    """The caller's own name for the call, where it has one."""
    given = headers.get(REQUEST_ID, "")
    return given if _OUR_KIND.fullmatch(given) else secrets.token_hex(8)


def _refusal(method: str, path: str, headers: Headers) -> WorkflowError | None:
    if path == API or any(character < " " for character in path):  # no route of ours takes them
        return NoSuchPath()
    if method not in SAFE_METHODS and not from_here(headers):
        return CrossSite()
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length) > LARGEST_BODY:
        return TooLarge(LARGEST_BODY)
    has_body = length != "0" or "transfer-encoding" in headers
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and media_type != "application/json":
        return NotJson()
    return None


def _limited(receive: Receive) -> Receive:
    """Also where the length is not said beforehand."""
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_BODY:
            raise HTTPException(status_code=TooLarge.status)
        return message

    return receive_limited
