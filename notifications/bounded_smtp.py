"""SMTP conversations that a mail server cannot make endless, neither in length nor in time."""

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Final

REPLY_LINES: Final = 100
LINE_BYTES: Final = 8192
AT_ONCE: Final = 16_384  # bytes; TLS writes no more in one go
NO_REPLY: Final = 0


class PlainServer(smtplib.SMTP):
    """Begins unencrypted; TLS may follow.

    All that is read and written until the next ``within`` has to happen in its time. A timeout of
    the socket would begin anew with every byte, and a server may send one a minute.
    """

    def __init__(self, host: str, port: int, local: str, *, seconds: float) -> None:
        self.within(seconds)
        super().__init__(host, port, local)

    def within(self, seconds: float) -> None:
        """How long the next phase of the conversation may take as a whole."""
        self._ends_at = time.monotonic() + seconds

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Lines(socket_of(self), self._left)
        replies = self.file
        lines: list[bytes] = []
        for _ in range(REPLY_LINES):
            line = self._line(replies)
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return _code(line), b"\n".join(lines)
        self.close()
        raise smtplib.SMTPServerDisconnected("the reply did not end")

    def send(self, s: bytes | str) -> None:  # type: ignore[override]
        """In pieces: one call would give TLS the whole time for each of them."""
        raw = s.encode(self.command_encoding) if isinstance(s, str) else s
        for start in range(0, len(raw), AT_ONCE):
            self._give_time()
            super().send(raw[start : start + AT_ONCE])

    def starttls(self, *, context: ssl.SSLContext) -> tuple[int, bytes]:  # type: ignore[override]
        """The handshake has the rest of the phase."""
        self._give_time()
        return super().starttls(context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        """The addresses share the time; the first one that answers is taken."""
        failed: OSError | None = None
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        ):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self._left())
                sock.connect(address)
            except OSError as error:
                sock.close()
                failed = error
            else:
                return sock
        raise failed or OSError(f"{host} has no address")

    def _give_time(self) -> None:
        try:
            socket_of(self).settimeout(self._left())
        except TimeoutError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"the connection was lost: {error}") from error

    def _left(self) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left

    def _line(self, replies: "_Lines") -> bytes:
        try:
            line = replies.readline(LINE_BYTES)
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"the connection was lost: {error}") from error
        if not line.endswith(b"\n"):
            self.close()
            raise smtplib.SMTPServerDisconnected("the server closed the connection")
        return line


class TlsServer(PlainServer):
    """Encrypted from the first byte."""

    def __init__(
        self, host: str, port: int, local: str, *, seconds: float, context: ssl.SSLContext
    ) -> None:
        self._context = context
        super().__init__(host, port, local, seconds=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        try:
            plain.settimeout(self._left())
            return self._context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise


class _Lines:
    """What the server says, line by line; the time left counts for each of its bytes."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._socket = sock
        self._left = left
        self._received = bytearray()

    def readline(self, limit: int) -> bytes:
        """Without its end when the server closed before it, or when it is too long."""
        while b"\n" not in self._received and len(self._received) < limit:
            self._socket.settimeout(self._left())
            more = self._socket.recv(limit)
            if not more:
                break
            self._received += more
        end = self._received.find(b"\n", 0, limit) + 1 or min(limit, len(self._received))
        line = bytes(self._received[:end])
        del self._received[:end]
        return line

    def close(self) -> None:
        """The socket is closed by its owner."""


def _code(line: bytes) -> int:
    return int(line[:3]) if line[:3].isdigit() else NO_REPLY


def socket_of(server: smtplib.SMTP) -> socket.socket:
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection is closed")
    return server.sock
