"""Every dependency has its reason and its version written down."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
REASONS = ROOT / "docs" / "decisions" / "0001-dependencies.md"


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return {normalised(re.match(r"[\w.-]+", line)[0]) for group in groups for line in group}


def test_every_dependency_says_why_it_is_there_and_no_other_does():
    explained = re.findall(r"^- `([\w.-]+)`", REASONS.read_text(), flags=re.MULTILINE)

    assert {normalised(name) for name in explained} == declared(), f"repair {REASONS.name}"


def test_every_dependency_is_tested_in_one_exact_version():
    pins = re.findall(
        r"^([\w.-]+)==\S+$", (ROOT / "constraints.txt").read_text(), flags=re.MULTILINE
    )

    assert declared() <= {normalised(name) for name in pins}, "run make constraints"
