"""An email shown on a page: its parts, and what a browser may do with its HTML."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Final

from starlette.responses import HTMLResponse, Response

# What somebody's mail program allows a letter: its own styles, nothing from anywhere.
LETTER_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
FRAMING_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
    " frame-src 'self'"
)


def letter(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - that policy makes no other
    return message


def body(message: EmailMessage, kind: str) -> str:
    """Of the kind ``plain`` or ``html``; empty: it has none."""
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())


def headers_of(message: EmailMessage) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in message.items()]


def framed(answer: Response) -> Response:
    """A page that shows a letter in a frame."""
    answer.headers["Content-Security-Policy"] = FRAMING_POLICY
    return answer


def letter_alone(html: str, policy: str = LETTER_POLICY) -> HTMLResponse:
    """For the frame; it runs nothing, sends nothing and loads nothing."""
    headers = {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(html, headers=headers)
