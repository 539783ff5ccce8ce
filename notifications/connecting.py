"""A connection to the mail server: opened when needed, kept while it is good, then closed."""

import smtplib
import socket
import ssl
import time
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from notifications.bounded_smtp import PlainServer, TlsServer, socket_of
from notifications.delivery_errors import BAD_CA_FILE, NO_TLS, OK, DeliveryError, Step, shown
from notifications.letters import Letter
from notifications.mail_setup import MailNotSetUp, MailSetup
from notifications.replies import Outcome, ReplyKind, Stage
from notifications.sayings import sentence as _
from notifications.sockets import address_literal, encrypted, hung_up

IMPLICIT_TLS_PORT: Final = 465
IDLE_SECONDS: Final = 5.0  # after such a pause the connection is tried before it is used
GOODBYE_SECONDS: Final = 5.0

STEP_SECONDS: Final = 60.0  # each phase: the greeting, TLS, signing in, a command and its answer
LETTER_SECONDS: Final = 300.0  # everything before the letter's end, connecting included
ANSWER_SECONDS: Final = 300.0  # the answer to a whole letter, which a server may check for minutes


class Connecting:
    """One account's connection, not to be shared between threads.

    *timeout* is for each phase as a whole, however slowly the server talks; *letter_timeout* for
    all of them together up to the letter's end.
    """

    def __init__(
        self, setup: MailSetup, *, timeout: float, letter_timeout: float, max_letters: int
    ) -> None:
        self._setup = setup
        self._timeout = timeout
        self._letter_timeout = letter_timeout
        self._max_letters = max_letters
        self._server: PlainServer | None = None
        self._login: str | None = None  # who has signed in on it
        self._submitted = 0
        self._last_used = 0.0
        self._ends_at = 0.0  # of all that is done for the letter in hand, but for its end

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye; a server that does not answer it is no error."""
        server, self._server = self._server, None
        self._login = None
        if server is None:
            return
        with suppress(smtplib.SMTPException, OSError):
            server.within(GOODBYE_SECONDS)
            server.docmd("QUIT")
        server.close()

    def passed(self, stage: Stage, server: smtplib.SMTP) -> None:
        """For whoever wants to know how far a connection came; called after each stage."""

    # Time -----------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._ends_at = time.monotonic() + self._letter_timeout

    def _left(self) -> float:
        return self._ends_at - time.monotonic()

    def _for_a_step(self) -> float:
        return min(self._timeout, self._left())

    # Opening --------------------------------------------------------------------------------------

    def _open(self) -> PlainServer:
        """The open connection; a new one when there is none or it went stale."""
        if not self._setup.server:
            raise MailNotSetUp
        if self._server is not None and not self._usable(self._server):
            self.close()
        if self._server is None:
            self._server = self._opened()
            self._submitted = 0
            self._last_used = time.monotonic()
        return self._server

    def _opened(self) -> PlainServer:
        server = self._connected()
        try:
            self._greet(server)
            if self._setup.secure and not encrypted(server.sock):
                self._start_tls(server)
                self._greet(server)
        except BaseException:
            server.close()
            raise
        return server

    def _connected(self) -> PlainServer:
        setup = self._setup
        # The name we greet with is set below; asking the name service for it can take seconds.
        local = "localhost"
        seconds = self._for_a_step()
        if setup.secure and setup.port == IMPLICIT_TLS_PORT:
            context = self._tls_context()
            with self._step(Stage.CONNECT):
                server: PlainServer = TlsServer(
                    setup.server, setup.port, local, seconds=seconds, context=context
                )
            self.passed(Stage.TLS, server)
        else:
            with self._step(Stage.CONNECT):
                server = PlainServer(setup.server, setup.port, local, seconds=seconds)
        # The body and the final dot are written apart: without this each letter waits 40 ms.
        socket_of(server).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return server

    def _greet(self, server: PlainServer) -> None:
        server.within(self._for_a_step())
        with self._step(Stage.CONNECT) as step:
            server.local_hostname = address_literal(socket_of(server))
            code, _ = server.ehlo()
            if code not in OK:
                step.expect(server.helo())
        self.passed(Stage.CONNECT, server)

    def _start_tls(self, server: PlainServer) -> None:
        context = self._tls_context()
        server.within(self._for_a_step())
        with self._step(Stage.TLS) as step:
            if not server.has_extn("starttls"):
                raise step.fail(_("The mail server does not offer STARTTLS."), NO_TLS)
            server.starttls(context=context)
        self.passed(Stage.TLS, server)

    def _tls_context(self) -> ssl.SSLContext:
        """Certificate and host name are verified; a company's own authority may be added."""
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self._setup.ca_file:
            try:
                context.load_verify_locations(self._setup.ca_file)
            except OSError as error:
                text = _(
                    "ca_file {file} cannot be read: {error}.",
                    file=self._setup.ca_file,
                    error=shown(str(error)),
                )
                raise self._step(Stage.TLS).fail(text, BAD_CA_FILE) from error
        return context

    # Keeping --------------------------------------------------------------------------------------

    def _usable(self, server: PlainServer) -> bool:
        if server.sock is None or hung_up(server.sock) or self._submitted >= self._max_letters:
            return False
        if time.monotonic() - self._last_used < IDLE_SECONDS:
            return True
        server.within(self._for_a_step())
        try:
            return server.noop()[0] in OK
        except (smtplib.SMTPException, OSError):
            return False

    def _recover(self, server: PlainServer, error: DeliveryError) -> None:
        """Make the connection ready for the next letter, or give it up.

        After a complaint about the account the server may have changed its rules: a connection
        keeps those it was opened under.
        """
        of_no_use = error.outcome in {Outcome.ACCOUNT, Outcome.UNCERTAIN}
        if of_no_use or error.kind is ReplyKind.CONNECTION:
            self._drop()
            return
        server.within(self._for_a_step())
        try:
            ready = server.rset()[0] in OK
        except (smtplib.SMTPException, OSError):
            ready = False
        if not ready:
            self._drop()

    def _drop(self) -> None:
        server, self._server = self._server, None
        self._login = None
        if server is not None:
            server.close()

    def _step(self, stage: Stage, letter: Letter | None = None) -> Step:
        address = letter.from_address or letter.envelope_from if letter else ""
        account = self._login or self._setup.user_name
        return Step(stage=stage, account=account, address=address)
