"""A real IMAP server on this machine, with one mailbox, for tests that fetch mail."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from notifications.received.folder_names import quoted
from notifications.received.mailbox_setup import MailboxSetup

USER = "erp@contoso.com"
PASSWORD = "geheim-één"  # noqa: S105 - outside ASCII, as passwords are
START_SECONDS = 20


@dataclass
class MailboxServer:
    """The server, and the mails that were put into it."""

    port: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_folder(self) -> MailboxSetup:
        """The settings for a folder that no other test reads."""
        name = f"Folder {next(self.numbers)}"
        with self.signed_in() as server:
            server.create(quoted(name))
        return MailboxSetup(
            server="localhost",
            port=self.port,
            user_name=USER,
            password=PASSWORD,
            secure=False,
            folder=name,
        )

    def put(self, setup: MailboxSetup, *mails: bytes) -> None:
        with self.signed_in() as server:
            for mail in mails:
                verdict, words = server.append(quoted(setup.folder), None, None, mail)
                assert verdict == "OK", words

    def count(self, folder: str, which: str = "ALL") -> int:
        with self.signed_in() as server:
            server.select(quoted(folder), readonly=True)
            return len(server.search(None, which)[1][0].split())

    def with_move(self, setup: MailboxSetup, name: str) -> MailboxSetup:
        with self.signed_in() as server:
            server.create(quoted(name))
        return replace(setup, move_to=name)

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as server:
            server.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            yield server


@contextmanager
def mailbox_server(certificate: Path | None = None) -> Iterator[MailboxServer]:
    """With a certificate (and its key in the same file) it offers STARTTLS."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tls = ["--cert", str(certificate), "--key", str(certificate)] if certificate else ["--no-tls"]
    account = ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    command = [sys.executable, "-W", "ignore", "-c", "from pymap.main import main; main()"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), *tls, *account],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield MailboxServer(port)
    finally:
        process.kill()  # it waits for its clients otherwise
        process.wait(timeout=10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the mailbox server does not start")
