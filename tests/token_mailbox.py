"""An IMAP server on this machine that is signed in to with tokens, and holds a few mails."""

import base64
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

MAILBOX = "approvals@contoso.com"


@dataclass
class TokenMailbox:
    """What it is told to do, and what it heard."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)  # numbers of mails
    refused: set[str] = field(default_factory=set)  # tokens
    refuses_all: bool = False
    explains: bool = True  # a refusal: with a question first
    questions: int = 1  # before it says no
    offers: str = "AUTH=XOAUTH2"
    tokens: list[tuple[str, str]] = field(default_factory=list)  # user and token, in order
    answers: list[bytes] = field(default_factory=list)  # to its explanations

    def is_taken(self, token: str) -> bool:
        return not (self.refuses_all or token in self.refused)


@dataclass
class _Conversation:
    mailbox: TokenMailbox
    connection: socket.socket
    context: ssl.SSLContext

    def run(self) -> None:
        self.lines = self.connection.makefile("rb")
        self.say("* OK ready")
        while line := self.lines.readline().decode().strip():
            tag, _, command = line.partition(" ")
            if not self.answer(tag, command):
                return

    def say(self, *lines: str) -> None:
        self.connection.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def answer(self, tag: str, command: str) -> bool:
        words = command.split()
        match [word.upper() for word in words[:2]]:
            case ["CAPABILITY"]:
                self.say(f"* CAPABILITY IMAP4rev1 STARTTLS {self.mailbox.offers}")
            case ["STARTTLS"]:
                self.say(f"{tag} OK go on")
                self.connection = self.context.wrap_socket(self.connection, server_side=True)
                self.lines = self.connection.makefile("rb")
                return True
            case ["AUTHENTICATE", "XOAUTH2"]:
                self.say(f"{tag} {self.sign_in()}")
                return True
            case ["SELECT", _]:
                self.say(f"* {len(self.mailbox.mails)} EXISTS")
            case ["UID", "SEARCH"]:
                numbers = range(1, len(self.mailbox.mails) + 1)
                unseen = [str(one) for one in numbers if one not in self.mailbox.seen]
                self.say(f"* SEARCH {' '.join(unseen)}")
            case ["UID", "FETCH"]:
                self.send_mail(int(words[2]))
            case ["UID", "STORE"]:
                self.mailbox.seen.add(int(words[2]))
            case ["LOGOUT"]:
                self.say("* BYE", f"{tag} OK bye")
                return False
        self.say(f"{tag} OK done")
        return True

    def sign_in(self) -> str:
        self.say("+ ")
        response = base64.b64decode(self.lines.readline()).decode()
        user, bearer = response.rstrip("\x01").split("\x01")
        token = bearer.removeprefix("auth=Bearer ")
        self.mailbox.tokens.append((user.removeprefix("user="), token))
        if self.mailbox.is_taken(token):
            return "OK AUTHENTICATE completed."
        for _ in range(self.mailbox.questions if self.mailbox.explains else 0):
            why = json.dumps({"status": "400", "schemes": "Bearer", "scope": "the-scope"})
            self.say(f"+ {base64.b64encode(why.encode()).decode()}")
            self.mailbox.answers.append(self.lines.readline())
        return "NO AUTHENTICATE failed."

    def send_mail(self, number: int) -> None:
        raw = self.mailbox.mails[number - 1]
        head = f"* {number} FETCH (UID {number} BODY[]<0> {{{len(raw)}}}\r\n"
        self.connection.sendall(head.encode() + raw + b")\r\n")


@contextmanager
def token_mailbox(context: ssl.SSLContext) -> Iterator[TokenMailbox]:
    """Running while the block does; one connection at a time."""
    mailbox = TokenMailbox()
    listener = socket.create_server(("127.0.0.1", 0))
    mailbox.port = listener.getsockname()[1]

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(10)
            conversation = _Conversation(mailbox, connection, context)
            with suppress(OSError):
                conversation.run()
            conversation.lines.close()
            conversation.connection.close()

    running = threading.Thread(target=serve)
    running.start()
    try:
        yield mailbox
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        running.join(timeout=15)
