"""The commands of docs/signing-in.md, typed from top to bottom, and what it says of settings."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner

from app.cli.program import program
from app.settings import Settings
from web.paths import ACCOUNTS, ENTRA_DONE
from workflow.user_accounts import IDLE_LIMIT, LINK_VALID_FOR, SESSION_LIMIT, Role

GUIDE = (Path(__file__).parents[2] / "docs" / "signing-in.md").read_text(encoding="utf-8")
PEOPLE = """\
user_id,full_name,administrator
ANN,Ann Ash,no
BOB,Bob Baker,no
CID,Cid Cole,yes
"""


def commands():
    blocks = re.findall(r"<!-- \w+ -->\n```sh\n(.*?)```", GUIDE, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def test_every_command_of_the_guide_works(sqlite_database, monkeypatch, tmp_path):
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", sqlite_database)
    monkeypatch.setenv("COUNTERSIGN_BASE_URL", "https://approvals.contoso.com")
    monkeypatch.setenv("COUNTERSIGN_USER", "SETUP")
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE)
    typed = [f"countersign users import {people}", *commands()]
    for line in typed:
        words, _, redirected = line.partition(" < ")
        password = "four words and more\n" if redirected else None
        done = CliRunner().invoke(program, shlex.split(words)[1:], input=password)
        assert done.exit_code == 0, f"{line}: {done.output}"
    assert len(typed) == 8
    assert [row for row in ("ANN", "BOB", "CID") if row in done.output] == ["ANN", "CID"]


def test_the_guide_says_what_the_program_does():
    for setting in re.findall(r"COUNTERSIGN_(\w+)", GUIDE):
        assert setting.casefold() in Settings.model_fields
    assert ENTRA_DONE in GUIDE
    assert ACCOUNTS in GUIDE
    assert all(f"{role}" in GUIDE for role in Role)
    assert (
        timedelta(hours=8),
        timedelta(hours=24),
        timedelta(hours=24),
    ) == (IDLE_LIMIT, SESSION_LIMIT, LINK_VALID_FOR)
