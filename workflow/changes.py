"""Editing a document: which fields are locked when, and what an edit does to its approvals."""

from typing import Final

from workflow.actors import Actor
from workflow.amounts import settled
from workflow.approval_entries import RunState
from workflow.content import is_significant
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document
from workflow.errors import FieldLocked, SalespersonPurchaserLocked
from workflow.events import DocumentChanged, DocumentEvent, DocumentReopened, FieldChange
from workflow.facts import common, told
from workflow.machines import DOCUMENT, fire
from workflow.options import ChangeWhilePending
from workflow.phrases import Phrase
from workflow.phrases import marked as N_  # noqa: N812 - as the extractor knows it
from workflow.phrases import phrase as _
from workflow.requests import end_run
from workflow.statuses import Area, DocumentStatus, EntryStatus

CAPTIONS: Final = {  # as Business Central shows them
    DocumentStatus.OPEN: N_("Open"),
    DocumentStatus.PENDING_APPROVAL: N_("Pending Approval"),
    DocumentStatus.RELEASED: N_("Released"),
    DocumentStatus.PENDING_PREPAYMENT: N_("Pending Prepayment"),
}
# Header fields with a column of their own; every other field is kept by its name.
OWN_FIELDS = (
    "amount",
    "amount_including_vat",
    "amount_lcy",
    "amount_including_vat_lcy",
    "currency",
    "document_date",
    "due_date",
    "counterparty_no",
    "counterparty_name",
    "requester",
    "external_document_no",
    "description",
    "prepayment_unpaid",
    "lines",
)


CODE = "salesperson_purchaser_code"  # has a rule of its own


def change_document(
    document: Document,
    workflow: WorkflowDefinition | None,
    actor: Actor,
    fields: dict[str, object],
) -> list[DocumentEvent]:
    """Change header fields; *workflow* is that of the pending request, if any.

    A significant field can be changed while the document is open; while a request is pending
    only where the workflow says so, and then the request is void.

    Raises:
        FieldLocked: a significant field of a document that is not open.
        SalespersonPurchaserLocked: the code differs, and entries are pending.
        BadValue: a value does not fit its field.
    """
    code = str(fields.get(CODE, document.salesperson_purchaser_code))
    if code != document.salesperson_purchaser_code:
        others = {name: value for name, value in fields.items() if name != CODE}
        given_away = change_salesperson_purchaser(document, actor, code)
        return [*given_away, *change_document(document, workflow, actor, others)]
    fields = {name: value for name, value in fields.items() if name != CODE}
    significant = [name for name in _differing(document, fields) if is_significant(name)]
    voids = bool(significant) and _may_void(document, workflow)
    if significant and document.status is not DocumentStatus.OPEN and not voids:
        raise FieldLocked(document.key.title, Phrase(CAPTIONS[document.status]), significant[0])
    changes = apply_fields(document, settled(document, fields) if significant else fields)
    if not changes:
        return []
    return _changed(document, actor, changes, significant=bool(significant), voids=voids)


def update_from_erp(
    document: Document,
    workflow: WorkflowDefinition | None,
    actor: Actor,
    fields: dict[str, object],
) -> list[DocumentEvent]:
    """As ``change_document``, but a released document whose content changes is reopened.

    Raises:
        SalespersonPurchaserLocked: the code differs, and entries are pending.
    """
    fields = settled(document, fields)
    released = {DocumentStatus.RELEASED, DocumentStatus.PENDING_PREPAYMENT}
    events: list[DocumentEvent] = []
    if document.status in released and any(map(is_significant, _differing(document, fields))):
        fire(DOCUMENT, "reopen", document)
        events.append(DocumentReopened(**common(document, actor)))
    return [*events, *change_document(document, workflow, actor, fields)]


def change_salesperson_purchaser(
    document: Document, actor: Actor, code: str
) -> list[DocumentEvent]:
    """Give the document to another salesperson or purchaser; not while entries are pending.

    Raises:
        SalespersonPurchaserLocked
    """
    run = document.run
    if run is not None and run.with_status(EntryStatus.CREATED, EntryStatus.OPEN):
        of_purchase = document.key.area is Area.PURCHASE
        name = _("Purchaser Code") if of_purchase else _("Salesperson Code")
        raise SalespersonPurchaserLocked(name)
    before, document.salesperson_purchaser_code = document.salesperson_purchaser_code, code
    if before == code:
        return []
    change = FieldChange(field=CODE, before=before, after=code)
    return [DocumentChanged(**common(document, actor), changes=(change,), significant=False)]


def _may_void(document: Document, workflow: WorkflowDefinition | None) -> bool:
    return (
        document.pending_run is not None
        and workflow is not None
        and workflow.options.change_while_pending is ChangeWhilePending.VOID
    )


def _differing(document: Document, fields: dict[str, object]) -> list[str]:
    return [name for name, value in fields.items() if _value(document, name) != value]


def apply_fields(document: Document, fields: dict[str, object]) -> list[FieldChange]:
    """Set the fields and say which really changed."""
    before = {name: _value(document, name) for name in fields}
    for name, value in fields.items():
        _set(document, name, value)
    return [
        FieldChange(field=name, before=_shown(before[name]), after=_shown(value))
        for name, value in fields.items()
        if before[name] != value
    ]


def _value(document: Document, name: str) -> object:
    return getattr(document, name) if name in OWN_FIELDS else document.more.get(name, "")


def _set(document: Document, name: str, value: object) -> None:
    if name not in OWN_FIELDS:
        document.more = {**document.more, name: str(value)}
        return
    setattr(document, name, value)


def _shown(value: object) -> str:
    return (
        "" if value is None else f"{len(value)} lines" if isinstance(value, tuple) else str(value)
    )


def _changed(
    document: Document,
    actor: Actor,
    changes: list[FieldChange],
    *,
    significant: bool,
    voids: bool,
) -> list[DocumentEvent]:
    tell: list[str] = []
    if significant:
        document.editors = document.editors | {actor.user}
    if voids and document.run is not None:
        asked = document.run.with_status(EntryStatus.OPEN, EntryStatus.APPROVED)
        tell = told(actor, *(entry.approver for entry in asked), document.run.requester)
        end_run(document.run, RunState.CANCELED, actor)
        fire(DOCUMENT, "cancel_approval_request", document)
    changed = DocumentChanged(
        **common(document, actor, tell),
        changes=tuple(changes),
        significant=significant,
        voided=voids,
    )
    return [changed]
