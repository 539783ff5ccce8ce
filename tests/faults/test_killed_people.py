"""The process of a person, a program or an administrator is killed: nothing is half done."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.schema import outdated
from db.tables import documents
from faults.office import wait_for
from people import CAST, order
from web.api.keys import Wanted, new_key
from workflow.api_keys import Scope
from workflow.events import ApprovalOverdue
from workflow.options import CompanyOptions
from workflow.statuses import DocumentStatus

TESTS = Path(__file__).parent.parent
KILLED = -signal.SIGKILL
MOST_STATEMENTS = 400
SEND = "/api/v1/documents/purchase/order/PO-1/approval-requests"


def run(environment, *words: str, timeout=60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=TESTS,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def dying(office, point, *words: str) -> int:
    done = run(office.environment(), "faults.dying", str(point), *words)
    assert done.returncode in {0, KILLED}, done.stderr
    return done.returncode


def living(office, *words: str) -> None:
    done = run(office.environment(), "app.cli", *words)
    assert done.returncode == 0, done.stderr


def events_of(office, number: str) -> int:
    return len(office.application.read.events_of(order(number=number).key))


# --- K1 ------------------------------------------------------------------------------------


def test_a_process_killed_before_its_commit_did_nothing(in_a_file, accounted):
    in_a_file.receive("PO-1")
    assert dying(in_a_file, "commit", "send", "PO-1", "--as", "ANN") == KILLED
    assert in_a_file.status("PO-1") is DocumentStatus.OPEN
    assert events_of(in_a_file, "PO-1") == 0

    living(in_a_file, "send", "PO-1", "--as", "ANN")
    assert dying(in_a_file, "commit", "approve", "PO-1", "--as", "BOB") == KILLED
    assert in_a_file.status("PO-1") is DocumentStatus.PENDING_APPROVAL

    living(in_a_file, "approve", "PO-1", "--as", "BOB")
    assert in_a_file.status("PO-1") is DocumentStatus.RELEASED
    in_a_file.deliver_the_rest()
    accounted(in_a_file)


@pytest.mark.faults
def test_a_process_killed_at_any_statement_did_nothing(in_a_file, accounted):
    in_a_file.ask("PO-1")
    before = events_of(in_a_file, "PO-1")
    for statement in range(1, MOST_STATEMENTS):
        if dying(in_a_file, statement, "approve", "PO-1", "--as", "BOB") == 0:
            break
        assert in_a_file.status("PO-1") is DocumentStatus.PENDING_APPROVAL
        assert events_of(in_a_file, "PO-1") == before
    assert statement > 5
    assert in_a_file.status("PO-1") is DocumentStatus.RELEASED
    in_a_file.deliver_the_rest()
    accounted(in_a_file)


# --- K2 ------------------------------------------------------------------------------------


@pytest.mark.faults
def test_a_server_killed_before_its_answer_gives_it_when_asked_again(in_a_file, accounted):
    in_a_file.receive("PO-1")
    scopes = frozenset(Scope) - {Scope.ENTRIES_DECIDE}
    wanted = Wanted(name="erp", scopes=scopes, person=None)
    _, key = new_key(in_a_file.application.api_keys, wanted, CAST, in_a_file.now())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def ask():
        line = HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": "once",
        }
        with closing(line), suppress(OSError, HTTPException):
            line.request("POST", SEND, json.dumps({"requester": "ANN"}), headers)
            answer = line.getresponse()
            return answer.status, answer.headers.get("idempotent-replayed"), answer.read()
        return None

    def is_up() -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        return False

    command = [sys.executable, "-m", "faults.dying", "after-commit", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=TESTS, env=in_a_file.environment()) as server:
        wait_for(is_up)
        assert ask() is None
        assert server.wait(30) == KILLED
    assert in_a_file.status("PO-1") is DocumentStatus.PENDING_APPROVAL
    before = events_of(in_a_file, "PO-1")

    with in_a_file.process("serve", "--port", str(port)):
        wait_for(is_up)
        status, replayed, _ = ask()
        assert (status, replayed) == (200, "true")
        assert events_of(in_a_file, "PO-1") == before
    in_a_file.deliver_the_rest()
    accounted(in_a_file)


# --- K11 -----------------------------------------------------------------------------------


@pytest.mark.faults
def test_a_run_of_reminders_killed_halfway_is_finished_by_the_next(in_a_file, accounted):
    office = in_a_file
    with office.application.uow() as uow:
        uow.set_company(CompanyOptions(working_days_only=False))
        uow.commit()
    office.later = -timedelta(days=3)
    numbers = [f"PO-{number}" for number in range(4)]
    for number in numbers:
        office.ask(number)
    office.later = timedelta(0)

    def reminded() -> list[int]:
        with office.application.uow(readonly=True) as uow:
            documents = [uow.documents.get(order(number=number).key) for number in numbers]
            return [len(uow.recorded(document, ApprovalOverdue)) for document in documents]

    dead = [dying(office, "after-commit", "run", "overdue") for _ in numbers[:2]]
    assert dead == [KILLED, KILLED]
    assert sorted(reminded()) == [0, 0, 1, 1]
    living(office, "run", "overdue")
    living(office, "run", "overdue")

    assert reminded() == [1, 1, 1, 1]
    office.deliver_the_rest()
    accounted(office)


# --- K12 -----------------------------------------------------------------------------------


def stored(office) -> int:
    with office.application.engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(documents))


@pytest.mark.faults
@pytest.mark.parametrize("statement", [5, 10, 20, 30, "commit"])
def test_an_import_killed_halfway_leaves_nothing(in_a_file, tmp_path, statement):
    file = tmp_path / "orders.csv"
    rows = [f"PO-{number},purchase,order,400,ANN" for number in range(10)]
    file.write_text("\n".join(["number,area,type,amount,requester", *rows]))
    assert dying(in_a_file, statement, "documents", "import", str(file)) == KILLED
    assert stored(in_a_file) == 0

    living(in_a_file, "documents", "import", str(file))
    assert stored(in_a_file) == 10


# --- K13 -----------------------------------------------------------------------------------


@pytest.mark.faults
@pytest.mark.parametrize("statement", [1, 5, 20, 60, 120])
def test_a_migration_killed_halfway_is_finished_or_undone(tmp_path, statement):
    file = tmp_path / "new.db"
    url = f"sqlite:///{file}"
    environment = {"PATH": "", "HOME": str(tmp_path), "COUNTERSIGN_DATABASE_URL": url}
    killed = run(environment, "faults.dying", str(statement), "db", "upgrade")
    assert killed.returncode == KILLED, killed.stderr
    assert outdated(url)
    refused = run(environment, "app.cli", "documents", "list")
    assert refused.returncode == 3, refused.stderr
    assert "Traceback" not in refused.stderr

    done = run(environment, "app.cli", "db", "upgrade")
    assert done.returncode == 0, done.stderr
    assert outdated(url) == []
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- K16 -----------------------------------------------------------------------------------


@pytest.mark.faults
def test_a_right_counts_until_it_is_taken_away_and_not_after(in_a_file):
    in_a_file.ask("PO-1")
    remove = ("users", "remove", "BOB", "--anyway", "--as", "EVA")
    assert dying(in_a_file, "commit", *remove) == KILLED
    assert dying(in_a_file, "commit", "approve", "PO-1", "--as", "BOB") == KILLED  # he still may
    living(in_a_file, *remove)

    refused = run(in_a_file.environment(), "app.cli", "approve", "PO-1", "--as", "BOB")
    assert refused.returncode == 1
    assert in_a_file.status("PO-1") is DocumentStatus.PENDING_APPROVAL
