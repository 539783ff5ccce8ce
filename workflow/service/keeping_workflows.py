"""What an administrator does with workflows: versions, enabling, deleting.

One administrator at a time, as in ``setting_up``.
"""

from dataclasses import replace

from workflow.actors import Actor
from workflow.definitions import WorkflowDefinition
from workflow.enabling import check_complete, check_formulas, check_unique
from workflow.errors import (
    WorkflowEnabledIsLocked,
    WorkflowExists,
    WorkflowInUse,
    WorkflowNotFound,
)
from workflow.events import WorkflowDeleted, WorkflowDisabled, WorkflowEnabled, WorkflowSaved
from workflow.identifiers import check_identifier
from workflow.ports import UnitOfWork
from workflow.service.rights import check_may_set_up


def save_workflow(
    uow: UnitOfWork, definition: WorkflowDefinition, actor: Actor, *, replacing: bool = False
) -> WorkflowDefinition:
    """Store a workflow as a new version; an equal one stays as it is.

    Raises:
        BadValue: its code is not one.
        BadDateFormula, NegativeDateFormula: when it is due, or handed over.
        WorkflowEnabledIsLocked: it is enabled.
        WorkflowExists: there is a different one of that code, and *replacing* is false.
    """
    check_identifier("code", definition.code)
    check_formulas(definition)
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        latest = uow.workflows.latest(definition.code)
        if latest is not None:
            if replace(definition, version=latest.version) == latest:
                return latest
            if uow.workflows.is_enabled(definition.code):
                raise WorkflowEnabledIsLocked(definition.code)
            if not replacing:
                raise WorkflowExists(definition.code)
        version = uow.workflows.last_version(definition.code) + 1
        stored = replace(definition, version=version)
        uow.workflows.add_version(stored)
        event = WorkflowSaved(
            at=actor.at, actor=actor.user, subject=definition.code, version=version
        )
        uow.record_setup([event])
        uow.commit()
        return stored


def enable_workflow(uow: UnitOfWork, code: str, actor: Actor) -> WorkflowDefinition:
    """Let a workflow catch documents.

    Raises:
        WorkflowNotFound, WorkflowIncomplete, WorkflowDuplicate, BadDateFormula
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        definition = _latest(uow, code)
        check_complete(definition)
        enabled = uow.workflows.enabled(definition.area, definition.document_type)
        check_unique(definition, enabled)
        if not uow.workflows.is_enabled(code):
            uow.workflows.enable(code, enabled=True)
            event = WorkflowEnabled(
                at=actor.at, actor=actor.user, subject=code, version=definition.version
            )
            uow.record_setup([event])
            uow.commit()
        return definition


def disable_workflow(uow: UnitOfWork, code: str, actor: Actor) -> WorkflowDefinition:
    """Stop a workflow from catching documents; running requests go on.

    Raises:
        WorkflowNotFound
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        definition = _latest(uow, code)
        if uow.workflows.is_enabled(code):
            uow.workflows.enable(code, enabled=False)
            event = WorkflowDisabled(
                at=actor.at, actor=actor.user, subject=code, version=definition.version
            )
            uow.record_setup([event])
            uow.commit()
        return definition


def delete_workflow(uow: UnitOfWork, code: str, actor: Actor) -> None:
    """Delete a workflow that is neither enabled nor used by a request of a live document.

    Raises:
        WorkflowNotFound, WorkflowEnabledIsLocked, WorkflowInUse
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        _latest(uow, code)
        if uow.workflows.is_enabled(code):
            raise WorkflowEnabledIsLocked(code)
        if uow.workflows.has_runs(code):
            raise WorkflowInUse(code)
        uow.workflows.remove(code)
        uow.record_setup([WorkflowDeleted(at=actor.at, actor=actor.user, subject=code)])
        uow.commit()


def _latest(uow: UnitOfWork, code: str) -> WorkflowDefinition:
    definition = uow.workflows.latest(code)
    if definition is None:
        raise WorkflowNotFound(code)
    return definition
