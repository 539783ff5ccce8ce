"""Workflows: the list, a new one from a template, and all of them as a file."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.formatting import one_line
from web.fingerprints import check_unchanged, fingerprint
from web.paths import WORKFLOWS, workflow_path
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.visits import Posted, SeesSetup, SetsUp, Uploads, Visit
from web.workflow_views import DifferenceView, differences, sentence
from workflow.errors import WorkflowError, WorkflowNotFound
from workflow.interchange.files import GivenFile
from workflow.ports import UnitOfWork
from workflow.service import setting_up
from workflow.service.workflow_imports import WorkflowTaken, import_workflows
from workflow.workflow_templates import TEMPLATES, template

router = APIRouter()
IMPORT: Final = f"{WORKFLOWS}/import"
SEE_OTHER: Final = 303


@dataclass(frozen=True, kw_only=True)
class WorkflowRow:
    path: str
    code: str
    description: str
    sentence: str
    version: int
    enabled: bool


@dataclass(frozen=True, kw_only=True)
class TakenView:
    """One workflow of a file, and what the import does to it."""

    code: str
    what: str
    sentence: str
    changes: list[DifferenceView]


@router.get(WORKFLOWS)
def workflows(visit: SeesSetup) -> Response:
    return _list(visit)


@router.post(WORKFLOWS)
def create(visit: SetsUp, fields: Posted) -> Response:
    code = fields.get("code", "").strip()
    try:
        made = template(fields.get("template", "")).workflow(code)
        with visit.services.uow() as uow:
            uow.lock_setup()
            stored = setting_up.save_workflow(uow, made, visit.actor)
            uow.commit()
    except WorkflowError as error:
        return _list(visit, status_of(error), error, code=code)
    return RedirectResponse(workflow_path(stored.code), status_code=SEE_OTHER)


def _list(
    visit: Visit, status: int = 200, refused: WorkflowError | None = None, code: str = ""
) -> Response:
    with visit.services.reading() as uow:
        rows = [
            WorkflowRow(
                path=workflow_path(one.code),
                code=one.code,
                description=one_line(one.description),
                sentence=sentence(one, visit.reader),
                version=one.version,
                enabled=uow.workflows.is_enabled(one.code),
            )
            for one in uow.workflows.all()
        ]
    templates = [(one.code, sentence(one.workflow(), visit.reader)) for one in TEMPLATES]
    refusal = refusal_view(refused, visit.reader.language) if refused else None
    return page(
        visit,
        "workflows.html",
        status,
        rows=rows,
        templates=templates,
        code=code,
        refusal=refusal,
    )


# --- as a file -----------------------------------------------------------------------------


@router.get(f"{WORKFLOWS}/export")
def export(visit: SeesSetup, code: str = "") -> Response:
    with visit.services.reading() as uow:
        found = [one for one in uow.workflows.all() if code in {"", one.code}]
    if code and not found:
        raise WorkflowNotFound(code)
    headers = {"Content-Disposition": 'attachment; filename="workflows.yaml"'}
    text = visit.services.workflow_files.to_yaml(found)
    return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)


@router.get(IMPORT)
def choose(visit: SetsUp) -> Response:
    return _import_page(visit)


@router.post(IMPORT)
def plan_or_apply(visit: SetsUp, fields: Posted, files: Uploads) -> Response:
    """What the file would change; with the plan's id, it is changed: all of it, or nothing."""
    file = files.get("file") or _sent_back(fields)
    applies = fields.get("step") == "apply"
    try:
        found = visit.services.workflow_files.from_yaml(file)
        with visit.services.uow() as uow:
            uow.lock_setup()
            identity = _id_of(uow, file)
            if applies:
                check_unchanged(fields.get("plan", ""), file.name, *_plan_of(uow, file))
            taken = import_workflows(uow, found, visit.actor, replacing=True)
            if applies:
                uow.commit()
    except WorkflowError as error:
        return _import_page(visit, status_of(error), error)
    if applies:
        return RedirectResponse(WORKFLOWS, status_code=SEE_OTHER)
    return _import_page(visit, taken=taken, file=file, identity=identity)


def _sent_back(fields: dict[str, str]) -> GivenFile:
    try:
        data = urlsafe_b64decode(fields.get("content", ""))
    except ValueError:
        data = b""
    return GivenFile(name=fields.get("name", "workflows.yaml"), data=data)


def _plan_of(uow: UnitOfWork, file: GivenFile) -> tuple[object, ...]:
    return file.data, uow.workflows.all()


def _id_of(uow: UnitOfWork, file: GivenFile) -> str:
    return fingerprint(*_plan_of(uow, file))


def _import_page(  # noqa: PLR0913 - what the page shows
    visit: Visit,
    status: int = 200,
    refused: WorkflowError | None = None,
    *,
    taken: list[WorkflowTaken] | None = None,
    file: GivenFile | None = None,
    identity: str = "",
) -> Response:
    return page(
        visit,
        "workflows_import.html",
        status,
        taken=None if taken is None else [_taken(one, visit) for one in taken],
        content=urlsafe_b64encode(file.data).decode("ascii") if file else "",
        name=one_line(file.name) if file else "",
        identity=identity,
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )


def _taken(one: WorkflowTaken, visit: Visit) -> TakenView:
    words = {
        "added": visit.reader.gettext("new"),
        "changed": visit.reader.gettext("changed"),
        "unchanged": visit.reader.gettext("unchanged"),
    }
    changes = differences(one.before, one.stored, visit.reader) if one.before else []
    return TakenView(
        code=one.stored.code,
        what=words[one.what],
        sentence=sentence(one.stored, visit.reader),
        changes=changes,
    )
