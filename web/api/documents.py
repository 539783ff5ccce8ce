"""Documents: listed, shown, taken in from an ERP, deleted."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from web.api import paging
from web.api.calls import Call, ReadsDocuments, WritesDocuments
from web.api.documents_given import GivenDocument
from web.api.documents_shown import (
    DocumentInList,
    ShownComment,
    ShownEntry,
    ShownOutcome,
    WholeDocument,
)
from web.api.headers import DOCUMENT, IfMatch, MaybeOnce, document_key
from web.api.once import done_once
from web.api.refusals import CursorUnknown, DocumentClosed
from web.api.versions import check_change, etag
from web.ports import WebUnitOfWork
from workflow.documents import Document, DocumentKey
from workflow.kept_answers import KeptAnswer
from workflow.service import handling
from workflow.service.rights import check_may_set_up
from workflow.statuses import Area, DocumentStatus, DocumentType

router = APIRouter(tags=["Documents"])
Key = Annotated[DocumentKey, Depends(document_key)]
CREATED: Final = 201
OK: Final = 200


class Documents(paging.Page):
    items: list[DocumentInList]


class Entries(paging.Page):
    items: list[ShownEntry]


class Comments(paging.Page):
    items: list[ShownComment]


@router.get("/documents")
def list_documents(  # noqa: PLR0913 - one for each filter
    call: ReadsDocuments,
    request: Request,
    response: Response,
    status: DocumentStatus | None = None,
    area: Area | None = None,
    document_type: Annotated[DocumentType | None, Query(alias="type")] = None,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = "",
) -> Documents:
    """Documents by number; a person's key shows that person's documents."""
    found = call.services.read.documents_list(
        status=status,
        area=area,
        document_type=document_type,
        requester=None if call.sees_everything else call.actor.user,
        after=_after(cursor),
        limit=limit + 1,
    )
    shown, following = paging.cut(found, limit, lambda one: tuple(one.key))
    paging.link_next(request, response, following)
    local = call.services.company.currency
    items = [DocumentInList.of_reading(one, local) for one in shown]
    return Documents(items=items, next=following)


@router.get(f"{DOCUMENT}/entries")
def list_entries_of_document(call: ReadsDocuments, key: Key) -> Entries:
    """Everybody who was or will be asked, in all its requests."""
    call.check_may_see(key)
    local = call.services.company.currency
    items = [ShownEntry.of(entry, local) for entry in call.services.read.entries_of(key)]
    return Entries(items=items, next=None)


@router.get(f"{DOCUMENT}/comments")
def list_comments(call: ReadsDocuments, key: Key) -> Comments:
    """What was remarked on it, the oldest first."""
    call.check_may_see(key)
    items = [ShownComment.of(comment) for comment in call.services.read.comments_of(key)]
    return Comments(items=items, next=None)


@router.get(DOCUMENT)
def get_document(call: ReadsDocuments, key: Key, response: Response) -> WholeDocument:
    """One document with its lines; the header ETag names its version."""
    call.check_may_see(key)
    with call.services.reading() as uow:
        document = uow.documents.get(key)
    response.headers["ETag"] = etag(document)
    return WholeDocument.of_document(document, call.services.company.currency)


@router.put(DOCUMENT, response_model=WholeDocument, responses={CREATED: {"model": WholeDocument}})
def put_document(
    call: WritesDocuments,
    key: Key,
    given: GivenDocument,
    if_match: IfMatch = None,
    idempotency_key: MaybeOnce = None,
) -> Response:
    """Take in a document, or a newer version of one, as the ERP has it.

    A known document needs If-Match. A released one whose content differs is reopened and needs a
    new approval; while a request is pending, its significant fields are locked.
    """
    call.check_may_see(key)

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        known = uow.documents.find(key)
        status = CREATED if known is None else OK
        _check_version(key, known, if_match)
        if known is None:
            _take_in(call, uow, key, given)
        else:
            _check_speaks_for_erp(call, uow)
            fields = given.fields(call.services.company.currency)
            handling.update_from_erp(uow, key, call.actor, fields)
        return _document_answer(call, uow, key, status)

    return done_once(call, idempotency_key, step)


@router.delete(DOCUMENT, response_model=ShownOutcome)
def delete_document(
    call: WritesDocuments, key: Key, if_match: IfMatch = None, idempotency_key: MaybeOnce = None
) -> Response:
    """Take it away; a pending request is canceled, its approvals go to the archive."""
    call.check_may_see(key)

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        _check_version(key, uow.documents.get(key), if_match)
        outcome = handling.delete(uow, key, call.actor)
        return KeptAnswer(status=OK, body=ShownOutcome.of(outcome).model_dump_json())

    return done_once(call, idempotency_key, step)


def _after(cursor: str) -> DocumentKey | None:
    texts = paging.after_texts(cursor, 3)
    if texts is None:
        return None
    try:
        return DocumentKey(Area(texts[0]), DocumentType(texts[1]), texts[2])
    except ValueError:
        raise CursorUnknown from None


def _check_version(key: DocumentKey, known: Document | None, if_match: str | None) -> None:
    check_change(key.title, etag(known) if known else None, if_match)


def _check_speaks_for_erp(call: Call, uow: WebUnitOfWork) -> None:
    """What the ERP says of a document, such as its rate, a person says as an administrator only."""
    if call.person is not None and not uow.company().erp_facts_by_anybody:
        check_may_set_up(uow, call.actor)


def _take_in(call: Call, uow: WebUnitOfWork, key: DocumentKey, given: GivenDocument) -> None:
    if uow.documents.is_closed(key):
        raise DocumentClosed(key.title)
    document = given.new_document(key, call.services.company.currency)
    if document.currency:  # or deleting it and writing it again would change its rate
        _check_speaks_for_erp(call, uow)
    handling.receive(uow, document, call.actor)


def _document_answer(call: Call, uow: WebUnitOfWork, key: DocumentKey, status: int) -> KeptAnswer:
    document = uow.documents.get(key)
    shown = WholeDocument.of_document(document, call.services.company.currency)
    headers = {"ETag": etag(document)}
    return KeptAnswer(status=status, body=shown.model_dump_json(), headers=headers)
