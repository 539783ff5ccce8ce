"""The import rules in pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_imports_keep_to_the_layers():
    pytest.importorskip("importlinter", reason="import-linter is not here: make setup-lint")
    rules = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    checked = subprocess.run(
        [sys.executable, "-c", rules], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
