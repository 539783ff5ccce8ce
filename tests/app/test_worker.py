"""The worker does what is due, survives trouble, and stops cleanly."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from aiosmtpd.controller import Controller

from app.bootstrap import Application
from app.catcher import Catcher
from app.settings import read_settings
from app.worker import Worker, work_once
from notifications.mail_setup import MailSetup
from notifications.ports import EmailState
from notifications.setup_changes import changed
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.options import CompanyOptions
from workflow.service.handling import receive
from workflow.service.requesting import send_approval_request
from workflow.service.setting_up import (
    enable_workflow,
    remove_user,
    save_workflow,
    set_company,
    set_user,
)
from workflow.statuses import Area, DocumentType

MAIN = [sys.executable, "-W", "error", "-c", "from app.cli import main; main()"]
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IN_A_WEEK = MONDAY + timedelta(days=7)


@dataclass
class Clock:
    """A clock somebody turns by hand."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Company:
    """Ann asks, Bob may approve to 1,000, Dee stands in for Bob."""

    database_url: str
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.application = Application(
            read_settings(database_url=self.database_url), clock=self.clock
        )

    def set_up(self, server: str, port: int) -> None:
        mail = {
            "server": server,
            "port": str(port),
            "send_as": "erp@contoso.com",
            "allow_sender_substitution": "yes",
        }
        self.application.mail_setups.save(changed(MailSetup(), mail)[0])
        uow, founder = self.application.uow(), self.application.actor("ROOT")
        people = {
            "ANN": {"approver": "BOB"},
            "BOB": {"purchase_limit": Decimal(1000), "substitute": "DEE"},
            "DEE": {"purchase_limit": None, "administrator": True},
        }
        for name, fields in people.items():
            values = {"email": f"{name.lower()}@contoso.com", **fields}
            set_user(uow, name, values, founder)
        order = WorkflowDefinition(
            code="PO",
            area=Area.PURCHASE,
            document_type=DocumentType.ORDER,
            due="2D",
            delegate_after="3D",
        )
        save_workflow(uow, order, founder)
        enable_workflow(uow, "PO", founder)

    def send(self, number: str) -> DocumentKey:
        key = DocumentKey(Area.PURCHASE, DocumentType.ORDER, number)
        uow, ann = self.application.uow(), self.application.actor("ANN")
        amount = Decimal(800)
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
        return key

    def approver_of(self, key: DocumentKey) -> str:
        with self.application.uow() as uow:
            return uow.documents.get(key).run.entries[-1].approver

    def emails(self) -> dict[EmailState, int]:
        return self.application.read.outbox_counts()


@pytest.fixture
def catcher(tmp_path):
    with Catcher(tmp_path / "mails") as running:
        yield running


@pytest.fixture
def company(database_url):
    company = Company(database_url)
    yield company
    company.application.close()


@pytest.fixture
def working(company, catcher):
    """A company whose mail arrives."""
    company.set_up(catcher.host, catcher.port)
    return company


def subjects_to(catcher, address):
    return [mail.message["Subject"] for mail in catcher.mails() if mail.recipients == (address,)]


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


# --- once ----------------------------------------------------------------------------------


def test_one_pass_delivers_what_is_due(working, catcher):
    working.send("PO-1")

    report = work_once(working.application)

    assert report.mail.delivery.sent == 1
    assert [mail.message["From"] for mail in catcher.mails()] == ["ANN <ann@contoso.com>"]


def test_whose_address_was_changed_hears_of_it_even_when_he_was_removed(working, catcher):
    application = working.application
    uow, founder = application.uow(), application.actor("ROOT")
    set_user(uow, "BOB", {"email": "bob@evil.example", "language": "nl"}, founder)
    remove_user(uow, "BOB", founder)

    report = work_once(application)

    assert report.mail.delivery.sent == 2
    for address in ("bob@contoso.com", "bob@evil.example"):
        (subject,) = subjects_to(catcher, address)
        assert "your mail goes to another address" in subject
    assert {mail.message["From"].addresses[0].addr_spec for mail in catcher.mails()} == {
        "erp@contoso.com"
    }
    text = catcher.mails()[0].message.get_body(("plain",)).get_content()
    assert "bob@evil.example" in text
    assert "ROOT changed the E-Mail of BOB" in text


def test_one_pass_reminds_hands_over_and_mails_both(working, catcher):
    key = working.send("PO-1")
    work_once(working.application)
    working.clock.at = IN_A_WEEK

    report = work_once(working.application)

    assert (report.reminded.done, report.handed_over.done) == (1, 1)
    assert working.approver_of(key) == "DEE"
    delivery = report.mail.delivery
    # Bob need not be reminded any more, and nobody be told that he does not answer.
    assert (delivery.sent, delivery.superseded) == (1, 2)
    assert len(subjects_to(catcher, "bob@contoso.com")) == 1
    assert len(subjects_to(catcher, "dee@contoso.com")) == 1


def test_a_second_pass_at_once_does_nothing(working, catcher):
    working.send("PO-1")
    working.clock.at = IN_A_WEEK
    work_once(working.application)
    before = len(catcher.mails())

    report = work_once(working.application)

    assert (report.reminded.done, report.handed_over.done) == (0, 0)
    assert len(catcher.mails()) == before


