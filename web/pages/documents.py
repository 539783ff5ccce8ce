"""The list of documents: one's own; everybody's for who may see them all."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from notifications.formatting import one_line
from notifications.links import DOCUMENTS, document_path
from notifications.readers import Reader
from notifications.sentences import kind_of
from web.captions import area_caption, document_order, document_status, type_caption
from web.lists import PART, Parts, Query
from web.rendering import page
from web.visits import SignedIn
from workflow.readings import DocumentFilter, DocumentOrder, DocumentReading
from workflow.statuses import Area, DocumentStatus, DocumentType

router = APIRouter()


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
def documents(visit: SignedIn) -> Response:
    query = Query(dict(visit.request.query_params))
    reader = visit.reader
    everybodys = query.flag("all") and visit.sees_everything
    wanted = DocumentFilter(
        text=query.text("search"),
        status=query.choice("status", DocumentStatus),
        area=query.choice("area", Area),
        document_type=query.choice("type", DocumentType),
        requester="" if everybodys else visit.user,
    )
    order = query.choice("sort", DocumentOrder) or DocumentOrder.NUMBER
    found = visit.services.read.documents_page(wanted, order, limit=PART + 1, offset=query.offset)
    return page(
        visit,
        "documents.html",
        rows=[_row(one, reader) for one in found[:PART]],
        parts_of=Parts.of(query, DOCUMENTS, more=len(found) > PART),
        wanted=wanted,
        filtered=bool(wanted.status or wanted.area or wanted.document_type or everybodys),
        all=everybodys,
        order=order,
        statuses=[(one.value, document_status(one, reader)) for one in DocumentStatus],
        areas=[(one.value, area_caption(one, reader)) for one in Area],
        types=[(one.value, type_caption(one, reader)) for one in DocumentType],
        orders=[(one.value, document_order(one, reader)) for one in DocumentOrder],
    )


def _row(document: DocumentReading, reader: Reader) -> DocumentRow:
    return DocumentRow(
        path=document_path(document.key),
        title=one_line(f"{kind_of(document.key, reader)} {document.key.number}"),
        counterparty=one_line(document.counterparty_name or document.counterparty_no),
        description=one_line(document.description),
        requester=reader.name_of(document.requester),
        amount=reader.formats.money(document.amount, document.currency),
        status=document_status(document.status, reader),
        state=document.status,
    )
