"""A small company at the command line: Ann asks, Bob may approve to 1,000, Cid anything."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.program import program

USERS = """\
user_id,full_name,email,approver,substitute,purchase_limit,administrator
ANN,Ann Ash,ann@example.com,BOB,,0,no
BOB,Bob Baker,bob@example.com,CID,DEE,1000,no
CID,Cid Cole,cid@example.com,,,unlimited,yes
DEE,Dee Dunn,dee@example.com,CID,,0,no
"""
DOCUMENTS = """\
number,area,type,amount,requester,counterparty_name,description
PO-1,purchase,order,400,ANN,Desks & Co,Two desks
PO-2,purchase,order,5000,ANN,Desks & Co,Twenty desks
PO-3,purchase,order,10,ANN,Desks & Co,A lamp
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def typed(sqlite_database, monkeypatch):
    """Types a command: ``typed("send", "PO-1", "--as", "ann")``."""
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", sqlite_database)
    monkeypatch.setenv("COUNTERSIGN_USER", "SETUP")
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words, stdin=None):
        result = CliRunner().invoke(program, [str(word) for word in words], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def done(typed):
    """As ``typed``, for what has to succeed."""

    def run(*words, stdin=None):
        ended = typed(*words, stdin=stdin)
        assert ended.exit_code == 0, ended.err
        return ended

    return run


@pytest.fixture
def file(tmp_path):
    """Writes a file that is handed in."""

    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def company(done, file):
    """Set up, with three open orders and an enabled workflow."""
    done("users", "import", file("users.csv", USERS))
    done("documents", "import", file("documents.csv", DOCUMENTS))
    done("workflows", "create", "POAPW", "--set", "due=1W")
    done("workflows", "enable", "POAPW")
