"""A company on a real database whose mail goes to a post box; its processes can be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import Self

from app import passes
from app.bootstrap import Application
from app.settings import read_settings
from faults.accounts import Account, account_of
from faults.post_box import PostBox
from notifications.mail_setup import MailSetup
from people import CAST, order, workflow
from workflow.service import deciding, requesting
from workflow.statuses import DocumentStatus

MAIN = [sys.executable, "-c", "from app.cli import main; main()"]
KEY = "a secret key of sixteen or more"
PATIENCE = 60  # seconds
AFTER_EVERYTHING = timedelta(minutes=30)  # leases have ended, and what is tried again is due


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.05)


@contextmanager
def person_acting(url: str, step: str) -> Iterator[Callable[[str], object]]:
    """Ann who sends, or Bob who approves; in a process without an office."""
    settings = read_settings(database_url=url, secret_key=KEY, timezone="UTC")
    with Application(settings) as application:
        user, act = {
            "send": ("ANN", requesting.send_approval_request),
            "approve": ("BOB", deciding.approve),
        }[step]
        uow = application.uow()
        yield lambda number: act(uow, order(number=number).key, application.actor(user))


@dataclass
class Office:
    """Ann's orders; Bob may approve them."""

    url: str
    post_box: PostBox
    later: timedelta = timedelta(0)
    _applications: list[Application] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.application = self.another()
        with self.application.uow() as uow:
            for person in CAST:
                uow.users.save(person)
            uow.workflows.add_version(workflow())
            uow.workflows.enable("PO", enabled=True)
            uow.commit()
        setup = MailSetup(
            server="127.0.0.1",
            port=self.post_box.port,
            send_as="noreply@example.com",
            allow_sender_substitution=True,
        )
        self.application.mail_setups.save(setup)
        return self

    def __exit__(self, *_: object) -> None:
        for application in self._applications:
            application.close()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def another(self) -> Application:
        """As another process has it, with this office's clock."""
        settings = read_settings(database_url=self.url, secret_key=KEY, timezone="UTC")
        self._applications.append(Application(settings, clock=self.now))
        return self._applications[-1]

    # --- people ----------------------------------------------------------------------------

    def receive(self, *numbers: str) -> None:
        with self.application.uow() as uow:
            for number in numbers:
                uow.documents.add(order(400, number, requester="ANN"))
            uow.commit()

    def send(self, number: str) -> None:
        requesting.send_approval_request(
            self.application.uow(), order(number=number).key, self.application.actor("ANN")
        )

    def ask(self, number: str) -> None:
        self.receive(number)
        self.send(number)

    def approve(self, number: str) -> None:
        deciding.approve(
            self.application.uow(), order(number=number).key, self.application.actor("BOB")
        )

    def status(self, number: str) -> DocumentStatus:
        with self.application.uow(readonly=True) as uow:
            return uow.documents.get(order(number=number).key).status

    def environment(self) -> dict[str, str]:
        ours = {"COUNTERSIGN_DATABASE_URL": self.url, "COUNTERSIGN_SECRET_KEY": KEY}
        return {**os.environ, **ours}

    # --- the mail --------------------------------------------------------------------------

    @contextmanager
    def process(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """A program of ours; it is killed in the end."""
        with (
            TemporaryFile() as said,  # a pipe that nobody reads would stop it once it is full
            subprocess.Popen([*MAIN, *command], env=self.environment(), stderr=said) as running,
        ):
            try:
                yield running
            finally:
                running.kill()

    def deliver_the_rest(self) -> None:
        """Other workers, later: until everything is done that is ever done by itself."""
        for _ in range(4):
            self.later += AFTER_EVERYTHING
            passes.deliver(self.application)

    def account(self) -> Account:
        return account_of(self.application.engine, self.post_box.letters())
