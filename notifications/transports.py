"""Handing a finished letter to the mail server. The only module that opens a mail socket.

The conversation is held step by step, because what an error means depends on the step: before the
letter's final dot nothing has been accepted, after it a lost answer means that nobody knows.
"""

import base64
import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

from notifications.delivery_errors import (
    BAD_CA_FILE,
    BAD_COMMAND,
    NO_SIGN_IN,
    NO_SMTPUTF8,
    NO_TLS,
    OK,
    DeliveryError,
    Step,
    shown,
)
from notifications.letters import Letter
from notifications.mail_setup import Authentication, MailNotSetUp, MailSetup
from notifications.replies import Outcome, ReplyKind, Stage

IMPLICIT_TLS_PORT: Final = 465
REPLY_LINES: Final = 100
LINE_BYTES: Final = 8192
IDLE_SECONDS: Final = 5.0  # after such a pause the connection is tried before it is used

ONE_ADDRESS: Final = re.compile(r"[^\s<>\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")

GO_ON: Final = range(334, 335)  # the server waits for the next part of the sign-in
SEND_LETTER: Final = range(354, 355)
NO_REPLY: Final = 0


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The mail server has taken responsibility for the letter."""

    code: int
    text: str  # usually contains the server's own number for it


class Transport(Protocol):
    """Something that delivers letters."""

    @property
    def server_has_smtputf8(self) -> bool: ...

    def submit(self, letter: Letter) -> Accepted: ...


class _BoundedReplies(smtplib.SMTP):
    """An SMTP conversation in which a server cannot fill our memory with one endless reply."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _socket(self).makefile("rb")
        replies = self.file
        lines: list[bytes] = []
        for _ in range(REPLY_LINES):
            line = self._line(replies)
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return _code(line), b"\n".join(lines)
        self.close()
        raise smtplib.SMTPServerDisconnected("the reply did not end")

    def _line(self, replies: BinaryIO) -> bytes:
        try:
            line = replies.readline(LINE_BYTES)
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"the connection was lost: {error}") from error
        if not line.endswith(b"\n"):
            self.close()
            raise smtplib.SMTPServerDisconnected("the server closed the connection")
        return line


class _PlainServer(_BoundedReplies):
    """Begins unencrypted; TLS may follow."""


