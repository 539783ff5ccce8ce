"""One workflow: its settings, enabling it, its versions, deleting it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from web.fingerprints import check_unchanged, fingerprint
from web.paths import WORKFLOWS, workflow_path
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.user_form import numbers_of
from web.visits import Posted, SeesSetup, SetsUp, Visit
from web.workflow_views import (
    DifferenceView,
    differences,
    sentence,
    typed_workflow,
    workflow_fields,
)
from workflow.definitions import WorkflowDefinition
from workflow.enabling import defects
from workflow.errors import UnknownStep, WorkflowError, WorkflowNotFound
from workflow.interchange.typed import NotUnderstood, read_each
from workflow.interchange.workflow_settings import PROFILE, setting_readers, with_values
from workflow.ports import UnitOfWork
from workflow.service import setting_up

router = APIRouter()
EDIT: Final = WORKFLOWS + "/edit/{code:path}"
VERSIONS: Final = WORKFLOWS + "/versions/{code:path}"
DELETE: Final = WORKFLOWS + "/delete/{code:path}"
SEE_OTHER: Final = 303
UNPROCESSABLE: Final = 422


@dataclass(frozen=True, kw_only=True)
class VersionView:
    version: int
    sentence: str
    changes: list[DifferenceView]  # against the version before


@router.get(EDIT)
def one_workflow(visit: SeesSetup, code: str) -> Response:
    workflow, enabled = _stored(visit, code)
    typed = typed_workflow(workflow, visit.reader)
    return _form(visit, typed, {}, workflow, seen=fingerprint(workflow, enabled))


@router.post(EDIT)
def act(visit: SetsUp, fields: Posted, code: str) -> Response:
    workflow, _ = _stored(visit, code)
    seen = fields.get("seen", "")
    try:
        values, wrong = read_each(fields, setting_readers(numbers_of(visit.reader)))
        if wrong and fields.get("step") == "save":
            return _form(visit, fields, _hints(wrong, visit), workflow, UNPROCESSABLE, seen=seen)
        with visit.services.uow() as uow:
            uow.lock_setup()
            latest = uow.workflows.latest(code)
            check_unchanged(seen, code, latest, uow.workflows.is_enabled(code))
            _step(uow, visit, fields.get("step", ""), workflow, values)
            uow.commit()
    except NotUnderstood:
        words = _hints({"stage_rule": ""}, visit)
        return _form(visit, fields, words, workflow, UNPROCESSABLE, seen=seen)
    except WorkflowError as error:
        typed = fields if fields.get("step") == "save" else typed_workflow(workflow, visit.reader)
        return _form(visit, typed, {}, workflow, status_of(error), error, seen=seen)
    return RedirectResponse(workflow_path(code), status_code=SEE_OTHER)


def _step(
    uow: UnitOfWork,
    visit: Visit,
    step: str,
    workflow: WorkflowDefinition,
    values: Mapping[str, object],
) -> None:
    match step:
        case "save":
            changed = with_values(workflow, {**values, "code": workflow.code})
            setting_up.save_workflow(uow, changed, visit.actor, replacing=True)
        case "bc":
            as_there = with_values(workflow, {PROFILE: "bc"})
            setting_up.save_workflow(uow, as_there, visit.actor, replacing=True)
        case "enable":
            setting_up.enable_workflow(uow, workflow.code, visit.actor)
        case "disable":
            setting_up.disable_workflow(uow, workflow.code, visit.actor)
        case _:
            raise UnknownStep(step)


@router.get(VERSIONS)
def versions(visit: SeesSetup, code: str) -> Response:
    _stored(visit, code)
    with visit.services.reading() as uow:
        found = [
            uow.workflows.version(code, number)
            for number in range(1, uow.workflows.last_version(code) + 1)
        ]
    views = [
        VersionView(
            version=one.version,
            sentence=sentence(one, visit.reader),
            changes=differences(before, one, visit.reader) if before else [],
        )
        for before, one in zip([None, *found], found, strict=False)
    ]
    return page(
        visit, "workflow_versions.html", code=code, versions=views[::-1], back=workflow_path(code)
    )


@router.get(DELETE)
def deletion(visit: SetsUp, code: str) -> Response:
    workflow, _ = _stored(visit, code)
    return _deletion(visit, workflow)


@router.post(DELETE)
def delete(visit: SetsUp, _fields: Posted, code: str) -> Response:
    workflow, _ = _stored(visit, code)
    try:
        setting_up.delete_workflow(visit.services.uow(), code, visit.actor)
    except WorkflowError as error:
        return _deletion(visit, workflow, error)
    return RedirectResponse(WORKFLOWS, status_code=SEE_OTHER)


def _deletion(
    visit: Visit, workflow: WorkflowDefinition, refused: WorkflowError | None = None
) -> Response:
    return page(
        visit,
        "workflow_deletion.html",
        status_of(refused) if refused else 200,
        code=workflow.code,
        sentence=sentence(workflow, visit.reader),
        back=workflow_path(workflow.code),
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )


# --- the form ------------------------------------------------------------------------------


def _form(  # noqa: PLR0913 - what a form shows
    visit: Visit,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    workflow: WorkflowDefinition,
    status: int = 200,
    refused: WorkflowError | None = None,
    *,
    seen: str,
) -> Response:
    code, reader = workflow.code, visit.reader
    with visit.services.reading() as uow:
        enabled = uow.workflows.is_enabled(code)
        people = [one.user_id for one in uow.users.all()]
        groups = uow.users.groups()
        warnings = [
            reader.gettext(words).format(*parts) for words, *parts in defects(workflow, uow.users)
        ]
    readonly = enabled or not visit.sets_up
    return page(
        visit,
        "one_workflow.html",
        status,
        code=code,
        version=workflow.version,
        enabled=enabled,
        sentence=sentence(workflow, reader),
        fields=workflow_fields(
            typed, reader, people=people, groups=groups, wrong=wrong, readonly=readonly
        ),
        warnings=warnings,
        readonly=readonly,
        seen=seen,
        versions_path=workflow_path(code, "versions"),
        deletion_path=workflow_path(code, "delete"),
        refusal=refusal_view(refused, reader.language) if refused else None,
    )


def _hints(wrong: Mapping[str, str], visit: Visit) -> dict[str, str]:
    """What to write instead, in the reader's language."""
    gettext = visit.reader.gettext
    stage = gettext("Write all, any, or a number from 1 to 99.")
    amount = gettext("Write an amount, or nothing.")
    choice = gettext("Choose one of the values.")
    hints = {"stage_rule": stage, "min_amount": amount, "max_amount": amount}
    return {name: hints.get(name, choice) for name in wrong}


def _stored(visit: Visit, code: str) -> tuple[WorkflowDefinition, bool]:
    """
    Raises:
        WorkflowNotFound
    """
    with visit.services.reading() as uow:
        workflow = uow.workflows.latest(code)
        if workflow is None:
            raise WorkflowNotFound(code)
        return workflow, uow.workflows.is_enabled(code)
