"""What files of documents would change, document by document, before anything is changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from workflow import changes
from workflow.actors import Actor
from workflow.documents import Document, DocumentKey
from workflow.errors import WorkflowError
from workflow.events import DocumentChanged, DocumentEvent, DocumentReopened, FieldChange
from workflow.interchange.errors import ImportRefused
from workflow.interchange.records import ImportedDocument
from workflow.phrases import phrase as _
from workflow.ports import UnitOfWork
from workflow.service.importing import closed_as, document_from, erp_fields
from workflow.service.outcomes import running_workflow


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CLOSED = "closed"  # posted before, or another document by now: left out


@dataclass(frozen=True, kw_only=True)
class PlannedDocument:
    """One document of the files."""

    key: DocumentKey  # of a new electronic document: still with the other party's number
    given: ImportedDocument
    fate: Fate
    changes: tuple[FieldChange, ...] = ()
    reopened: bool = False  # it was released, and needs a new approval
    voided: bool = False  # its pending request ends


@dataclass(frozen=True, kw_only=True)
class DocumentRefused:
    """One document that cannot be taken in, and why."""

    given: ImportedDocument
    error: WorkflowError


@dataclass(frozen=True, kw_only=True)
class DocumentPlan:
    documents: tuple[PlannedDocument, ...]
    refused: tuple[DocumentRefused, ...]

    def of(self, fate: Fate) -> list[PlannedDocument]:
        return [one for one in self.documents if one.fate is fate]


def plan_documents(
    uow: UnitOfWork, imported: Iterable[ImportedDocument], actor: Actor
) -> DocumentPlan:
    """Every document by itself; nothing is stored, and nobody is waited for in a reading one."""
    planned: list[PlannedDocument] = []
    refused: list[DocumentRefused] = []
    with uow:
        refused += _received_twice(given := list(imported))
        for one in given:
            try:
                planned.append(_planned(uow, one, actor))
            except WorkflowError as error:
                refused.append(DocumentRefused(given=one, error=error))
    return DocumentPlan(documents=tuple(planned), refused=tuple(refused))


def _planned(uow: UnitOfWork, given: ImportedDocument, actor: Actor) -> PlannedDocument:
    document = document_from(given)
    closed = closed_as(uow, given, document)
    if closed is not None:
        return PlannedDocument(key=closed, given=given, fate=Fate.CLOSED)
    key: DocumentKey | None = document.key
    if given.row is None:
        key = uow.documents.received_as(document)
    known = uow.documents.find(key) if key else None
    if known is None:
        return PlannedDocument(key=document.key, given=given, fate=Fate.NEW)
    return _updated(known, given, _events(uow, known, document, actor))


def _events(uow: UnitOfWork, known: Document, newer: Document, actor: Actor) -> list[DocumentEvent]:
    workflow = running_workflow(uow, known) if known.pending_run else None
    return changes.update_from_erp(known, workflow, actor, erp_fields(newer))


def _updated(
    known: Document, given: ImportedDocument, events: list[DocumentEvent]
) -> PlannedDocument:
    changed = [event for event in events if isinstance(event, DocumentChanged)]
    return PlannedDocument(
        key=known.key,
        given=given,
        fate=Fate.CHANGED if events else Fate.UNCHANGED,
        changes=tuple(change for event in changed for change in event.changes),
        reopened=any(isinstance(event, DocumentReopened) for event in events),
        voided=any(event.voided for event in changed),
    )


def _received_twice(imported: Iterable[ImportedDocument]) -> Iterator[DocumentRefused]:
    """Electronic documents of one sender with one number: the second would change the first."""
    first: dict[tuple[str, ...], ImportedDocument] = {}
    for one in imported:
        if one.row is not None:
            continue
        theirs = (one.area, one.document_type, one.counterparty_no, one.counterparty_name)
        earlier = first.setdefault((*theirs, one.external_document_no), one)
        if earlier is not one:
            reason = _("is the document that {file} is too", file=earlier.source)
            error = ImportRefused(reason, file=one.source, value=one.external_document_no)
            yield DocumentRefused(given=one, error=error)
