"""The commands of the README, typed from top to bottom."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from app.catcher import Catcher

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(block):
    text = re.search(rf"<!-- {block} -->\n```sh\n(.*?)```", README, re.DOTALL).group(1)
    return [shlex.split(line, comments=True)[1:] for line in text.splitlines() if line]


@pytest.fixture
def typed(tmp_path):
    """Run one command as a person would, in a database of its own."""
    environment = {name: value for name, value in os.environ.items() if "COUNTERSIGN" not in name}
    environment["COUNTERSIGN_DATABASE_URL"] = f"sqlite:///{tmp_path / 'tour.db'}"

    def run(arguments):
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_tour_ends_with_a_released_order_and_its_emails(typed, tmp_path):
    with Catcher(tmp_path / "mails", accounts={"erp@example.com": "secret"}) as catcher:
        for arguments in commands("tour") + commands("mail"):
            with_port = [part.replace("port=2525", f"port={catcher.port}") for part in arguments]
            done = typed(with_port)

            assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        mails = catcher.mails()

    sent = sorted((mail.message["From"], mail.recipients) for mail in mails)
    assert sent == [
        ("Ann Lee <ann@example.com>", ("bob@example.com",)),  # PO-2; PO-1 was decided already
        ("noreply@example.com", ("ann@example.com",)),
    ]


def test_the_readme_names_make_verbs_that_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))

    assert {"demo", "test", "lint", "faults", "bench"} <= verbs
    assert all(re.search(rf"^{verb}:", makefile, re.MULTILINE) for verb in verbs)
