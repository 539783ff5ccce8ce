"""Documents from files: first what they would change, then all of it or nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from notifications.formatting import one_line
from notifications.readers import Reader
from notifications.sentences import field_caption, kind_of
from web.captions import area_caption
from web.fingerprints import fingerprint
from web.import_views import ChangeView, ProblemView, against, unread
from web.lists import Query
from web.paths import DOCUMENTS_IMPORT
from web.reading_files import ReadingForm
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.visits import AllUploads, Posted, PostedMany, SetsUp, Visit
from workflow.errors import WorkflowError
from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, ImportOptions, each_document_in
from workflow.interchange.numbers import EXAMPLE_TEXTS, NumberFormat
from workflow.interchange.records import ImportedDocument
from workflow.ports import UnitOfWork
from workflow.service.document_plans import (
    DocumentPlan,
    DocumentRefused,
    Fate,
    PlannedDocument,
    plan_documents,
)
from workflow.service.importing import import_documents
from workflow.service.rights import check_may_set_up
from workflow.statuses import Area

router = APIRouter()
MOST_AT_ONCE: Final = 2_000  # so that nobody who decides meanwhile waits long for the import
MOST_SHOWN: Final = 100
SEE_OTHER: Final = 303
UNPROCESSABLE: Final = 422
CONFLICT: Final = 409


class TooManyAtOnce(WorkflowError):
    code = "TOO_MANY_AT_ONCE"
    template = "{} documents are too many at once: at most {}. Divide the files."


@dataclass(frozen=True, kw_only=True)
class Found:
    """What files would do, and the id of that: what was planned is what is done."""

    id: str
    documents: tuple[ImportedDocument, ...]
    plan: DocumentPlan
    problems: tuple[WorkflowError, ...]  # of a file, or of a row that cannot be read


@dataclass(frozen=True, kw_only=True)
class PlannedView:
    title: str
    about: str  # whose, and how much
    is_new: bool
    notes: list[str]  # what it does to the approvals
    changes: list[ChangeView]


@dataclass(frozen=True, kw_only=True)
class FileView:
    name: str
    content: str


@dataclass(frozen=True, kw_only=True)
class PlanView:
    id: str
    files: list[FileView]
    counts: list[tuple[str, int]]
    documents: list[PlannedView]  # the first ones that would change
    more: int
    problems: list[ProblemView]  # the first ones
    more_problems: int

    @property
    def can_be_applied(self) -> bool:
        return not self.problems and bool(self.documents)


@router.get(DOCUMENTS_IMPORT)
def choose(visit: SetsUp) -> Response:
    return _choice(visit, ReadingForm.of(visit, {}))


@router.post(DOCUMENTS_IMPORT)
def plan_or_apply(visit: SetsUp, fields: Posted, sent: PostedMany, uploads: AllUploads) -> Response:
    form = ReadingForm.of(visit, fields)
    files = [_named(file) for _name, file in uploads] or _sent_back(sent)
    if not files:
        return _choice(visit, form, UNPROCESSABLE, missing=True)
    try:
        options = form.options(visit)
    except WorkflowError as error:
        return _choice(visit, form, status_of(error), refused=error)
    if fields.get("step") != "apply":
        with visit.services.reading() as uow:
            found = _found(uow, visit, files, options)
        return _shown(visit, form, files, found)
    return _apply(visit, form, files, options, fields.get("plan", ""))


def _apply(
    visit: Visit, form: ReadingForm, files: list[GivenFile], options: ImportOptions, planned: str
) -> Response:
    """All of it as it was planned; or a new plan, and nothing is changed."""
    try:
        with visit.services.uow() as uow:
            check_may_set_up(uow, visit.actor)
            found = _found(uow, visit, files, options)
            if found.id != planned:
                return _shown(visit, form, files, found, CONFLICT, outdated=True)
            import_documents(uow, found.documents, visit.actor)
            uow.commit()
    except WorkflowError as error:
        with visit.services.reading() as uow:
            found = _found(uow, visit, files, options)
        return _shown(visit, form, files, found, CONFLICT, refused=error)
    counts = {
        "new": len(found.plan.of(Fate.NEW)),
        "changed": len(found.plan.of(Fate.CHANGED)),
        "left": len(found.plan.of(Fate.UNCHANGED)) + len(found.plan.of(Fate.CLOSED)),
    }
    return RedirectResponse(f"{DOCUMENTS_IMPORT}?{urlencode(counts)}", status_code=SEE_OTHER)


def _found(uow: UnitOfWork, visit: Visit, files: list[GivenFile], options: ImportOptions) -> Found:
    """What the files would do, by what is stored now."""
    problems: tuple[WorkflowError, ...]
    try:
        documents, problems = each_document_in(files, options)
    except ImportRefused as error:
        documents, problems = (), (error,)
    if len(documents) > MOST_AT_ONCE:
        documents, problems = (), (TooManyAtOnce(len(documents), MOST_AT_ONCE), *problems)
    plan = plan_documents(uow, documents, visit.actor)
    read = (options.pairs, options.number_format, options.area, options.requester, options.rates)
    identity = fingerprint(files, *read, plan.documents)
    return Found(id=identity, documents=documents, plan=plan, problems=problems)


# --- the plan ------------------------------------------------------------------------------


def _plan_view(found: Found, files: list[GivenFile], reader: Reader) -> PlanView:
    plan = found.plan
    changing = [*plan.of(Fate.CHANGED), *plan.of(Fate.NEW)]
    refused = len(found.problems) + len(plan.refused)
    first_refused = plan.refused[: max(0, MOST_SHOWN - len(found.problems))]
    problems = [against(one, reader) for one in found.problems[:MOST_SHOWN]]
    problems += [_refused(one, reader) for one in first_refused]
    can_be_applied = bool(changing) and not refused
    return PlanView(
        id=found.id,
        files=[_file_view(one, comes_back=can_be_applied) for one in files],
        counts=[
            (reader.gettext("new"), len(plan.of(Fate.NEW))),
            (reader.gettext("changed"), len(plan.of(Fate.CHANGED))),
            (reader.gettext("unchanged"), len(plan.of(Fate.UNCHANGED))),
            (reader.gettext("left out, posted before"), len(plan.of(Fate.CLOSED))),
            (reader.gettext("refused"), refused),
        ],
        documents=[_planned(one, reader) for one in changing[:MOST_SHOWN]],
        more=max(0, len(changing) - MOST_SHOWN),
        problems=problems,
        more_problems=refused - len(problems),
    )


def _file_view(file: GivenFile, *, comes_back: bool) -> FileView:
    content = urlsafe_b64encode(file.data).decode("ascii") if comes_back else ""
    return FileView(name=file.name, content=content)


def _planned(one: PlannedDocument, reader: Reader) -> PlannedView:
    given = one.given
    notes = []
    if one.reopened:
        notes.append(reader.gettext("It was released: it is opened and needs a new approval."))
    if one.voided:
        notes.append(reader.gettext("Its request for approval ends: nobody is asked any more."))
    money = reader.formats.money(given.amount, given.currency)
    about = (given.counterparty_name or given.counterparty_no, money, given.requester)
    return PlannedView(
        title=one_line(f"{kind_of(one.key, reader)} {one.key.number}"),
        about=" · ".join(one_line(text) for text in about if text),
        is_new=one.fate is Fate.NEW,
        notes=notes,
        changes=[
            ChangeView(
                caption=field_caption(change.field, reader),
                before=one_line(change.before),
                after=one_line(change.after),
            )
            for change in one.changes
        ],
    )


def _refused(one: DocumentRefused, reader: Reader) -> ProblemView:
    if isinstance(one.error, ImportRefused):
        return unread(one.error, reader)
    row = "" if one.given.row is None else str(one.given.row)
    return ProblemView(
        file=one_line(one.given.source),
        row=row,
        column="",
        value=one_line(one.given.number),
        reason=refusal_view(one.error, reader.language).message,
    )


# --- the pages -----------------------------------------------------------------------------


def _named(file: GivenFile) -> GivenFile:
    """The name as it is shown, and comes back."""
    return replace(file, name=one_line(file.name))


def _sent_back(sent: FormData) -> list[GivenFile]:
    names, contents = sent.getlist("name"), sent.getlist("content")
    try:
        return [
            GivenFile(name=one_line(str(name)), data=urlsafe_b64decode(str(content)))
            for name, content in zip(names, contents, strict=True)
            if content
        ]
    except ValueError:
        return []


def _choice(
    visit: Visit,
    form: ReadingForm,
    status: int = 200,
    *,
    missing: bool = False,
    refused: WorkflowError | None = None,
) -> Response:
    query = Query(dict(visit.request.query_params))
    done = {name: query.text(name, 9) for name in ("new", "changed", "left")}
    return page(
        visit,
        "documents_import.html",
        status,
        plan=None,
        form=form,
        formats=[(one.value, EXAMPLE_TEXTS[one]) for one in NumberFormat],
        areas=[(one.value, area_caption(one, visit.reader)) for one in Area],
        missing=missing,
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
        done=done if all(text.isdigit() for text in done.values()) else None,
    )


def _shown(  # noqa: PLR0913 - what the page shows
    visit: Visit,
    form: ReadingForm,
    files: list[GivenFile],
    found: Found,
    status: int = 200,
    *,
    outdated: bool = False,
    refused: WorkflowError | None = None,
) -> Response:
    plan = _plan_view(found, files, visit.reader)
    return page(
        visit,
        "documents_import.html",
        UNPROCESSABLE if plan.problems else status,
        plan=plan,
        form=form,
        outdated=outdated,
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )
