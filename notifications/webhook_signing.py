"""Signatures of webhooks as Standard Webhooks 1.0 wants them: made for ours, checked on answers."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from workflow.errors import WorkflowError

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
VERSION: Final = "v1"
TOLERANCE: Final = timedelta(minutes=5)
WHOLE_SECONDS: Final = re.compile(r"[0-9]{1,12}")


class NotSigned(WorkflowError):
    """Says no more: whoever tries secrets learns nothing by it."""

    code = "WEBHOOK_NOT_SIGNED"
    template = "The signature is missing, wrong or too old."
    advice = "Sign it with the endpoint's secret, by the rules of Standard Webhooks 1.0."


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers_of(
    used: Iterable[str], *, message_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """One signature for each of the secrets, for receivers that know only one of them."""
    seconds = str(int(at.timestamp()))
    return {
        ID: message_id,
        TIMESTAMP: seconds,
        SIGNATURE: " ".join(_signature(secret, message_id, seconds, body) for secret in used),
    }


def check(used: Iterable[str], *, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Whether one of the secrets signed it, within the last five minutes.

    Raises:
        NotSigned
    """
    message_id, seconds = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not message_id or not WHOLE_SECONDS.fullmatch(seconds):
        raise NotSigned
    if abs(now - datetime.fromtimestamp(int(seconds), UTC)) > TOLERANCE:
        raise NotSigned
    given = headers.get(SIGNATURE, "").encode().split()
    right = [_signature(secret, message_id, seconds, body).encode() for secret in used]
    if not any(hmac.compare_digest(one, other) for one in given for other in right):
        raise NotSigned


def _signature(secret: str, message_id: str, seconds: str, body: bytes) -> str:
    signed = b".".join((message_id.encode(), seconds.encode(), body))
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(digest).decode()}"


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise NotSigned from None
