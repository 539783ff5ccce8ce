"""The commands of docs/wording.md, typed from top to bottom, and what it says about templates."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from notifications.override_process import FILTERS
from notifications.rendering import Context
from notifications.views import EventView
from notifications.wording import FAILURES_ALLOWED, TEXT_LIMIT

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "wording.md").read_text(encoding="utf-8")


def commands():
    blocks = re.findall(r"<!-- \w+ -->\n```sh\n(.*?)```", GUIDE, re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines() if line]


def named_in(row):
    (cells,) = re.findall(rf"^\| {row} \| (.*) \|$", GUIDE, re.MULTILINE)
    return set(re.findall(r"`(\w+)`", cells))


def test_every_command_of_the_guide_works(tmp_path):
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    environment = {name: value for name, value in os.environ.items() if "COUNTERSIGN" not in name}
    environment["COUNTERSIGN_DATABASE_URL"] = f"sqlite:///{tmp_path / 'words.db'}"
    program = [sys.executable, "-c", "from app.cli import main; main()"]
    typed = [["db", "upgrade"], *commands()]
    said = []
    for arguments in typed:
        done = subprocess.run(
            [*program, *arguments],
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        said.append(done.stdout)

    assert len(typed) == 10
    assert "Vragen? Bel 2911." in said[3]
    assert "Ann Ash vraagt uw akkoord voor inkooporder PO-1." in said[8]
    assert "<li dir=" in (tmp_path / "letter.html").read_text(encoding="utf-8")


def test_the_guide_names_what_there_is():
    assert named_in("names") == set(Context.__dataclass_fields__)
    assert named_in("of an event") - {"requester"} > {"document", "entry", "facts"}
    first_words = re.split(r" \(.*?\)", re.search(r"\| of an event \| (.*) \|", GUIDE)[1])
    own = {name for words in first_words for name in re.findall(r"`(\w+)`", words)}
    assert own <= set(EventView.__dataclass_fields__)
    assert named_in("filters") <= {*FILTERS, "lines"}
    assert f"{TEXT_LIMIT:,} characters" in GUIDE
    assert FAILURES_ALLOWED == 3  # "three times", also in the letter wording_broken