def test_a_company_without_overdue_notices_gets_none(working):
    root = working.application.actor("ROOT")
    set_company(working.application.uow(), CompanyOptions(overdue_workflow=False), root)
    working.send("PO-1")
    working.clock.at = IN_A_WEEK

    report = work_once(working.application)

    assert report.reminded.done == 0


# --- in the background ---------------------------------------------------------------------


def test_the_worker_delivers_what_is_sent_while_it_runs(working, catcher):
    with Worker(working.application):
        working.send("PO-1")

        wait_for(catcher.mails)

    assert working.emails() == {EmailState.SENT: 1}


def test_trouble_in_one_job_is_logged_and_leaves_the_others_at_work(working, monkeypatch, caplog):
    """The mail password cannot be read any more: mail stops, handing over does not."""
    application, key = working.application, working.send("PO-1")
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "a first key that is long enough")
    with Application(read_settings(database_url=working.database_url)) as first:
        setup, _ = changed(
            MailSetup(), {"authentication": "basic", "user_name": "erp", "password": "secret"}
        )
        first.mail_setups.save(setup)
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "another key that is as long")
    settings = read_settings(database_url=working.database_url)
    working.clock.at = IN_A_WEEK

    with (
        caplog.at_level(logging.ERROR),
        Application(settings, clock=working.clock) as broken,
        Worker(broken),
    ):
        wait_for(lambda: working.approver_of(key) == "DEE" and caplog.records)

    assert "SecretKeyChanged" in caplog.text
    assert "Traceback" in caplog.text
    assert application.read.outbox_counts() == {}


def test_stopping_finishes_the_mail_in_hand_and_leaves_the_others_in_the_queue(company):
    with slow_server() as server:
        company.set_up("127.0.0.1", server.port)
        for number in range(6):
            company.send(f"PO-{number}")
        with Worker(company.application):
            wait_for(lambda: server.handler.begun)
        taken = server.handler.finished

        left = {EmailState.SENT: taken, EmailState.QUEUED: 6 - taken}
        assert 1 <= taken <= 2
        assert company.emails() == left

        work_once(company.application)

        assert company.emails() == {EmailState.SENT: 6}
        assert server.handler.finished == 6


def test_a_server_in_trouble_is_left_alone_for_a_while(company, caplog):
    company.set_up("127.0.0.1", 1)  # nobody listens there
    company.send("PO-1")

    with Worker(company.application) as worker:
        wait_for(lambda: caplog.records)
        attempts = company.application.read.outbox_list()[0].attempts
        company.send("PO-2")
        worker.deliver()

    assert attempts == 1
    assert company.emails() == {EmailState.QUEUED: 1}  # PO-2 was not even looked at
    assert len([record for record in caplog.records if record.name == "app.chores"]) == 1


def test_a_changed_mail_setup_ends_the_pause(company, catcher, caplog):
    company.set_up("127.0.0.1", 1)
    company.send("PO-1")

    with Worker(company.application):
        wait_for(lambda: caplog.records)
        company.set_up(catcher.host, catcher.port)
        company.send("PO-2")

        wait_for(catcher.mails)


def test_a_clock_that_is_set_back_does_not_make_the_pause_longer(
    company, catcher, caplog, monkeypatch
):
    monkeypatch.setattr("app.chores.PAUSE", timedelta(seconds=0.2))
    company.set_up("127.0.0.1", 1)
    company.send("PO-1")

    with Worker(company.application):
        wait_for(lambda: caplog.records)
        company.clock.at -= timedelta(days=1)
        company.set_up(catcher.host, catcher.port)
        company.send("PO-2")

        wait_for(catcher.mails)


class SlowHandler:
    """Takes half a second for every mail."""

    begun = 0
    finished = 0

    async def handle_DATA(self, _server, _session, _envelope):  # noqa: N802 - aiosmtpd's name
        self.begun += 1
        await asyncio.sleep(0.5)
        self.finished += 1
        return "250 2.0.0 OK"


@contextmanager
def slow_server():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(SlowHandler(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield server
    finally:
        server.stop(no_assert=True)
        server.loop.close()


# --- as a process --------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["worker", "serve"])
def test_the_process_delivers_and_stops_when_it_is_told_to(sqlite_database, catcher, command):
    company = Company(sqlite_database, Clock(datetime.now(UTC)))
    company.set_up(catcher.host, catcher.port)
    environment = os.environ | {"COUNTERSIGN_DATABASE_URL": sqlite_database}
    with subprocess.Popen(
        [*MAIN, command], env=environment, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        company.send("PO-1")
        wait_for(lambda: catcher.mails() or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)

    assert process.returncode == 0, errors
    assert "Stopped." in errors
    assert company.emails() == {EmailState.SENT: 1}
    company.application.close()


def test_the_process_can_do_everything_once(sqlite_database, catcher):
    company = Company(sqlite_database, Clock(datetime.now(UTC)))
    company.set_up(catcher.host, catcher.port)
    company.send("PO-1")
    company.application.close()

    done = subprocess.run(
        [*MAIN, "worker", "--once", "--json"],
        env=os.environ | {"COUNTERSIGN_DATABASE_URL": sqlite_database},
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert '"sent": 1' in done.stdout
    assert len(catcher.mails()) == 1
