"""How the words of a letter are written, as text and as HTML, so that every server carries them."""

import base64
import binascii
import hashlib
import re
from typing import Final

from notifications.letter_headers import CRLF

BASE64_PAYS: Final = 1.4  # quoted-printable longer than this times the text: Greek, Chinese …

CONTROL_CHARACTER: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")


def boundary_of(message_id: str) -> str:
    """Derived, so that the bytes are repeatable; "=_" cannot occur in an encoded body."""
    return "=_" + hashlib.sha256(message_id.encode()).hexdigest()[:32]


def alternatives(boundary: str, text: str, html: str) -> bytes:
    """The text first: a reader takes the last alternative it understands."""
    line = f"--{boundary}".encode()
    return b"\r\n".join((line, _part("plain", text), line, _part("html", html), line + b"--", b""))


def _part(subtype: str, words: str) -> bytes:
    encoding, body = _transfer(words)
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"{CRLF}'
        f"Content-Transfer-Encoding: {encoding}{CRLF}{CRLF}"
    )
    return head.encode() + body


def _transfer(words: str) -> tuple[str, bytes]:
    """The words in seven bits and short lines; ends with a line break."""
    lines = LINE_BREAK.sub("\n", words).rstrip("\n") + "\n"
    visible = CONTROL_CHARACTER.sub(" ", lines).replace("\n", CRLF)
    data = visible.encode("utf-8", errors="replace")
    quoted = binascii.b2a_qp(data, istext=True)
    if len(quoted) <= len(data) * BASE64_PAYS:
        return "quoted-printable", quoted
    return "base64", base64.encodebytes(data).replace(b"\n", b"\r\n")
