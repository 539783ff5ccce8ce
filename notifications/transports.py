"""Handing a finished letter to the mail server, over a connection that is kept while it is good.

The conversation is held step by step, because what an error means depends on the step: before the
letter's final dot nothing has been accepted, after it a lost answer means that nobody knows.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

from notifications import report_requests
from notifications.bounded_smtp import PlainServer, TlsServer, socket_of
from notifications.delivery_errors import (
    BAD_CA_FILE,
    BAD_COMMAND,
    NO_SMTPUTF8,
    NO_TLS,
    OK,
    DeliveryError,
    Step,
    shown,
)
from notifications.letters import Letter
from notifications.mail_setup import Authentication, MailNotSetUp, MailSetup
from notifications.oauth import TokenSource
from notifications.oauth_errors import NotSignedIn, OAuthError
from notifications.replies import Outcome, ReplyKind, Stage
from notifications.sayings import sentence as _
from notifications.sign_in import explained, no_token, token_refused, with_password, with_token
from notifications.sockets import address_literal, encrypted, hung_up, on_this_machine

IMPLICIT_TLS_PORT: Final = 465
IDLE_SECONDS: Final = 5.0  # after such a pause the connection is tried before it is used

ONE_ADDRESS: Final = re.compile(r"[^\s<>\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")

SEND_LETTER: Final = range(354, 355)


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The mail server has taken responsibility for the letter."""

    code: int
    text: str  # usually contains the server's own number for it


BeforeEnd = Callable[[], None]


def nothing() -> None:
    pass


class Transport(Protocol):
    """Something that delivers letters."""

    @property
    def server_has_smtputf8(self) -> bool: ...

    def submit(self, letter: Letter, before_end: BeforeEnd = nothing) -> Accepted:
        """*before_end* is called when all but the letter's end is sent; what it raises stops it."""
        ...


