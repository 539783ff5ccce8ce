"""What guards every answer: no foreign site posts here, frames a page, or keeps what was shown."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SAME_SITE: Final = frozenset({"same-origin", "none"})
POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",  # the little pictures within the style sheet
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
HEADERS: Final = {
    "Content-Security-Policy": "; ".join(POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STRICT_TRANSPORT: Final = "max-age=31536000"
NOT_KEPT: Final = "no-store"
ASKED_ANEW: Final = "no-cache"  # kept, and used when it is still the same
STATIC: Final = "/static/"


class SecurityHeaders:
    """Every answer says what a browser may do with it."""

    def __init__(self, app: ASGIApp, *, over_https: bool) -> None:
        self._app = app
        self._over_https = over_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                static = scope["path"].startswith(STATIC)
                headers.setdefault("Cache-Control", ASKED_ANEW if static else NOT_KEPT)
                if self._over_https:
                    headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
            await send(message)

        await self._app(scope, receive, send_guarded)


class SameSiteOnly:
    """A request that may change something comes from a page of ours, or from a program.

    Browsers say where a request comes from; one that says neither is no browser, and has no
    session either.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            headers = Headers(scope=scope)
            if not from_here(headers):
                refusal = PlainTextResponse("That came from another site.", status_code=403)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def from_here(headers: Headers) -> bool:
    if site := headers.get("sec-fetch-site"):
        return site in SAME_SITE
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
