"""The commands of docs/scaling.md, typed from top to bottom: from one process to three."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from app.catcher import Catcher
from db.job_queue import BEAT_EVERY, DEAD_AFTER

ROOT = Path(__file__).parents[2]
HERE = "127.0.0.1"
PASSWORD = "secret"  # noqa: S105 - of the catcher
GUIDE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
USERS = """\
user_id,email,approver,purchase_limit,administrator
ANN,ann@example.com,BOB,0,no
BOB,bob@example.com,CID,1000,no
CID,cid@example.com,,unlimited,yes
"""
ORDERS = """\
number,area,type,amount,requester
PO-1,purchase,order,400,ANN
PO-2,purchase,order,400,ANN
PO-3,purchase,order,400,ANN
"""
PLACES = {
    "/srv/countersign/": "FOLDER/",
    "postgresql://countersign@db.example.com/countersign": "POSTGRESQL",
    "--port 8000": "--port PORT",
    "127.0.0.1:8000": "127.0.0.1:PORT",
    "--metrics-port 9101": "--metrics-port SECOND",
    "127.0.0.1:9101": "127.0.0.1:SECOND",
}


def block(name):
    [text] = re.findall(rf"<!-- {name} -->\n```sh\n(.*?)```\n<!-- end -->", GUIDE, re.DOTALL)
    return text


class Reader:
    """Somebody who types what the guide says, with places of his own."""

    def __init__(self, folder, postgresql, port, second):
        self.here = {"FOLDER": folder, "POSTGRESQL": postgresql, "PORT": port, "SECOND": second}
        clean = {name: value for name, value in os.environ.items() if "COUNTERSIGN" not in name}
        programs = folder / "bin"
        programs.mkdir()
        program = programs / "countersign"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m app.cli "$@"\n')
        program.chmod(0o700)
        path = f"{programs}{os.pathsep}{clean['PATH']}"
        self.environment = clean | {
            "PYTHONPATH": str(ROOT),
            "PATH": path,
            "COUNTERSIGN_USER": "CID",
        }

    def commands(self, name):
        text = block(name)
        for written, ours in PLACES.items():
            text = text.replace(written, ours)
        for ours, place in self.here.items():
            text = text.replace(ours, f"{place}")
        return text.splitlines()

    def exports(self, name):
        """Take over the settings; what is left to be typed."""
        left = []
        for line in self.commands(name):
            if found := re.fullmatch(r"export (\w+)=(.*)", line):
                self.environment[found[1]] = found[2]
            else:
                left.append(line)
        return left

    def types(self, *lines):
        done = subprocess.run(
            ["/bin/sh", "-euc", "\n".join(lines)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{lines}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def starts(self, line):
        return subprocess.Popen(
            ["/bin/sh", "-c", f"exec {line.removesuffix('&')}"],
            cwd=ROOT,
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )


def stop(process):
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


def end(process):
    process.kill()
    process.wait()


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


@pytest.fixture
def empty_database(postgres_server):
    name = f"guide_{os.urandom(6).hex()}"
    url = postgres_server.create_database(name)
    yield url.replace("postgresql+psycopg", "postgresql")
    postgres_server.drop_database(name)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide asks with curl")
def test_the_guide_leads_from_one_process_to_three(tmp_path, empty_database):
    with socket.create_server((HERE, 0)) as one, socket.create_server((HERE, 0)) as other:
        port, second = one.getsockname()[1], other.getsockname()[1]
    reader = Reader(tmp_path, empty_database, port, second)
    account = {"erp@example.com": PASSWORD}
    with Catcher(tmp_path / "mails", accounts=account) as catcher, ExitStack() as ending:
        [serve] = reader.exports("before")
        set_up(reader, catcher)
        one = reader.starts(f"{serve} --port {port}")
        ending.callback(end, one)
        reader.types("countersign send PO-1 --as ANN")
        wait_for(catcher.mails)
        stop(one)
        reader.types("countersign send PO-2 --as ANN")  # waits, and is not to be sent twice

        dry, copy = (
            line.replace(empty_database, f"'{empty_database}'") for line in reader.commands("copy")
        )
        assert "nothing was" in reader.types(dry)
        assert "counted on both sides" in reader.types(copy)
        old = reader.types("countersign run delivery || true")  # on the database of before
        assert "copied to another place" in old
        assert len(catcher.mails()) == 1

        key = tmp_path / "countersign.key"
        assert key.exists()
        reader.types(*reader.exports("settings"))
        reader.types(*reader.commands("accept"))
        for line in reader.commands("processes"):
            ending.callback(end, reader.starts(line))
        wait_for(lambda: len(catcher.mails()) == 2)

        ready, metrics, of_a_worker = reader.commands("watch")
        wait_for(lambda: answers(port, "/health/ready"))
        assert reader.types(ready) == '{"ready":true}'
        wait_for(lambda: "countersign_workers 2.0" in reader.types(metrics))
        assert "countersign_emails_sent_total 2.0" in reader.types(metrics)
        assert "countersign_emails_sent_total 2.0" in reader.types(of_a_worker)
        reader.types("countersign send PO-3 --as ANN")
        wait_for(lambda: len(catcher.mails()) == 3)

    recipients = [mail.recipients for mail in catcher.mails()]
    assert recipients == [("bob@example.com",)] * 3


def set_up(reader, catcher):
    folder = Path(reader.here["FOLDER"])
    (folder / "users.csv").write_text(USERS)
    (folder / "orders.csv").write_text(ORDERS)
    reader.types(
        "countersign db upgrade",
        f"COUNTERSIGN_USER=SETUP countersign users import {folder}/users.csv",
        "countersign workflows create MS-POAPW --set code=ORDERS",
        "countersign workflows enable ORDERS",
        f"countersign documents import {folder}/orders.csv",
        f"countersign mail setup server={catcher.host} port={catcher.port} authentication=basic"
        f" user_name=erp@example.com password={PASSWORD}",
    )


def answers(port, path):
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}{path}")) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_the_guide_says_how_soon_a_dead_worker_is_missed():
    assert (BEAT_EVERY, DEAD_AFTER) == (5, 15)  # "every five seconds", "after fifteen"
    assert "every five seconds" in GUIDE
    assert "missed after fifteen" in GUIDE
