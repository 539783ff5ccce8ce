"""The headers and addresses that steps share."""

from typing import Annotated, Final

from fastapi import Header, Path

from web.api.values import SEEN
from workflow.documents import DocumentKey
from workflow.statuses import Area, DocumentType

_KEY_PATTERN: Final = r"^[\x21-\x7e]+$"
_ONCE: Final = "Chosen by the caller for each step: repeated with it, the step is done once."

OncePerKey = Annotated[
    str, Header(alias="Idempotency-Key", max_length=200, pattern=_KEY_PATTERN, description=_ONCE)
]
MaybeOnce = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=200, pattern=_KEY_PATTERN, description=_ONCE),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=200,
        description="The ETag of the version that was seen; refused when it is another by now.",
    ),
]
DocumentNumber = Annotated[
    str, Path(min_length=1, max_length=100, pattern=SEEN, description="May hold slashes, as %2F.")
]
DOCUMENT: Final = "/documents/{area}/{type}/{number:path}"


def document_key(area: Area, type: DocumentType, number: DocumentNumber) -> DocumentKey:  # noqa: A002 - a part of the address
    return DocumentKey(area, type, number)
