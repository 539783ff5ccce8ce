"""The list of documents: one's own; everybody's for who may see them all."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from notifications.formatting import one_line
from notifications.links import DOCUMENTS, document_path
from notifications.readers import Reader
from notifications.sentences import kind_of
from web.captions import document_status
from web.rendering import page
from web.visits import SignedIn
from workflow.readings import DocumentReading
from workflow.statuses import DocumentStatus

router = APIRouter()
MOST_ROWS: Final = 200


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    path: str
    title: str
    counterparty: str
    description: str
    requester: str
    amount: str
    status: str
    state: str


@router.get(DOCUMENTS)
def documents(
    visit: SignedIn,
    status: DocumentStatus | None = None,
    all: bool = False,  # noqa: A002 - as it is called in addresses
) -> Response:
    everybodys = all and visit.sees_everything
    found = visit.services.read.documents_list(
        status=status, requester=None if everybodys else visit.user, limit=MOST_ROWS
    )
    rows = [_row(one, visit.reader) for one in found]
    statuses = [(one.value, document_status(one, visit.reader)) for one in DocumentStatus]
    return page(
        visit, "documents.html", rows=rows, statuses=statuses, status=status, all=everybodys
    )


def _row(document: DocumentReading, reader: Reader) -> DocumentRow:
    return DocumentRow(
        path=document_path(document.key),
        title=f"{kind_of(document.key, reader)} {document.key.number}",
        counterparty=one_line(document.counterparty_name or document.counterparty_no),
        description=one_line(document.description),
        requester=reader.name_of(document.requester),
        amount=reader.formats.money(document.amount, document.currency),
        status=document_status(document.status, reader),
        state=document.status,
    )
