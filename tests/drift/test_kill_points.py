"""Every kill point of the list of threats has tests that exist, and every test a point."""

import ast
import re
from pathlib import Path

import pytest

from faults.kill_points import KILL_POINTS, WITHOUT

TESTS = Path(__file__).parents[1]
THREATS = TESTS.parents[1] / "shared" / "reference" / "security.md"


def functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("point", KILL_POINTS)
def test_the_tests_of_a_kill_point_exist(point):
    for named in KILL_POINTS[point].tests:
        file, _, function = named.partition("::")
        assert function in functions(TESTS / file), named


def test_no_point_is_left_out():
    points = {**KILL_POINTS, **WITHOUT}

    assert set(points) == {f"K{number}" for number in range(1, 17)}
    assert not set(KILL_POINTS) & set(WITHOUT)


def test_every_test_with_a_killed_process_is_named():
    named = {test for point in KILL_POINTS.values() for test in point.tests}
    killing = {
        f"faults/{file.name}::{name}"
        for file in (TESTS / "faults").glob("test_killed_*.py")
        for name in functions(file)
        if name.startswith("test_")
    }

    assert killing - named == set(), "name them in tests/faults/kill_points.py"


def test_the_points_are_those_of_the_list_of_threats():
    if not THREATS.exists():
        pytest.skip("The list of threats is not here.")
    listed = re.findall(r"^\| (K\d+) ", THREATS.read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert set(listed) == {*KILL_POINTS, *WITHOUT}
