"""Every conformance case, played through the service on a real database, under the profile bc.

`pytest tests/conformance --cases FILE` runs another file of the same schema.
"""

from pathlib import Path

import pytest
import yaml

from conformance.actions import Actions
from conformance.expectations import (
    expected_notifications,
    notifications_of,
    state_differences,
)
from conformance.improved import IMPROVED
from conformance.world import World
from workflow.errors import WorkflowError

HERE = Path(__file__).parent


def expanded(case):
    """One case for each element of its matrix."""
    for element in case.get("matrix") or ({},):
        suffix = "-".join(element.values())
        yield pytest.param(filled(case, element), id=f"{case['id']}-{suffix}".rstrip("-"))


def filled(node, element):
    """The case with area and type "*" replaced."""
    if isinstance(node, dict):
        return {
            key: element.get(key, value) if value == "*" else filled(value, element)
            for key, value in node.items()
        }
    return [filled(item, element) for item in node] if isinstance(node, list) else node


def cases_in(path):
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with Path(path).open(encoding="utf-8") as file:
        content = yaml.load(file, Loader=loader)  # noqa: S506 - both are safe loaders
    assert content.get("schema_version", 1) == 1
    return [one for case in content["cases"] for one in expanded(case)]


def pytest_generate_tests(metafunc):
    if "case" in metafunc.fixturenames:
        given = metafunc.config.getoption("--cases")
        paths = [given] if given else [HERE / "cases.yaml", HERE / "more_cases.yaml"]
        metafunc.parametrize("case", [case for path in paths for case in cases_in(path)])


def play(case, company):
    """The first differences between what happens and what the case expects."""
    world = World(company.uow, case.get("given") or {})
    actions = Actions(world, company.reads)
    for number, step in enumerate(case.get("when") or (), 1):
        found = step_differences(world, company.reads, actions, step)
        if found:
            return [f"step {number} ({step['by']} {step['do']}): {text}" for text in found]
    return state_differences(world, company.reads, case.get("then") or {})


def step_differences(world, reads, actions, step):
    try:
        events, returned = actions.perform(step)
    except WorkflowError as error:
        if error.code == step.get("error"):
            return []
        return [f"refused with {error.code} ({error})"]
    if "error" in step:
        return [f"was not refused with {step['error']}"]
    found = []
    if "notify" in step:
        with world.uow as uow:
            in_setup = {user.user_id for user in uow.users.all()}
        ours = notifications_of(events, in_setup)
        theirs = expected_notifications(step["notify"])
        if ours != theirs:
            found.append(f"told {dict(ours)} instead of {dict(theirs)}")
    if "returns" in step and returned != comparable(step["returns"]):
        found.append(f"returned {returned!r} instead of {step['returns']!r}")
    return found + state_differences(world, reads, step.get("expect") or {})


def comparable(value):
    """YAML reads an unquoted moment as a datetime."""
    return value.strftime("%Y-%m-%dT%H:%M") if hasattr(value, "strftime") else value


def test_the_case_comes_out_as_in_business_central(case, company, record_property):
    differences = play(case, company)
    quirk = case.get("quirk")
    if differences and quirk in IMPROVED:
        record_property("improved", quirk)  # see pytest_report_teststatus
        return

    assert not differences, "\n".join([case["name"], *differences])
