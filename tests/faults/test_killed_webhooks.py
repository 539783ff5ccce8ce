"""A worker process is killed while it posts a webhook: it comes again, with the same id."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from app import passes
from app.bootstrap import Application
from app.settings import read_settings
from notifications import webhook_setup
from people import CAST, order, workflow
from webhook_server import receiver
from workflow.service.requesting import send_approval_request

MAIN = [sys.executable, "-c", "from app.cli import main; main()"]
KEY = "a secret key of sixteen or more"
PATIENCE = 30  # seconds
AFTER_THE_LEASE = timedelta(minutes=10)

# Where the worker is killed, and how often the receiver has the message in the end.
POINTS = {
    "before the claim": 1,
    "after the claim, while connecting": 1,
    "after it was sent, before the answer": 2,
    "after the answer, before the mark": 2,
}


@pytest.fixture
def server():
    with receiver() as state:
        yield state


@pytest.fixture
def office(sqlite_database, server):
    """One message waits for the receiver."""
    settings = read_settings(
        database_url=sqlite_database, secret_key=KEY, webhook_targets=server.target
    )
    with Application(settings) as application:
        with application.uow() as uow:
            for user in CAST:
                uow.users.save(user)
            uow.workflows.add_version(workflow())
            uow.workflows.enable("PO", enabled=True)
            uow.documents.add(order(400, requester="ANN"))
            uow.commit()
        webhook_setup.add(
            application.webhook_endpoints,
            application.uow(),
            application.actor("EVA"),
            url=server.url,
            types=["entry.opened"],
            allowed=settings.allowed_webhook_targets,
        )
        send_approval_request(application.uow(), order().key, application.actor("ANN"))
        yield application


def locked(office):
    """Nobody can write until it is closed."""
    file = office.settings.database_file
    lock = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN IMMEDIATE")
    return lock


def kill_a_worker(office, server, point):
    is_there, locks = threading.Event(), []
    hang = threading.Event()

    def stop_here(*_):
        is_there.set()
        hang.wait(PATIENCE)
        raise ConnectionResetError  # what is still on the line is read by nobody

    def answer_but_lock(*_):
        locks.append(locked(office))
        threading.Timer(0.5, is_there.set).start()  # the answer arrives

    if point == "before the claim":
        passes.make_emails(office)
        locks.append(locked(office))
        threading.Timer(3, is_there.set).start()
    elif point == "after the claim, while connecting":
        server.when_connected = stop_here
    elif point == "after it was sent, before the answer":
        server.when_taken = stop_here
    else:
        server.when_taken = answer_but_lock
    environment = os.environ | {
        "COUNTERSIGN_DATABASE_URL": office.settings.database_url,
        "COUNTERSIGN_SECRET_KEY": KEY,
        "COUNTERSIGN_WEBHOOK_TARGETS": server.target,
    }
    with subprocess.Popen([*MAIN, "worker"], env=environment, stderr=subprocess.PIPE) as worker:
        reached = is_there.wait(PATIENCE)
        worker.send_signal(signal.SIGKILL)
        _, errors = worker.communicate()
        assert reached, errors.decode()
    server.when_connected = lambda: None
    server.when_taken = lambda _taken: None
    hang.set()
    for lock in locks:
        lock.close()
    time.sleep(0.2)  # what the server had in hand


def cases():
    return [
        pytest.param(point, times, id=point, marks=() if times > 1 else (pytest.mark.faults,))
        for point, times in POINTS.items()
    ]


@pytest.mark.parametrize(("point", "times"), cases())
def test_no_message_is_lost_and_what_comes_twice_has_one_id(office, server, point, times):
    kill_a_worker(office, server, point)
    later = Application(office.settings, clock=lambda: datetime.now(UTC) + AFTER_THE_LEASE)
    with later:
        for _ in range(3):
            passes.post_webhooks(later)

    assert len(server.taken) == times
    assert len({(taken.headers["webhook-id"], taken.body) for taken in server.taken}) == 1
    with closing(sqlite3.connect(office.settings.database_file)) as connection:
        states = connection.execute("SELECT state FROM webhook_deliveries").fetchall()
        assert states == [("delivered",)]
        assert connection.execute("SELECT count(*) FROM event_inbox").fetchone() == (0,)
