"""Connections to the mail server for all passes of a worker, as long as there is mail for them."""

import os
import secrets
import socket
import time
from typing import Final

from app.bootstrap import Application
from db.workers import second_of
from notifications.delivery_reports import DeliveryReport
from notifications.mail_setup import MailSetup
from notifications.transports import SmtpTransport

IDLE_SECONDS: Final = 30.0  # servers hang up after some minutes, and others may want to connect


class KeptConnection:
    """Where the connections of an account are limited, it counts as one of them until closed."""

    def __init__(self, application: Application, owner: str = "") -> None:
        self.owner = owner or f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
        self._application = application
        self._setup: MailSetup | None = None
        self._transport: SmtpTransport | None = None
        self._used_at = 0.0

    def transport(self, setup: MailSetup) -> SmtpTransport:
        """The one of the pass before, unless the mail setup was changed."""
        if self._transport is None or setup != self._setup:
            self.close()
            self._setup, self._transport = setup, self._application.transport_of(setup)
            self._used_at = time.monotonic()
        return self._transport

    def after(self, report: DeliveryReport) -> None:
        """Closed when the account rests, and when nothing was to be sent for a while."""
        if report.sent:
            self._used_at = time.monotonic()
        if report.stopped or time.monotonic() - self._used_at >= IDLE_SECONDS:
            self.close()

    def close(self) -> None:
        if self._transport is None:
            return
        transport, self._transport, self._setup = self._transport, None, None
        transport.close()
        self._application.outbox.release_claims(self.owner)


class KeptConnections:
    """On PostgreSQL two: while one letter waits for an answer, another is on its way.

    SQLite lets one write at a time, so that a second would only wait for the first.
    """

    def __init__(self, application: Application) -> None:
        self.first = KeptConnection(application)
        self.owner = self.first.owner
        scaled = application.engine.dialect.name == "postgresql"
        self.second = KeptConnection(application, second_of(self.owner)) if scaled else None

    def close(self) -> None:
        self.first.close()
        if self.second is not None:
            self.second.close()
