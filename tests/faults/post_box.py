"""A mail server in a process of its own, which can be killed, and started again at its place.

Run as a program it takes letters into a folder. Told so, it kills itself at a point of the next
one: ``within`` the letter, or ``after`` its end, when it was taken but nobody was told.
"""

import os
import signal
import socketserver
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from uuid import uuid4

DYING = "dying"  # a file beside the letters
SOME_LINES = 5  # of the letter
ANSWERS = {"DATA": "354 go on", "QUIT": "221 bye", "EHLO": "250 SMTPUTF8"}


@dataclass
class PostBox:
    """The server as tests see it."""

    folder: Path
    port: int = 0
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        self.folder.mkdir(exist_ok=True)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, die: str = "never") -> None:
        (self.folder / DYING).unlink(missing_ok=True)
        command = [sys.executable, __file__, str(self.port), str(self.folder), die]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    @property
    def is_dying(self) -> bool:
        """From the moment the letter may come that it does not take to its end."""
        return self._process is not None and (self.folder / DYING).exists()

    def wait_until_dead(self, seconds: float) -> None:
        if self._process is not None:
            self._process.wait(seconds)
            self.stop()

    def letters(self) -> list[bytes]:
        return [file.read_bytes() for file in sorted(self.folder.glob("*.eml"))]


class Talk(socketserver.StreamRequestHandler):
    """One conversation."""

    def handle(self) -> None:
        self.say("220 post box")
        while line := self.rfile.readline():
            verb = line.decode().split()[0].upper()
            if verb == "DATA" and DIE == "within":
                (FOLDER / DYING).touch()
            self.say(ANSWERS.get(verb, "250 ok"))
            if verb == "DATA":
                self.take_letter()
            if verb == "QUIT":
                return

    def take_letter(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line)
            if DIE == "within" and len(lines) == SOME_LINES:
                die()
        whole = FOLDER / f"{uuid4().hex}.eml"
        part = whole.with_suffix(".part")
        part.write_bytes(b"".join(lines))
        part.rename(whole)
        if DIE == "after":
            die()
        self.say("250 2.0.0 taken")

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50


if __name__ == "__main__":
    PORT, FOLDER, DIE = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    with Server(("127.0.0.1", PORT), Talk) as server:
        print(server.server_address[1], flush=True)  # noqa: T201 - whoever started it reads this
        server.serve_forever()
