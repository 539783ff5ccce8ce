"""A mail server that does what a script says at each point of the conversation.

At every point something may be called: it returns a reply to give instead of the usual one, `DROP`
to hang up, `HANG` to say nothing more, `KEEP` to take the letter and say nothing more, `DRIP` to
say one letter of an answer that never ends after the other, or None to go on as if nothing had
happened.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

POINTS = ("connect", "ehlo", "auth", "mail", "rcpt", "data", "body", "answer", "accepted")
DROP = "drop"
HANG = "hang"
KEEP = "keep"
DRIP = "drip"
DRIP_EVERY = 0.1  # seconds
DRIPPED = "250-" + "and so on " * 20
SOME_BYTES = 200  # of the letter, before "body"

Action = Callable[[], str | None]


class _Over(Exception):
    """The conversation ends here."""


@dataclass
class ScriptedServer:
    at: dict[str, Action] = field(default_factory=dict)
    accepted: list[bytes] = field(default_factory=list)  # whole letters it took
    reached: list[str] = field(default_factory=list)  # points, in their order
    offers_sign_in: bool = False
    pipelining: bool = False

    def __enter__(self) -> Self:
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(timeout=5)

    def always(self, point: str, does: str | None) -> None:
        self.at[point] = lambda: does

    def _accept(self) -> None:
        talking = []
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                break
            talking.append(threading.Thread(target=self._talk, args=(connection,)))
            talking[-1].start()
        for thread in talking:
            thread.join(timeout=5)

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(20)
        with connection, connection.makefile("rb") as lines, suppress(_Over, OSError):
            say = _Saying(self, connection)
            say("connect", "220 scripted.example")
            while line := lines.readline():
                self._answer(line.decode().strip().upper(), say, lines)

    def _answer(self, command: str, say: "_Saying", lines) -> None:
        match command.split(maxsplit=1)[0] if command else "":
            case "EHLO":
                sign_in = "250-AUTH PLAIN\r\n" if self.offers_sign_in else ""
                ahead = "250-PIPELINING\r\n" if self.pipelining else ""
                say("ehlo", f"250-scripted.example\r\n{sign_in}{ahead}250 SMTPUTF8")
            case "AUTH":
                say("auth", "235 2.7.0 signed in")
            case "MAIL":
                say("mail", "250 2.1.0 sender ok")
            case "RCPT":
                say("rcpt", "250 2.1.5 recipient ok")
            case "DATA":
                if say("data", "354 go on"):
                    self._take_letter(say, lines)
            case "QUIT":
                say("", "221 bye")
                raise _Over
            case _:
                say("", "250 ok")

    def _take_letter(self, say: "_Saying", lines) -> None:
        letter = b""
        asked = False
        while (line := lines.readline()) and line != b".\r\n":
            letter += line
            if len(letter) > SOME_BYTES and not asked:
                asked = True
                say("body", None)
        if not line:
            raise _Over
        if say("answer", "250 2.0.0 queued as 1", before=lambda: self.accepted.append(letter)):
            say("accepted", None)


@dataclass
class _Saying:
    server: ScriptedServer
    connection: socket.socket

    def __call__(
        self, point: str, usual: str | None, before: Callable[[], None] = lambda: None
    ) -> bool:
        """Whether the usual answer was given."""
        self.server.reached.append(point)
        does = self.server.at.get(point, lambda: None)()
        if does == DROP:
            raise _Over
        if does in {None, KEEP}:
            before()
        if does in {HANG, KEEP}:
            self.server._ended.wait(20)
            raise _Over
        if does == DRIP:
            self._drip(DRIPPED)
            raise _Over
        if (reply := does or usual) is not None:
            self.connection.sendall(reply.encode() + b"\r\n")
        return does is None

    def _drip(self, text: str) -> None:
        for letter in text.encode():
            self.connection.sendall(bytes([letter]))
            if self.server._ended.wait(DRIP_EVERY):
                return
