"""A real mail server on this machine that can be told to misbehave, with its own certificates."""

# ruff: noqa: ARG002, N802 - the names and arguments of the handlers are those of aiosmtpd

import asyncio
import base64
import socket
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import MISSING, SMTP, AuthResult, LoginPassword, auth_mechanism

from local_authority import Certificates, make_certificates
from notifications.letters import Letter, compose
from notifications.mail_setup import Authentication, MailSetup
from notifications.senders import Sender, SenderRule

ACCOUNT = "erp@contoso.com"
PASSWORD = "geheim-één"  # noqa: S105 - a password outside ASCII, which smtplib.login cannot send


@dataclass
class Received:
    envelope_from: str
    recipients: list[str]
    raw: bytes
    mail_options: list[str]


@dataclass
class MailServer:
    """What the server is told to do, and what it saw."""

    port: int = 0
    replies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    drop: str = ""  # during_letter | after_dot | after_accepting
    received: list[Received] = field(default_factory=list)
    sign_ins: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    # For OAuth 2.0: which mailboxes a token may use; a token that is not there is refused.
    mailboxes: dict[str, set[str]] = field(default_factory=dict)
    explains_refusals: bool = False  # with 334 and a reason, before it says 535
    refused_tokens: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    pipelining: bool = True  # as Exchange and Postfix offer it

    def setup(self, **changes) -> MailSetup:
        return replace(MailSetup(server="localhost", port=self.port), **changes)

    def next_reply(self, command: str) -> str | None:
        waiting = self.replies[command]
        return waiting.pop(0) if waiting else None


class Handler:
    def __init__(self, seen: MailServer) -> None:
        self.seen = seen

    @auth_mechanism("XOAUTH2")
    async def auth_XOAUTH2(self, server, args):
        response = args[1] if len(args) > 1 else await server.challenge_auth("")
        login, token = xoauth2_parts(response)
        self.seen.sign_ins.append(("XOAUTH2", login.encode(), token.encode()))
        if login in self.seen.mailboxes.get(token, set()):
            return AuthResult(success=True, auth_data=login)
        self.seen.refused_tokens.append(token)
        if self.seen.explains_refusals:
            answer = await server.challenge_auth('{"status":"401","schemes":"bearer"}')
            assert answer in {b"", MISSING}  # an empty line, as the protocol wants
        reply = self.seen.next_reply("XOAUTH2") or "535 5.7.3 Authentication unsuccessful"
        await server.push(reply)
        return AuthResult(success=False, handled=True)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        more = ["250-PIPELINING"] if self.seen.pipelining else []
        return [*responses[:-1], *more, responses[-1]]

    async def handle_MAIL(self, server, session, envelope, address, options):
        if reply := self.seen.next_reply("MAIL"):
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 sender ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := self.seen.next_reply("RCPT"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        if self.seen.drop == "after_dot":
            server.transport.abort()
            return "250 never sent"
        if reply := self.seen.next_reply("DATA"):
            return reply
        self.seen.received.append(
            Received(
                envelope.mail_from,
                envelope.rcpt_tos,
                envelope.original_content,
                envelope.mail_options,
            )
        )
        if self.seen.drop == "after_accepting":
            server.transport.abort()
        return "250 2.0.0 queued as 4711"


def xoauth2_parts(response: str) -> tuple[str, str]:
    """Login and token of an initial response."""
    fields = base64.b64decode(response).decode().split("\x01")
    parts = dict(part.split("=", 1) for part in fields if part)
    return parts["user"], parts["auth"].removeprefix("Bearer ")


class Conversation(SMTP):
    """Records the commands, and can hang up in the middle of a letter."""

    seen: MailServer
    command_size_limit = 12288  # RFC 4954: tokens are long

    async def _handle_client(self):
        self.seen.connections += 1
        await super()._handle_client()

    async def push(self, status):
        await super().push(self.seen.next_reply("GREETING") or status if self._greets else status)
        self._greets = False

    _greets = True

    async def smtp_DATA(self, arg):
        self.seen.commands.append("DATA")
        if self.seen.drop == "during_letter":
            await self.push("354 go on")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def smtp_NOOP(self, arg):
        self.seen.commands.append("NOOP")
        await super().smtp_NOOP(arg)

    async def smtp_STARTTLS(self, arg):
        if reply := self.seen.next_reply("STARTTLS"):
            await self.push(reply)
            return
        await super().smtp_STARTTLS(arg)


class Running(Controller):
    def __init__(self, seen: MailServer, *, implicit_tls=None, **options) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        seen.port = self.listener.getsockname()[1]
        self.seen = seen
        self.implicit_tls = implicit_tls
        super().__init__(Handler(seen), hostname="127.0.0.1", port=seen.port, **options)

    def factory(self):
        conversation = Conversation(self.handler, loop=self.loop, **self.SMTP_kwargs)
        conversation.seen = self.seen
        return conversation

    def _create_server(self):
        return self.loop.create_server(
            self._factory_invoker, sock=self.listener, ssl=self.implicit_tls
        )

    def _trigger_server(self):
        """No test connection: the first letter is the test."""
        self._factory_invoked.set()
        self.smtpd = object()

    def stop(self, no_assert=False):
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(timeout=5)
        super().stop(no_assert)
        self.listener.close()

    async def _hang_up(self):
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()
        await asyncio.sleep(0)


@pytest.fixture
def mail_server(certificates):
    """Start servers: `mail_server()` offers STARTTLS and sign-in with the account's password."""
    running = []

    def start(*, tls=True, other_name=False, sign_in=True, smtputf8=True, **options) -> MailServer:
        seen = MailServer()
        context = certificates.other_name if other_name else certificates.server
        if tls:
            options["tls_context"] = context
        if sign_in:
            options["authenticator"] = _authenticator(seen)
            options["auth_require_tls"] = tls
        server = Running(seen, enable_SMTPUTF8=smtputf8, **options)
        server.start()
        running.append(server)
        return seen

    yield start
    for server in running:
        server.stop()


def _authenticator(seen: MailServer):
    def authenticate(server, session, envelope, mechanism, credentials):
        assert isinstance(credentials, LoginPassword)
        seen.sign_ins.append((mechanism, credentials.login, credentials.password))
        right = (credentials.login, credentials.password) == (ACCOUNT.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    return authenticate


@pytest.fixture
def signs_in(certificates):
    """The settings of an account that signs in over TLS."""
    return {
        "authentication": Authentication.BASIC,
        "user_name": ACCOUNT,
        "password": PASSWORD,
        "secure": True,
        "ca_file": str(certificates.ca_file),
    }


@pytest.fixture(scope="session")
def certificates(tmp_path_factory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def write():
    """Letters from Ann to Bob, with whatever differs: `write(subject="…")`."""

    def write(*, sender: Sender | None = None, **changes) -> Letter:
        parts = {
            "to_name": "Bob",
            "to_address": "bob@contoso.com",
            "subject": "Approve purchase order 1001?",
            "text": "Ann asks you to approve purchase order 1001.\n",
            "html": "<p>Ann asks you to approve purchase order 1001.</p>\n",
            "message_id": "<1001.bob@contoso.com>",
            "date": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
            "language": "en",
        }
        return compose(sender=sender or as_ann(), **(parts | changes))

    return write


def as_ann(**changes) -> Sender:
    sender = Sender(
        rule=SenderRule.REQUESTER,
        name="Ann Lee",
        from_address="ann@contoso.com",
        sender_address=None,
        envelope_from=ACCOUNT,
        reply_to=None,
    )
    return replace(sender, **changes)
