"""Taking in workflows from a file: all of them, or nothing; none is enabled by it."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflow.actors import Actor
from workflow.definitions import WorkflowDefinition
from workflow.ports import UnitOfWork
from workflow.service.setting_up import save_workflow


@dataclass(frozen=True, kw_only=True)
class WorkflowTaken:
    """One workflow of the file, and what was there before."""

    stored: WorkflowDefinition
    before: WorkflowDefinition | None

    @property
    def what(self) -> str:
        if self.before is None:
            return "added"
        return "unchanged" if self.before == self.stored else "changed"


def import_workflows(
    uow: UnitOfWork,
    workflows: Iterable[WorkflowDefinition],
    actor: Actor,
    *,
    replacing: bool = False,
    dry_run: bool = False,
) -> list[WorkflowTaken]:
    """
    Raises:
        what ``save_workflow`` raises.
    """
    taken: list[WorkflowTaken] = []
    with uow:
        uow.lock_setup()
        for workflow in workflows:
            before = uow.workflows.latest(workflow.code)
            stored = save_workflow(uow, workflow, actor, replacing=replacing)
            taken.append(WorkflowTaken(stored=stored, before=before))
        if not dry_run:
            uow.commit()
    return taken
