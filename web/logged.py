"""What stands beside each line that is logged during a request: the document its path names."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from structlog.contextvars import bind_contextvars, unbind_contextvars

from notifications.formatting import one_line
from workflow.documents import DocumentKey
from workflow.statuses import Area, DocumentType


async def name_document(request: Request) -> None:
    """For every page and every call: what is said here holds for this request and no other."""
    key = _document_in(request.path_params)
    if key is None:
        unbind_contextvars("document")  # of the request before, where one follows at once
    else:
        bind_contextvars(document=one_line(str(key)))


def _document_in(named: Mapping[str, Any]) -> DocumentKey | None:
    kind = named.get("document_type", named.get("type"))
    try:
        return DocumentKey(Area(named["area"]), DocumentType(kind), named["number"])
    except (KeyError, ValueError):
        return None
