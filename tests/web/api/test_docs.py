"""docs/api.md: its commands are run against a real server, its table is what there is."""

import os
import re
import subprocess
import sys
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest

from app.serving import services_of, web_server
from tests.people import order
from web.api import table
from web.application import web_application

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "api.md"
TEXT = PAGE.read_text(encoding="utf-8")
PRELUDE = f'set -euo pipefail\ncountersign() {{ {sys.executable} -m app.cli "$@"; }}\n'


@pytest.fixture
def port(company):
    """Where a server listens, as `countersign serve` starts one."""
    server = web_server(web_application(services_of(company)), "127.0.0.1", 0)
    thread = Thread(target=server.run)
    thread.start()
    until = monotonic() + 20
    while not server.started and monotonic() < until:
        sleep(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(20)


def test_the_commands_end_with_an_approved_order(company, port, database_url):
    script = PRELUDE + "\n".join(re.findall(r"<!-- run -->\n```sh\n(.*?)```", TEXT, re.DOTALL))
    done = subprocess.run(
        ["bash", "-c", script.replace("127.0.0.1:8000", f"127.0.0.1:{port}")],
        cwd=ROOT,
        env={**os.environ, "COUNTERSIGN_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    key = order(number="PO-100").key
    approved = [one for one in company.read.events_of(key) if one.kind == "RequestApproved"]
    assert [(one.actor, one.event.via, one.event.comment) for one in approved] == [
        ("BOB", "bobs-app", "Agreed")
    ]
    with company.uow(readonly=True) as uow:
        assert uow.documents.get(key).status == "released"


def test_the_table_lists_every_operation():
    assert table.BLOCK.search(TEXT)
    assert table.refreshed(TEXT) == TEXT, "run: python -m web.api.table docs/api.md"


def test_every_operation_of_the_description_is_in_the_table(erp):
    description = erp.client.get("/api/v1/openapi.json").json()
    named = [
        f"`{method.upper()} {path}`"
        for path, methods in description["paths"].items()
        for method in methods
    ]

    assert len(named) > 25
    assert [one for one in named if one not in TEXT] == []