class _TlsServer(_BoundedReplies, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""


def _code(line: bytes) -> int:
    return int(line[:3]) if line[:3].isdigit() else NO_REPLY


class SmtpTransport:
    """One account's connection to its mail server, opened when needed and used again.

    Not to be shared between threads. *timeout* is for each step; *answer_timeout* is for the answer
    to a whole letter, which a server may check for minutes.
    """

    def __init__(
        self,
        setup: MailSetup,
        *,
        timeout: float = 60.0,
        answer_timeout: float = 300.0,
        max_letters: int = 100,
    ) -> None:
        self._setup = setup
        self._timeout = timeout
        self._answer_timeout = answer_timeout
        self._max_letters = max_letters
        self._server: smtplib.SMTP | None = None
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
        return self.connect().has_extn("smtputf8")

    def submit(self, letter: Letter) -> Accepted:
        """Hand over one letter to all its recipients or to none."""
        server = self.connect()
        try:
            return self._submit(server, letter)
        except DeliveryError as error:
            self._recover(server, error)
            raise
        except BaseException:
            self._drop()  # half a letter may be in the pipe
            raise

    def connect(self) -> smtplib.SMTP:
        """The open connection, signed in; a new one when there is none or it went stale."""
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
            if self._setup.secure and not _encrypted(server):
                self._start_tls(server)
                self._greet(server)
            if self._setup.authentication is Authentication.BASIC:
                self._sign_in(server)
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
                server: smtplib.SMTP = _TlsServer(
                    setup.server, setup.port, local, timeout=self._timeout, context=context
                )
        else:
            with self._step(Stage.CONNECT):
                server = _PlainServer(setup.server, setup.port, local, timeout=self._timeout)
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        with self._step(Stage.CONNECT) as step:
            server.local_hostname = _address_literal(_socket(server))
            code, _ = server.ehlo()
            if code not in OK:
                step.expect(server.helo())

    def _start_tls(self, server: smtplib.SMTP) -> None:
        context = self._tls_context()
        with self._step(Stage.TLS) as step:
            if not server.has_extn("starttls"):
                raise step.fail("The mail server does not offer STARTTLS.", NO_TLS)
            server.starttls(context=context)

    def _tls_context(self) -> ssl.SSLContext:
        """Certificate and host name are verified; a company's own authority may be added."""
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self._setup.ca_file:
            try:
                context.load_verify_locations(self._setup.ca_file)
            except OSError as error:
                text = f"ca_file {self._setup.ca_file} cannot be read: {error}."
                raise self._step(Stage.TLS).fail(text, BAD_CA_FILE) from error
        return context

    def _sign_in(self, server: smtplib.SMTP) -> None:
        """Once: a second try with another method would count as a second wrong password."""
        with self._step(Stage.AUTH) as step:
            if not (_encrypted(server) or _on_this_machine(_socket(server))):
                text = "The password is not sent over a connection without TLS."
                raise step.fail(text, NO_TLS)
            methods = server.esmtp_features.get("auth", "").upper().split()
            if "PLAIN" in methods:
                self._sign_in_plain(server, step)
            elif "LOGIN" in methods:
                self._sign_in_login(server, step)
            else:
                text = "The mail server offers no sign-in with user name and password."
                raise step.fail(text, NO_SIGN_IN)

    def _sign_in_plain(self, server: smtplib.SMTP, step: Step) -> None:
        credentials = f"\0{self._setup.user_name}\0{self._setup.password}"
        step.expect(server.docmd("AUTH", f"PLAIN {_base64(credentials)}"))

    def _sign_in_login(self, server: smtplib.SMTP, step: Step) -> None:
        step.expect(server.docmd("AUTH", "LOGIN"), GO_ON)
        step.expect(server.docmd(_base64(self._setup.user_name)), GO_ON)
        step.expect(server.docmd(_base64(self._setup.password)))

    # Keeping --------------------------------------------------------------------------------------

    def _usable(self, server: smtplib.SMTP) -> bool:
        if server.sock is None or _hung_up(server.sock) or self._submitted >= self._max_letters:
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
        if server is not None:
            server.close()

    # Submitting -----------------------------------------------------------------------------------

    def _submit(self, server: smtplib.SMTP, letter: Letter) -> Accepted:
        options = self._mail_options(server, letter)
        with self._step(Stage.MAIL, letter) as step:
            for address in (letter.envelope_from, *letter.recipients):
                if not ONE_ADDRESS.fullmatch(address):  # smtplib would send to a part of it
                    raise step.fail(f"{address!r} is not one address.", BAD_COMMAND)
            step.expect(server.mail(letter.envelope_from, options))
        with self._step(Stage.RCPT, letter) as step:
            for recipient in letter.recipients:
                step.expect(server.rcpt(recipient))
        with self._step(Stage.DATA, letter) as step:
            step.expect(server.docmd("DATA"), SEND_LETTER)
            server.send(_dot_stuffed(letter.raw))
            if _hung_up(_socket(server)):
                raise smtplib.SMTPServerDisconnected("the connection closed during the letter")
        with self._step(Stage.ANSWER, letter) as step:
            _socket(server).settimeout(self._answer_timeout)
            server.send(b".\r\n")
            answer = server.getreply()
            _socket(server).settimeout(self._timeout)
            step.expect(answer)
        self._submitted += 1
        self._last_used = time.monotonic()
        return Accepted(code=answer[0], text=shown(answer[1]))

    def _mail_options(self, server: smtplib.SMTP, letter: Letter) -> list[str]:
        options = [f"SIZE={len(letter.raw)}"] if server.has_extn("size") else []
        if not letter.smtputf8:
            return options
        if not server.has_extn("smtputf8"):
            text = "The mail server cannot carry an address with letters outside ASCII (SMTPUTF8)."
            raise self._step(Stage.MAIL, letter).fail(text, NO_SMTPUTF8)
        return [*options, "SMTPUTF8", "BODY=8BITMIME"]

    def _step(self, stage: Stage, letter: Letter | None = None) -> Step:
        address = letter.from_address or letter.envelope_from if letter else ""
        return Step(stage=stage, account=self._setup.user_name, address=address)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _dot_stuffed(raw: bytes) -> bytes:
    """A line that begins with a dot gets a second one, so that it does not end the letter."""
    stuffed = raw.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def _address_literal(sock: socket.socket) -> str:
    host = sock.getsockname()[0]
    return f"[IPv6:{host}]" if ":" in host else f"[{host}]"


def _on_this_machine(sock: socket.socket) -> bool:
    return ip_address(sock.getpeername()[0].partition("%")[0]).is_loopback


def _socket(server: smtplib.SMTP) -> socket.socket:
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection is closed")
    return server.sock


def _encrypted(server: smtplib.SMTP) -> bool:
    return isinstance(server.sock, ssl.SSLSocket)


def _hung_up(sock: socket.socket) -> bool:
    """Whether the other side has closed; looks without reading, also below TLS."""
    waiting = sock.gettimeout()
    sock.settimeout(0)
    try:
        return socket.socket.recv(sock, 1, socket.MSG_PEEK) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    finally:
        sock.settimeout(waiting)
