"""What the page after a step says of it: signed, so that a link cannot make a page say things."""

from typing import Final
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeTimedSerializer

from web.visits import Visit

FIELD: Final = "told"
MINUTES: Final = 10


def path_telling(visit: Visit, path: str, *sentences: str) -> str:
    """The address of that page, where the sentences stand for a while."""
    return f"{path}?{urlencode({FIELD: _signer(visit, path).dumps(sentences)})}"


def told(visit: Visit) -> list[str]:
    """What this page was asked to say to whoever looks at it."""
    text = visit.request.query_params.get(FIELD, "")
    try:
        sentences: list[str] = _signer(visit, visit.path).loads(text, max_age=MINUTES * 60)
    except BadSignature:
        return []
    return sentences


def _signer(visit: Visit, path: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(visit.session, salt=f"told {path}")
