"""Several requests at once: how a form names them, and how they are read again."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from workflow.documents import DocumentKey
from workflow.errors import WorkflowError
from workflow.statuses import Area, DocumentType

MOST: Final = 100


class TooManyPicked(WorkflowError):
    code = "TOO_MANY_PICKED"
    template = "At most {} requests can be answered at once; {} are selected."
    advice = "Select fewer."


class Pick(NamedTuple):
    document: DocumentKey
    run_no: int


def pick_of(document: DocumentKey, run_no: int) -> str:
    return f"{document.area}/{document.document_type}/{run_no}/{document.number}"


def picks(texts: Iterable[str]) -> list[Pick]:
    """Each once, in the order they came; what names nothing is left out.

    Raises:
        TooManyPicked
    """
    found = list(dict.fromkeys(pick for text in texts if (pick := _pick(text))))
    if len(found) > MOST:
        raise TooManyPicked(MOST, len(found))
    return found


def _pick(text: str) -> Pick | None:
    area, _, rest = text.partition("/")
    document_type, _, rest = rest.partition("/")
    run_no, _, number = rest.partition("/")
    try:
        key = DocumentKey(Area(area), DocumentType(document_type), number)
        return Pick(key, int(run_no))
    except ValueError:
        return None
