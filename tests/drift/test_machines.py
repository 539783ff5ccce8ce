"""The two state machines are what everything else says they are."""

import ast
from pathlib import Path

import pytest

from refusal_kinds import refusal_kinds
from workflow import errors
from workflow.diagram import MACHINES, refreshed
from workflow.errors import StepNotAllowed, WorkflowError
from workflow.machines import DOCUMENT, DOCUMENT_STEPS, ENTRY, ENTRY_STEPS, fire
from workflow.statuses import DocumentStatus, EntryStatus

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
BOTH = [
    (DocumentStatus, DOCUMENT_STEPS, DocumentStatus.OPEN),
    (EntryStatus, ENTRY_STEPS, EntryStatus.CREATED),
]
ONLY_ABSTRACT = {"WorkflowError", "NothingToDecide"}  # bases: nobody raises them


class Holder:
    """Anything with a status."""

    def __init__(self, status):
        self.status = status


def trees(*packages):
    """The syntax of every module of these packages, by path."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text())


@pytest.mark.skipif(not README.exists(), reason="there is no README.md yet")
def test_the_diagrams_in_the_readme_are_the_step_tables():
    text = README.read_text()

    for name in MACHINES:
        assert f"<!-- {name} -->" in text, f"README.md has no place for the {name}"
    assert text == refreshed(text), "run python -m workflow.diagram README.md"


@pytest.mark.parametrize(("statuses", "steps", "initial"), BOTH)
def test_every_status_is_in_the_step_table_and_can_be_reached(statuses, steps, initial):
    reached = {initial}
    while more := {step.dest for step in steps if step.source in reached} - reached:
        reached |= more

    assert reached == set(statuses)


@pytest.mark.parametrize(("statuses", "steps", "initial"), BOTH)
def test_a_step_leads_from_one_status_to_one(statuses, steps, initial):
    starts = [(step.trigger, step.source) for step in steps]

    assert len(starts) == len(set(starts))


@pytest.mark.parametrize(
    ("machine", "steps", "statuses"),
    [(DOCUMENT, DOCUMENT_STEPS, DocumentStatus), (ENTRY, ENTRY_STEPS, EntryStatus)],
)
def test_the_machine_takes_the_steps_of_its_table_and_refuses_all_others(machine, steps, statuses):
    table = {(step.trigger, step.source): step.dest for step in steps}
    for trigger in {step.trigger for step in steps}:
        for status in statuses:
            holder = Holder(status)
            if (trigger, status) in table:
                fire(machine, trigger, holder)
                assert holder.status is table[trigger, status]
            else:
                with pytest.raises(StepNotAllowed):
                    fire(machine, trigger, holder)
                assert holder.status is status


@pytest.mark.parametrize("machine", [DOCUMENT, ENTRY])
def test_a_machine_keeps_no_models_and_has_no_doors_of_its_own(machine):
    assert machine.models == []
    assert not [name for name in machine.events if name.startswith("to_")]


def assigns_a_status(node):
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = [part for target in targets for part in ast.walk(target)]
        return any(isinstance(part, ast.Attribute) and part.attr == "status" for part in parts)
    is_setattr = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr"
    return is_setattr and any(
        isinstance(part, ast.Constant) and part.value == "status" for part in node.args
    )


def test_no_code_outside_the_machines_changes_a_status():
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees("workflow", "db")
        for node in ast.walk(tree)
        if assigns_a_status(node)
    ]

    assert found == [], "use fire()"


@pytest.mark.parametrize(
    "code", ["a.status = 1", "a.b.status += 1", "a.status: int = 1", "setattr(a, 'status', 1)"]
)
def test_a_change_of_a_status_is_recognised(code):
    assert any(map(assigns_a_status, ast.walk(ast.parse(code))))


# --- refusals ------------------------------------------------------------------------------


def refusals():
    return {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, WorkflowError)
    }


def names_in(*packages):
    return {
        node.id
        for path, tree in trees(*packages)
        if path.parent != Path("workflow/errors")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
    }


def test_every_refusal_of_the_workflow_can_be_imported_from_the_package():
    ours = {
        kind.__name__ for kind in refusal_kinds() if kind.__module__.startswith("workflow.errors.")
    }

    assert refusals() == ours


def test_every_refusal_is_used():
    used = names_in("workflow", "notifications", "db", "web", "app")

    assert refusals() - used - ONLY_ABSTRACT == set(), "remove it from workflow/errors"


def test_every_refusal_is_tested():
    assert refusals() - names_in("tests") - ONLY_ABSTRACT == set(), "write the test"


def test_every_refusal_has_a_code_of_its_own():
    codes = [getattr(errors, name).code for name in refusals() - ONLY_ABSTRACT]

    assert len(codes) == len(set(codes))
