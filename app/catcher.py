"""The demo's mail server: it delivers nothing and keeps every mail as a file one can look at.

Each mail is `0001-bob@example.com-the-subject.eml`, exactly as it was received. Its envelope lies
beside it as `….json`: the envelope is not part of the mail and may name other addresses.
"""

import json
import logging
import re
import socket
from collections.abc import Awaitable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from hmac import compare_digest
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ON_THIS_MACHINE: Final = "127.0.0.1"
NAME_LIMIT: Final = 80
NOT_IN_A_FILE_NAME: Final = re.compile(r"[^A-Za-z0-9@._-]+")
NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True)
class CaughtMail:
    envelope_from: str
    recipients: tuple[str, ...]
    message: EmailMessage
    path: Path
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class _EnvelopeFile:
    envelope_from: str
    recipients: tuple[str, ...]
    received_at: str


class Catcher:
    """An SMTP server for this machine only, running while the `with` block does."""

    def __init__(
        self, folder: Path, *, port: int = 0, accounts: Mapping[str, str] | None = None
    ) -> None:
        """*port* 0 takes a free one; `port` then says which.

        With *accounts*, passwords by user name, only those can sign in, and only who signed in
        can send.
        """
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._listener = socket.create_server((ON_THIS_MACHINE, port))
        self.host = ON_THIS_MACHINE
        self.port: int = self._listener.getsockname()[1]
        self._server = _Server(_Keeper(folder, accounts or {}), self._listener)

    def start(self) -> None:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # it warns of what it does itself
        self._server.start()

    def stop(self) -> None:
        """Also when it never started; a second time it does nothing."""
        if not self._server.loop.is_closed():
            self._server.stop(no_assert=True)
            self._server.loop.close()
            self._listener.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def mails(self) -> list[CaughtMail]:
        """Everything caught so far, first to last, also by an earlier run in this folder."""
        return caught_in(self._folder)


def caught_in(folder: Path) -> list[CaughtMail]:
    return [_caught(path) for path in sorted(folder.glob("*.eml"), key=_number)]


def _caught(path: Path) -> CaughtMail:
    envelope = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    message = BytesParser(EmailMessage, policy=modern).parsebytes(path.read_bytes())
    return CaughtMail(
        envelope_from=envelope["envelope_from"],
        recipients=tuple(envelope["recipients"]),
        message=message,
        path=path,
        received_at=datetime.fromisoformat(envelope["received_at"]),
    )


def _number(path: Path) -> int:
    found = NUMBER.match(path.name)
    return int(found.group()) if found else 0


class _Keeper:
    """Writes what arrives into the folder."""

    def __init__(self, folder: Path, accounts: Mapping[str, str]) -> None:
        self._folder = folder
        self._accounts = accounts
        self._count = max(map(_number, folder.glob("*.eml")), default=0)

    def sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _method: str, data: object
    ) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        known = self._accounts.get(data.login.decode("utf-8", "replace"))
        right = known is not None and compare_digest(known.encode(), data.password)
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self._accounts and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        raw = envelope.original_content or b""
        recipients = tuple(envelope.rcpt_tos)
        self._count += 1
        stem = f"{self._count:04}-{_file_name(recipients, raw)}"
        received = _EnvelopeFile(
            envelope_from=envelope.mail_from or "",
            recipients=recipients,
            received_at=datetime.now(UTC).isoformat(),
        )
        self._write(stem, raw, received)
        return f"250 2.0.0 kept as {self._count:04}"

    def _write(self, stem: str, raw: bytes, received: _EnvelopeFile) -> None:
        """The mail appears last and at once, so that a reader never sees half of one."""
        (self._folder / f"{stem}.json").write_text(
            json.dumps(asdict(received), ensure_ascii=False, indent=2), encoding="utf-8"
        )
        unfinished = self._folder / f"{stem}.part"
        unfinished.write_bytes(raw)
        unfinished.rename(self._folder / f"{stem}.eml")


def _file_name(recipients: tuple[str, ...], raw: bytes) -> str:
    head = BytesParser(EmailMessage, policy=modern).parsebytes(raw, headersonly=True)
    words = f"{recipients[0]}-{head['Subject'] or 'no-subject'}"
    return NOT_IN_A_FILE_NAME.sub("-", words)[:NAME_LIMIT].strip("-.")


class _Server(Controller):
    """aiosmtpd on a socket that is already open: only so is a free port known before it starts."""

    def __init__(self, keeper: _Keeper, listener: socket.socket) -> None:
        super().__init__(
            keeper,
            hostname=ON_THIS_MACHINE,
            port=listener.getsockname()[1],
            authenticator=keeper.sign_in,
            auth_require_tls=False,  # the password does not leave this machine
        )
        self._listener = listener

    def _create_server(self) -> Awaitable[Any]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)
