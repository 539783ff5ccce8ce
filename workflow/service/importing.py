"""Taking in users and documents from files: a plan first, then all of it or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from workflow import changes
from workflow.actors import Actor
from workflow.amounts import adding_up
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.errors import SalespersonPurchaserCodeTaken, WorkflowError
from workflow.interchange.errors import ImportRefused
from workflow.interchange.records import ImportedDocument, ImportedLine, ImportedUser
from workflow.phrases import phrase as _
from workflow.ports import UnitOfWork
from workflow.service.handling import receive, update_from_erp
from workflow.service.setting_up import set_user

Progress = Callable[[], None]  # called once for each row


def _no_progress() -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """What an import does, or would do: names by what happens to them."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    closed: tuple[str, ...] = ()  # posted before, or another document by now: left out


class _Plan:
    def __init__(self) -> None:
        self.added: list[str] = []
        self.changed: list[str] = []
        self.unchanged: list[str] = []
        self.closed: list[str] = []

    def finished(self) -> ImportPlan:
        return ImportPlan(
            added=tuple(self.added),
            changed=tuple(self.changed),
            unchanged=tuple(self.unchanged),
            closed=tuple(self.closed),
        )


# --- users ---------------------------------------------------------------------------------


def import_users(
    uow: UnitOfWork,
    users: Sequence[ImportedUser],
    actor: Actor,
    *,
    dry_run: bool = False,
    progress: Progress = _no_progress,
) -> ImportPlan:
    """Add or change approval users; columns the file does not have keep their values.

    Raises:
        ImportRefused: naming the file, the row and what is wrong with it.
    """
    plan = _Plan()
    with uow:
        uow.lock_setup()
        _check_ids(uow, users)
        _check_codes(uow, users)
        _free_codes(uow, users, actor)
        for imported in users:
            _import_user(uow, imported, actor, plan)
            progress()
        if not dry_run:
            uow.commit()
    return plan.finished()


def _import_user(uow: UnitOfWork, imported: ImportedUser, actor: Actor, plan: _Plan) -> None:
    before = uow.users.user(imported.user_id)
    try:
        after = set_user(uow, imported.user_id, dict(imported.fields), actor)
    except WorkflowError as error:
        raise _refused(imported.source, imported.row, error) from error
    if before is None:
        plan.added.append(imported.user_id)
    else:
        (plan.unchanged if after == before else plan.changed).append(imported.user_id)


def _check_ids(uow: UnitOfWork, users: Sequence[ImportedUser]) -> None:
    """BOB and bob are one person: whoever types an id may write it either way."""
    known = {user.user_id.casefold(): user.user_id for user in uow.users.all()}
    for user in users:
        stored = known.setdefault(user.user_id.casefold(), user.user_id)
        if stored != user.user_id:
            raise ImportRefused(
                _("is the user {stored} in other letters; write it the same way", stored=stored),
                file=user.source,
                row=user.row,
                column="user_id",
                value=user.user_id,
            )


def _check_codes(uow: UnitOfWork, users: Sequence[ImportedUser]) -> None:
    """The codes as they will be after the import belong to one user each."""
    owners = {user.user_id: user.salesperson_purchaser_code for user in uow.users.all()}
    rows = {user.user_id: user for user in users}
    owners |= {
        user.user_id: str(user.fields["salesperson_purchaser_code"])
        for user in users
        if "salesperson_purchaser_code" in user.fields
    }
    first: dict[str, str] = {}
    for user_id, code in owners.items():
        other = first.setdefault(code, user_id) if code else user_id
        if other != user_id:
            row = rows.get(user_id) or rows[other]
            owner = other if row.user_id == user_id else user_id
            raise _refused(row.source, row.row, SalespersonPurchaserCodeTaken(code, owner))


def _free_codes(uow: UnitOfWork, users: Sequence[ImportedUser], actor: Actor) -> None:
    """Take back the codes that change hands, so that two people can swap theirs."""
    for imported in users:
        before = uow.users.user(imported.user_id)
        new = imported.fields.get("salesperson_purchaser_code", None)
        old = before.salesperson_purchaser_code if before else ""
        owner = uow.users.user_with_code(str(new)) if new else None
        if owner is not None and owner.user_id != imported.user_id and new != old:
            set_user(uow, owner.user_id, {"salesperson_purchaser_code": ""}, actor)


# --- documents -----------------------------------------------------------------------------


def import_documents(
    uow: UnitOfWork,
    documents: Sequence[ImportedDocument],
    actor: Actor,
    *,
    dry_run: bool = False,
    progress: Progress = _no_progress,
) -> ImportPlan:
    """Take in new documents and newer versions of known ones.

    A released document whose content differs is reopened and needs a new approval; while a
    request is pending the file is refused, unless the document's workflow lets changes void it.

    Raises:
        ImportRefused: naming the file, the row and what is wrong with it.
    """
    plan = _Plan()
    with uow:
        for imported in documents:
            _import_document(uow, imported, actor, plan)
            progress()
        if not dry_run:
            uow.commit()
    return plan.finished()