class SmtpTransport:
    """One account's connection to its mail server, opened when needed and used again.

    Not to be shared between threads. *timeout* is for each step; *answer_timeout* is for the answer
    to a whole letter, which a server may check for minutes. *tokens* take the place of a password.
    """

    def __init__(
        self,
        setup: MailSetup,
        *,
        tokens: TokenSource | None = None,
        timeout: float = 60.0,
        answer_timeout: float = 300.0,
        max_letters: int = 100,
    ) -> None:
        self._setup = setup
        self._tokens = tokens
        self._timeout = timeout
        self._answer_timeout = answer_timeout
        self._max_letters = max_letters
        self._server: smtplib.SMTP | None = None
        self._login: str | None = None  # who has signed in on it
        self._submitted = 0
        self._last_used = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def server_has_smtputf8(self) -> bool:
        """Asks the server, so it may connect and may raise DeliveryError."""
        setup = self._setup
        # Where an app signs in to the mailbox of each letter's sender, nobody is known to sign in.
        not_yet = setup.signs_in_as_requester or (setup.app_signs_in and not setup.account)
        server = self._open() if not_yet else self.connect()
        return server.has_extn("smtputf8")

    def submit(self, letter: Letter, before_end: BeforeEnd = nothing) -> Accepted:
        """Hand over one letter to all its recipients or to none."""
        server = self.connect(letter.from_address)
        try:
            return self._submit(server, letter, before_end)
        except DeliveryError as error:
            self._recover(server, error)
            raise
        except BaseException:
            self._drop()  # half a letter may be in the pipe
            raise

    def connect(self, from_address: str = "") -> smtplib.SMTP:
        """The open connection, signed in for letters from that address; a new one when need be."""
        server = self._open()
        login = self._setup.login_for(from_address)
        if not self._setup.signs_in or self._login == login:
            return server
        if self._login is not None:
            self.close()
        try:
            server = self._sign_in(login)
        except BaseException:
            self._drop()
            raise
        self._login = login
        self.passed(Stage.AUTH, server)
        return server

    def passed(self, stage: Stage, server: smtplib.SMTP) -> None:
        """For whoever wants to know how far a connection came; called after each stage."""

    def _open(self) -> smtplib.SMTP:
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

    def close(self) -> None:
        """Say goodbye; a server that does not answer it is no error."""
        server, self._server = self._server, None
        self._login = None
        if server is None:
            return
        with suppress(smtplib.SMTPException, OSError):
            server.docmd("QUIT")
        server.close()

    # Opening --------------------------------------------------------------------------------------

    def _opened(self) -> smtplib.SMTP:
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

    def _connected(self) -> smtplib.SMTP:
        setup = self._setup
        # The name we greet with is set below; asking the name service for it can take seconds.
        local = "localhost"
        if setup.secure and setup.port == IMPLICIT_TLS_PORT:
            context = self._tls_context()
            with self._step(Stage.CONNECT):
                server: smtplib.SMTP = TlsServer(
                    setup.server, setup.port, local, timeout=self._timeout, context=context
                )
            self.passed(Stage.TLS, server)
        else:
            with self._step(Stage.CONNECT):
                server = PlainServer(setup.server, setup.port, local, timeout=self._timeout)
        # The body and the final dot are written apart: without this each letter waits 40 ms.
        socket_of(server).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        with self._step(Stage.CONNECT) as step:
            server.local_hostname = address_literal(socket_of(server))
            code, _ = server.ehlo()
            if code not in OK:
                step.expect(server.helo())
        self.passed(Stage.CONNECT, server)

    def _start_tls(self, server: smtplib.SMTP) -> None:
        context = self._tls_context()
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

    # Signing in -----------------------------------------------------------------------------------

    def _sign_in(self, login: str) -> smtplib.SMTP:
        if self._setup.authentication is Authentication.BASIC:
            server = self._open()
            with self._protected(server, login) as step:
                with_password(server, step, login, self._setup.password)
            return server
        token = self._token(login)
        try:
            return self._present(login, token)
        except DeliveryError as error:
            if not token_refused(error):
                raise
            self._drop()  # it keeps the rules it was opened under
            return self._present_another(login, token)

    def _present_another(self, login: str, refused: str) -> smtplib.SMTP:
        """Once: a token that was fresh a moment ago is not the trouble."""
        token = self._token(login, refused=refused)
        try:
            return self._present(login, token)
        except DeliveryError as error:
            if not token_refused(error):
                raise
            of_requester = self._setup.signs_in_as_requester and login != self._setup.account
            raise explained(error, login, of_requester=of_requester) from error

    def _present(self, login: str, token: str) -> smtplib.SMTP:
        server = self._open()
        with self._protected(server, login) as step:
            with_token(server, step, login, token)
        return server

    def _token(self, login: str, *, refused: str = "") -> str:
        try:
            if self._tokens is None:
                raise NotSignedIn
            return self._tokens.token(refused=refused)
        except OAuthError as error:
            step = Step(stage=Stage.AUTH, account=login)
            raise no_token(step, error) from error

    @contextmanager
    def _protected(self, server: smtplib.SMTP, login: str) -> Iterator[Step]:
        """The step of signing in; nothing secret goes over a connection that others can read."""
        with Step(stage=Stage.AUTH, account=login) as step:
            if not (encrypted(server.sock) or on_this_machine(socket_of(server))):
                text = _("The password is not sent over a connection without TLS.")
                raise step.fail(text, NO_TLS)
            yield step

    # Keeping --------------------------------------------------------------------------------------

    def _usable(self, server: smtplib.SMTP) -> bool:
        if server.sock is None or hung_up(server.sock) or self._submitted >= self._max_letters:
            return False
        if time.monotonic() - self._last_used < IDLE_SECONDS:
            return True
        try:
            return server.noop()[0] in OK
        except (smtplib.SMTPException, OSError):
            return False

    def _recover(self, server: smtplib.SMTP, error: DeliveryError) -> None:
        """Make the connection ready for the next letter, or give it up.

        After a complaint about the account the server may have changed its rules: a connection
        keeps those it was opened under.
        """
        of_no_use = error.outcome in {Outcome.ACCOUNT, Outcome.UNCERTAIN}
        if of_no_use or error.kind is ReplyKind.CONNECTION:
            self._drop()
            return
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

    # Submitting -----------------------------------------------------------------------------------

    def _submit(self, server: smtplib.SMTP, letter: Letter, before_end: BeforeEnd) -> Accepted:
        options = self._mail_options(server, letter)
        with self._step(Stage.MAIL, letter) as step:
            for address in (letter.envelope_from, *letter.recipients):
                if not ONE_ADDRESS.fullmatch(address):  # smtplib would send to a part of it
                    raise step.fail(f"{address!r} is not one address.", BAD_COMMAND)
            step.expect(server.mail(letter.envelope_from, options))
        with self._step(Stage.RCPT, letter) as step:
            reports = report_requests.FOR_RECIPIENT if server.has_extn("dsn") else []
            for recipient in letter.recipients:
                step.expect(server.rcpt(recipient, reports))
        with self._step(Stage.DATA, letter) as step:
            step.expect(server.docmd("DATA"), SEND_LETTER)
            server.send(_dot_stuffed(letter.raw))
            if hung_up(socket_of(server)):
                raise smtplib.SMTPServerDisconnected("the connection closed during the letter")
        before_end()
        with self._step(Stage.ANSWER, letter) as step:
            socket_of(server).settimeout(self._answer_timeout)
            server.send(b".\r\n")
            answer = server.getreply()
            socket_of(server).settimeout(self._timeout)
            step.expect(answer)
        self._submitted += 1
        self._last_used = time.monotonic()
        return Accepted(code=answer[0], text=shown(answer[1]))

    def _mail_options(self, server: smtplib.SMTP, letter: Letter) -> list[str]:
        options = [f"SIZE={len(letter.raw)}"] if server.has_extn("size") else []
        if server.has_extn("dsn"):
            options += report_requests.for_letter(letter.message_id)
        if not letter.smtputf8:
            return options
        if not server.has_extn("smtputf8"):
            text = "The mail server cannot carry an address with letters outside ASCII (SMTPUTF8)."
            raise self._step(Stage.MAIL, letter).fail(text, NO_SMTPUTF8)
        return [*options, "SMTPUTF8", "BODY=8BITMIME"]

    def _step(self, stage: Stage, letter: Letter | None = None) -> Step:
        address = letter.from_address or letter.envelope_from if letter else ""
        account = self._login or self._setup.user_name
        return Step(stage=stage, account=account, address=address)


def _dot_stuffed(raw: bytes) -> bytes:
    """A line that begins with a dot gets a second one, so that it does not end the letter."""
    stuffed = raw.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
