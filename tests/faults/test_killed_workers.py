"""A worker process is killed at every point of a delivery: nothing is lost, and what may have come
twice says that it is uncertain.

The points are those of a delivery from the commit of the event to the mark in the database.
"""

import itertools
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from db.engine import open_database
from db.mail_setups import SqlMailSetups
from db.unit_of_work import SqlUnitOfWork
from example_events import ANN, BOB, ENTRY, about, requested
from mail_post import Post
from notifications.mail_setup import MailSetup
from scripted_server import HANG, KEEP, ScriptedServer
from workflow.events import RequestRejected

MAIN = [sys.executable, "-c", "from app.cli import main; main()"]
REJECTED = RequestRejected(**about("BOB", "ANN"), entry=ENTRY, comment="Too dear")
EVENTS = {"request": requested(), "other mail": REJECTED}
PATIENCE = 30  # seconds
AFTER_THE_LEASE = timedelta(minutes=30)

# Where the worker is killed, and whether the email may have left by then.
POINTS = {
    "K3 before the claim": ("claim", False),
    "K4 before connecting": ("connect", False),
    "K5 while greeting": ("ehlo", False),
    "K6 after MAIL": ("mail", False),
    "K6 after RCPT": ("rcpt", False),
    "K7 before the letter": ("data", False),
    "K7 within the letter": ("body", False),
    "K8 after the end, before the answer": ("answer", True),
    "K9 after the answer, before the mark": ("accepted", True),
}
# The same with a second letter: the first is marked in the commit that hands over the second. Which
# of the two may have left, as far as the database knows.
SECOND = {
    "K10 after the first answer, before the commit of both": ("body", (True, False)),
    "K11 within the commit of both": ("both", (True, False)),
    "K12 after the commit of both": ("answer", (False, True)),
}
QUICK = {("K5 while greeting", "request"), ("K9 after the answer, before the mark", "request")}


def cases():
    return [
        pytest.param(
            *where, event, id=f"{name}-{what}", marks=() if (name, what) in QUICK else FAULTS
        )
        for name, where in POINTS.items()
        for what, event in EVENTS.items()
    ]


FAULTS = (pytest.mark.faults,)


@dataclass
class Office:
    """A database in a file, a mail server, and workers that can be killed."""

    url: str
    server: ScriptedServer
    locks: list[sqlite3.Connection] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.file = self.url.removeprefix("sqlite:///")
        self.engine = open_database(self.url)
        self.post = Post(self.engine)
        self.setup = MailSetup(
            server="127.0.0.1",
            port=self.server.port,
            send_as="noreply@contoso.com",
            allow_sender_substitution=True,
        )
        SqlMailSetups(self.engine, tuple).save(self.setup)
        with SqlUnitOfWork(self.engine) as work:
            for person in (ANN, BOB):
                work.users.save(person)
            work.commit()

    def close(self) -> None:
        self.unlock()
        self.engine.dispose()

    def lock(self) -> None:
        """Nobody can write until `unlock`."""
        lock = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False)
        lock.execute("BEGIN IMMEDIATE")
        self.locks.append(lock)

    def unlock(self) -> None:
        while self.locks:
            self.locks.pop().close()

    def kill_a_worker(self, point: str, *, letters_before: int = 0) -> None:
        """Start one, and kill it when it is there, at the letter after so many."""
        is_there, reached = threading.Event(), True
        if point == "claim":
            self.post.queue()
            self.lock()  # the worker finds its work and waits to claim it
        if point == "accepted":
            self.server.at["answer"] = self.lock  # the answer is given, but cannot be recorded
        times = itertools.count()

        def arrived() -> str | None:
            if next(times) < letters_before:
                return None
            is_there.set()
            return KEEP if point == "answer" else HANG

        def going_on() -> None:
            if arrived():
                self.lock()  # the letter arrives, but the commit before its end cannot be made

        if point == "both":
            self.server.at["data"] = going_on
        else:
            self.server.at[point] = arrived
        with subprocess.Popen(
            [*MAIN, "worker"],
            env=os.environ | {"COUNTERSIGN_DATABASE_URL": self.url},
            stderr=subprocess.PIPE,
        ) as worker:
            if point == "claim":
                time.sleep(3)
            else:
                reached = is_there.wait(PATIENCE)
            if point in {"accepted", "both"}:
                time.sleep(0.5)  # the answer arrives
            worker.send_signal(signal.SIGKILL)
            _, errors = worker.communicate()
            assert reached, errors.decode()
        self.unlock()
        self.server.at.clear()

    def deliver_the_rest(self) -> None:
        """Other workers, later: until everything is done that is ever done by itself."""
        self.post.now = datetime.now(UTC)
        for _ in range(4):
            self.post.now += AFTER_THE_LEASE
            self.post.queue()
            self.post.deliver(self.setup)


@pytest.fixture
def office(sqlite_database):
    with ScriptedServer() as server:
        office = Office(sqlite_database, server)
        yield office
        office.close()


@pytest.mark.parametrize(("point", "may_have_left", "event"), cases())
def test_nothing_is_lost_and_only_what_is_uncertain_may_come_twice(
    office, point, may_have_left, event
):
    office.post.record(event)
    office.kill_a_worker(point)
    office.deliver_the_rest()

    (row,) = office.post.rows()
    asks = event is EVENTS["request"]
    assert row.uncertain is may_have_left
    assert row.state == ("sent" if asks or not may_have_left else "uncertain")
    assert len(office.server.accepted) == (2 if asks and may_have_left else 1)
    assert len(message_ids(office)) == 1
    with closing(sqlite3.connect(office.file)) as connection:
        assert connection.execute("SELECT count(*) FROM event_inbox").fetchone() == (0,)


@pytest.mark.parametrize(
    ("point", "may_have_left", "event"),
    [
        pytest.param(*where, event, id=f"{name}-{what}", marks=FAULTS)
        for name, where in SECOND.items()
        for what, event in EVENTS.items()
    ],
)
def test_of_two_letters_only_one_is_ever_uncertain(office, point, may_have_left, event):
    office.post.record(event)
    office.post.record(event)
    office.kill_a_worker(point, letters_before=1)
    office.deliver_the_rest()

    rows = office.post.rows()
    asks = event is EVENTS["request"]
    assert tuple(row.uncertain for row in rows) == may_have_left
    assert [row.state for row in rows] == [
        "sent" if asks or not left else "uncertain" for left in may_have_left
    ]
    assert len(office.server.accepted) == (3 if asks else 2)
    assert len(message_ids(office)) == 2


def message_ids(office) -> set[bytes]:
    return {re.search(rb"(?im)^Message-ID: (\S+)", letter)[1] for letter in office.server.accepted}
