"""What measures us still runs: each program of bench/ once, small; how fast is not asked."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = {
    "bench --documents 2 --sizes 50,100": "approve three times",
    "bench.mail --letters 5 --rounds 1": "Our own letter",
    "bench.pages --documents 300 --requests 2": "p95",
    "bench.size --documents 2600 --only sqlite": "retention: 100 documents",
}


@pytest.mark.faults
@pytest.mark.parametrize(("words", "shown"), PROGRAMS.items())
def test_it_runs_to_its_end(words, shown):
    command = [sys.executable, "-m", *shlex.split(words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert shown in done.stdout
