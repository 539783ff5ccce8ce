"""Several worker processes on one PostgreSQL database: nothing twice, and the dead are replaced."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from aiosmtpd.controller import Controller

from app import passes
from app.bootstrap import Application, now
from app.settings import read_settings
from app.worker import Worker, worker_of
from db.unit_of_work import SqlUnitOfWork
from notifications.mail_setup import MailSetup
from notifications.ports import EmailState
from notifications.setup_changes import changed
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.service.handling import receive
from workflow.service.requesting import send_approval_request
from workflow.service.setting_up import enable_workflow, save_workflow, set_user
from workflow.statuses import Area, DocumentType

MAIN = [sys.executable, "-c", "from app.cli import main; main()"]
TAKEN_OVER_WITHIN = 30  # seconds
WOKEN_WITHIN = 10  # of 30 between two sweeps
STOPS_WITHIN = 10  # of the 20 that all letters would take
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock somebody turns by hand."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class CountingServer:
    """A real mail server that knows when each letter came, and how many were connected at once."""

    seconds: float = 0.0  # for each letter
    letters: list[tuple[float, str]] = field(default_factory=list)
    latest: str = ""
    connected: set[object] = field(default_factory=set)
    most_connected: int = 0
    hold: threading.Event = field(default_factory=threading.Event)
    holds: int = 0  # so many letters are not answered before `hold` is set

    async def handle_EHLO(self, server, session, _envelope, hostname, responses):  # noqa: N802
        session.host_name = hostname
        self.connected.add(server)
        open_now = [
            one for one in self.connected if one.transport and not one.transport.is_closing()
        ]
        self.most_connected = max(self.most_connected, len(open_now))
        return responses

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        if self.holds > 0:
            self.holds -= 1
            await asyncio.to_thread(self.hold.wait, 60)
        await asyncio.sleep(self.seconds)
        self.latest = envelope.content.decode(errors="replace")
        lines = self.latest.splitlines()
        (message_id,) = [line for line in lines if line.startswith("Message-ID:")]
        self.letters.append((time.monotonic(), message_id))
        return "250 2.0.0 OK"

    def ids(self) -> Counter:
        return Counter(message_id for _, message_id in self.letters)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def listening(server):
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        server.hold.set()
        controller.stop(no_assert=True)
        controller.loop.close()


class Company:
    """Ann asks Bob."""

    def __init__(self, url: str, port: int, clock=now, **mail: str) -> None:
        self.application = Application(read_settings(database_url=url), clock=clock)
        settings = {"server": "127.0.0.1", "port": str(port), "send_as": "erp@contoso.com", **mail}
        self.application.mail_setups.save(changed(MailSetup(), settings)[0])
        uow, founder = self.application.uow(), self.application.actor("ROOT")
        for name, fields in {"ANN": {"approver": "BOB"}, "BOB": {"purchase_limit": None}}.items():
            set_user(uow, name, {"email": f"{name.lower()}@contoso.com", **fields}, founder)
        order = WorkflowDefinition(
            code="PO", area=Area.PURCHASE, document_type=DocumentType.ORDER, due="1D"
        )
        save_workflow(uow, order, founder)
        enable_workflow(uow, "PO", founder)

    def ask(self, how_many: int) -> None:
        uow, ann = self.application.uow(), self.application.actor("ANN")
        amount = Decimal(800)
        with uow:
            for number in range(how_many):
                key = DocumentKey(Area.PURCHASE, DocumentType.ORDER, f"PO-{number}")
                document = Document(
                    key=key,
                    amount=amount,
                    amount_including_vat=amount,
                    amount_lcy=amount,
                    amount_including_vat_lcy=amount,
                    lines=(DocumentLine(line_no=10_000, unit_price=amount, amount=amount),),
                )
                receive(uow, document, ann)
                send_approval_request(uow, key, ann)
            uow.commit()

    def who_sends(self) -> int:
        query = "SELECT DISTINCT split_part(owner, '/', 2) FROM emails WHERE owner IS NOT NULL"
        with self.application.engine.connect() as connection:
            return int(connection.exec_driver_sql(query).scalar_one())

    def states(self) -> dict[EmailState, int]:
        return dict(self.application.read.outbox_counts())


@contextmanager
def company(url, server, clock=now, **mail):
    with listening(server) as port:
        here = Company(url, port, clock, **mail)
        try:
            yield here
        finally:
            here.application.close()


@contextmanager
def worker(url, *command):
    environment = os.environ | {"COUNTERSIGN_DATABASE_URL": url}
    with subprocess.Popen(
        [*MAIN, *(command or ("worker",))],
        env=environment,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def alive(here, how_many):
    wait_for(lambda: len(here.application.workers.alive()) == how_many)


def test_the_kind_of_database_says_how_work_is_woken(database_url):
    with Application(read_settings(database_url=database_url)) as application:
        scaled = not isinstance(worker_of(application), Worker)

    assert scaled is database_url.startswith("postgresql")


def test_three_workers_send_everything_once_at_once_and_make_each_run_once(postgresql_database):
    server = CountingServer(seconds=0.02)
    with company(postgresql_database, server) as here, ExitStack() as workers:
        for _ in range(3):
            workers.enter_context(worker(postgresql_database))
        alive(here, 3)
        runs = here.application.background_runs
        wait_for(lambda: len([run for run in runs.all() if run.finished_at]) == 3)

        here.ask(60)
        asked = time.monotonic()
        wait_for(lambda: here.states() == {EmailState.SENT: 60}, 60)

        assert server.letters[0][0] - asked < WOKEN_WITHIN  # not by the sweep
        assert server.ids().most_common(1)[0][1] == 1
        assert len(server.ids()) == 60
        made = {run.name: run.times for run in runs.all()}
        assert made == {"delegation": 1, "overdue": 1, "retention": 1}


def test_what_a_killed_worker_had_begun_is_taken_over_within_half_a_minute(postgresql_database):
    """It had claimed everything; one letter was on its way, which is uncertain from then on."""
    server = CountingServer(holds=1)
    with company(postgresql_database, server, connections="1") as here:
        here.ask(5)
        with worker(postgresql_database) as first, worker(postgresql_database) as second:
            wait_for(lambda: server.holds == 0 and EmailState.SENDING in here.states())
            alive(here, 2)
            dead = first if here.who_sends() == first.pid else second
            dead.send_signal(signal.SIGKILL)
            dead.wait()
            killed = time.monotonic()

            wait_for(lambda: here.states().get(EmailState.SENT) == 4, TAKEN_OVER_WITHIN)

            assert time.monotonic() - killed < TAKEN_OVER_WITHIN
            wait_for(lambda: here.states() == {EmailState.SENT: 4, EmailState.UNCERTAIN: 1}, 5)
            assert len(here.application.workers.alive()) == 1


def test_the_rate_and_the_connections_of_the_account_hold_for_all_workers_together(
    postgresql_database,
):
    """30 a minute: 30 at once, then one every two seconds; never more than one connection."""
    server = CountingServer()
    limits = {"rate_per_minute": "30", "connections": "1"}
    with company(postgresql_database, server, **limits) as here:
        here.ask(40)
        with worker(postgresql_database), worker(postgresql_database):
            alive(here, 2)
            wait_for(lambda: len(server.letters) >= 34, 60)
        times = sorted(at for at, _ in server.letters)

    assert server.most_connected == 1
    first = times[0]
    for seconds in range(1, 20):
        came = sum(at - first <= seconds for at in times)
        assert came <= 30 + seconds / 2 + 1, f"{came} letters after {seconds} s"


@pytest.mark.parametrize("command", ["worker", "serve"])
def test_told_to_stop_it_finishes_the_letter_in_hand_and_stops_within_seconds(
    postgresql_database, command
):
    server = CountingServer(seconds=1.0)
    with company(postgresql_database, server) as here:
        here.ask(20)
        port = () if command == "worker" else ("--port", str(free_port()))
        with worker(postgresql_database, command, *port) as process:
            wait_for(lambda: server.letters)
            told = time.monotonic()
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=20)
        took = time.monotonic() - told
        sent = len(server.letters)

        assert process.returncode == 0, errors
        assert took < STOPS_WITHIN
        assert here.states() == {EmailState.SENT: sent, EmailState.QUEUED: 20 - sent}
        assert here.application.workers.alive() == ()


def test_pages_without_a_worker_leave_the_mail_to_the_workers(postgresql_database):
    server = CountingServer()
    with company(postgresql_database, server) as here:
        here.ask(1)
        serve = ("serve", "--port", str(free_port()), "--without-worker")
        with worker(postgresql_database, *serve) as pages:
            assert "Open http" in pages.stderr.readline()
            time.sleep(1)
            assert here.application.workers.alive() == ()
            assert server.letters == []


@pytest.mark.faults
def test_a_worker_goes_on_when_the_database_was_away(postgresql_database):
    server = CountingServer()
    with company(postgresql_database, server) as here, worker(postgresql_database):
        alive(here, 1)
        with here.application.engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        here.ask(1)
        wait_for(lambda: here.states() == {EmailState.SENT: 1}, 40)


def test_reminders_of_one_run_come_in_one_mail_whoever_else_is_at_work(postgresql_database):
    """A second worker that made mail while the first reminds would tell half of it."""
    server, clock = CountingServer(), Clock(MONDAY)
    with company(postgresql_database, server, clock=clock) as here:
        here.ask(4)
        passes.deliver(here.application)
        clock.at = MONDAY + timedelta(days=7)
        begun, reports, commits = threading.Event(), [], []
        slow = SqlUnitOfWork(here.application.engine)

        def take_time(_connection):
            commits.append(1)
            if len(commits) == 2:  # the first reminder is there for everybody to see
                begun.set()
            time.sleep(0.3)

        slow.on_commit(take_time)

        reminding = threading.Thread(
            target=lambda: reports.append(passes.remind(here.application, slow))
        )
        reminding.start()
        assert begun.wait(10)
        passes.deliver(here.application)
        reminding.join()
        passes.deliver(here.application)

    assert reports[0].done == 4
    assert len(server.letters) == 4 + 1
    assert all(f"PO-{number}" in server.latest for number in range(4))
