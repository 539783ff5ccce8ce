"""SMTP conversations that a mail server cannot make endless."""

import smtplib
import socket
from typing import BinaryIO, Final

REPLY_LINES: Final = 100
LINE_BYTES: Final = 8192
NO_REPLY: Final = 0


class _BoundedReplies(smtplib.SMTP):
    """An SMTP conversation in which a server cannot fill our memory with one endless reply."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = socket_of(self).makefile("rb")
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


class PlainServer(_BoundedReplies):
    """Begins unencrypted; TLS may follow."""


class TlsServer(_BoundedReplies, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""


def _code(line: bytes) -> int:
    return int(line[:3]) if line[:3].isdigit() else NO_REPLY


def socket_of(server: smtplib.SMTP) -> socket.socket:
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection is closed")
    return server.sock