def _import_document(
    uow: UnitOfWork, imported: ImportedDocument, actor: Actor, plan: _Plan
) -> None:
    document = document_from(imported)
    closed = closed_as(uow, imported, document)
    if closed is not None:
        plan.closed.append(str(closed))
        return
    if imported.row is None:  # an electronic document: its number is the other party's
        document.key = uow.documents.received_as(document) or _free_key(uow, document.key)
    try:
        known = uow.documents.find(document.key)
        if known is None:
            receive(uow, document, actor)
            plan.added.append(str(document.key))
            return
        outcome = update_from_erp(uow, document.key, actor, erp_fields(document))
    except WorkflowError as error:
        raise _refused(imported.source, imported.row, error) from error
    (plan.changed if outcome.events else plan.unchanged).append(str(document.key))


def closed_as(
    uow: UnitOfWork, imported: ImportedDocument, document: Document
) -> DocumentKey | None:
    """The document it was before it was posted: it is not taken in, and paid, a second time."""
    electronic = imported.row is None
    keys = uow.documents.taken_in_as(document) if electronic else [document.key]
    return next((key for key in keys if uow.documents.is_closed(key)), None)


def _free_key(uow: UnitOfWork, key: DocumentKey) -> DocumentKey:
    """A number of our own that no document has."""
    free = key._replace(number=uow.documents.next_number())
    while uow.documents.find(free) is not None:
        free = key._replace(number=uow.documents.next_number())
    return free


LONGEST_NAMES = {  # what the registers of documents can hold of each
    "number": 100,
    "external_document_no": 100,
    "counterparty_no": 100,
    "counterparty_name": 250,
    "salesperson_purchaser_code": 100,
    "requester": 100,
}
NOT_IN_FILES = {"prepayment_unpaid"}  # so that a newer file does not undo it


def erp_fields(document: Document) -> dict[str, object]:
    """What a newer version of the document may change."""
    names = {*changes.OWN_FIELDS, changes.CODE} - NOT_IN_FILES
    if not document.requester:  # not said, which does not mean nobody
        names -= {"requester"}
    return {name: getattr(document, name) for name in sorted(names)}


def document_from(imported: ImportedDocument) -> Document:
    """The document a file describes.

    Raises:
        ImportRefused: a name too long to be found again, or a foreign currency without its amount
            in local currency.
    """
    _check_names(imported)
    if imported.amount_lcy is None:
        raise ImportRefused(
            _(
                "is in {currency} and has no amount in local currency;"
                " give the rate with --rate {currency}=…",
                currency=imported.currency,
            ),
            file=imported.source,
            row=imported.row,
            column="amount_lcy",
        )
    return Document(
        key=DocumentKey(imported.area, imported.document_type, imported.number),
        amount=imported.amount,
        amount_including_vat=imported.amount_including_vat,
        amount_lcy=imported.amount_lcy,
        amount_including_vat_lcy=_including_vat_lcy(imported, imported.amount_lcy),
        currency=imported.currency,
        document_date=imported.document_date,
        due_date=imported.due_date,
        salesperson_purchaser_code=imported.salesperson_purchaser_code,
        counterparty_no=imported.counterparty_no,
        counterparty_name=imported.counterparty_name,
        requester=imported.requester,
        external_document_no=imported.external_document_no,
        description=imported.description,
        lines=adding_up(tuple(map(_line, imported.lines)), imported.amount),
    )


def _check_names(imported: ImportedDocument) -> None:
    for name, longest in LONGEST_NAMES.items():
        text = getattr(imported, name)
        if len(text) > longest:
            raise ImportRefused(
                _("is longer than {longest} characters", longest=longest),
                file=imported.source,
                row=imported.row,
                column=name,
                value=text,
            )


def _including_vat_lcy(imported: ImportedDocument, amount_lcy: Decimal) -> Decimal:
    """As the file says, else at the rate of the amount without VAT."""
    if imported.amount_including_vat_lcy is not None:
        return imported.amount_including_vat_lcy
    if not imported.amount:
        return imported.amount_including_vat
    return round(imported.amount_including_vat * amount_lcy / imported.amount, 4)


def _line(line: ImportedLine) -> DocumentLine:
    return DocumentLine(**{field.name: getattr(line, field.name) for field in fields(line)})


def _refused(file: str, row: int | None, error: WorkflowError) -> ImportRefused:
    return ImportRefused(error.phrase, file=file, row=row)
