"""Lists in pieces: each answer names where the next one begins."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Final, TypeVar

from fastapi import Query, Request, Response
from pydantic import Field

from web.api.refusals import CursorUnknown
from web.api.values import Shown

MOST: Final = 200
T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str, Query(max_length=500, description="The `next` of the answer before; empty: the first.")
]


class Page(Shown):
    next: str | None = Field(description="The cursor of what follows; null: nothing does.")


def after_number(cursor: str) -> int | None:
    """Behind which number a piece begins; None: the first one.

    Raises:
        CursorUnknown
    """
    place = _read(cursor)
    if place is None:
        return None
    number = place[0]
    if len(place) != 1 or not isinstance(number, int) or not 0 <= number < 2**63:
        raise CursorUnknown
    return number


def after_texts(cursor: str, count: int) -> list[str] | None:
    """The same for what is ordered by *count* texts.

    Raises:
        CursorUnknown
    """
    place = _read(cursor)
    if place is None:
        return None
    texts = [text for text in place if isinstance(text, str) and "\0" not in text]
    if len(place) != count or len(texts) != count:
        raise CursorUnknown
    return texts


def cut(found: Sequence[T], limit: int, place: Callable[[T], object]) -> tuple[list[T], str | None]:
    """What to show of one more than was asked for, and the cursor of the rest."""
    shown = list(found[:limit])
    if len(found) <= limit:
        return shown, None
    return shown, cursor_at(place(shown[-1]))


def cursor_at(*place: object) -> str:
    text = json.dumps(place[0] if isinstance(place[0], tuple) else place)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Also as a header (RFC 8288)."""
    if cursor is not None:
        path = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{path.path}?{path.query}>; rel="next"'


def _read(cursor: str) -> list[object] | None:
    if not cursor:
        return None
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise CursorUnknown from None
    if not isinstance(place, list) or not place:
        raise CursorUnknown
    return place
