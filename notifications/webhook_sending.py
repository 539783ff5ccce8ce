"""Posting one webhook: to the address that was checked, with the name's certificate, in 15 seconds.

The only module that opens sockets for webhooks.
"""

import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from notifications.formatting import one_line
from notifications.webhook_targets import (
    Resolve,
    Target,
    TargetRefused,
    WrongUrl,
    address_of,
    resolved,
    target_of,
)
from notifications.webhooks import Posted

SECONDS: Final = 15.0
LONGEST_ANSWER: Final = 64 * 1024
LONGEST_WORDS: Final = 200
NO_TIME: Final = "It took longer than 15 seconds."


@dataclass(frozen=True, kw_only=True)
class Sender:
    """*allowed* are the ``host:port`` outside the rule, *ca_file* whom the tests trust."""

    clock: Callable[[], datetime]
    allowed: Collection[str] = ()
    ca_file: str = ""
    seconds: float = SECONDS
    resolve: Resolve = field(default=resolved)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """What came of it; nothing is raised, and no redirect followed."""
        began = time.monotonic()
        at = self.clock()
        status, retry_after, text = None, "", ""
        try:
            target = target_of(url, self.allowed)
            address = self._address(target)
            left = self.seconds - (time.monotonic() - began)
            status, retry_after = self._exchange(target, address, headers, body, left)
        except (WrongUrl, TargetRefused) as refusal:
            text = refusal.message
        except (OSError, HTTPError, ValueError, EOFError) as error:
            text = one_line(f"{type(error).__name__}: {error}", LONGEST_WORDS)
        took = time.monotonic() - began
        if took >= self.seconds:  # what is there of an answer was cut off
            status, retry_after, text = None, "", NO_TIME
        duration = int(took * 1000)
        return Posted(
            at=at, duration_ms=duration, status=status, text=text, retry_after=retry_after
        )

    def _address(self, target: Target) -> str:
        """Resolving has no time limit of its own, so it happens beside us."""
        found: list[str] = []
        failed: list[Exception] = []

        def look() -> None:
            try:
                found.append(address_of(target, self.allowed, self.resolve))
            except (OSError, TargetRefused, UnicodeError) as error:
                failed.append(error)

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        thread.join(self.seconds)
        if failed:
            raise failed[0]
        if not found:
            raise TimeoutError(f"{target.host} was not found in time")
        return found[0]

    def _exchange(
        self, target: Target, address: str, headers: Mapping[str, str], body: bytes, left: float
    ) -> tuple[int, str]:
        connection = self._connection(target, address, left)
        with _ended_after(connection, left):
            try:
                connection.request(
                    "POST",
                    target.path,
                    body=body,
                    headers={
                        "Host": target.host_header,
                        "Content-Type": "application/json",
                        "User-Agent": "Countersign",
                        **headers,
                    },
                    preload_content=False,
                )
                answer = connection.getresponse()
                answer.read(LONGEST_ANSWER, decode_content=False)
                return answer.status, answer.headers.get("retry-after", "")
            finally:
                connection.close()

    def _connection(self, target: Target, address: str, left: float) -> "_Plain | _Secure":
        if not target.secure:
            return _Plain(address, target.port, timeout=left)
        return _Secure(
            address,
            target.port,
            timeout=left,
            server_hostname=target.host,
            assert_hostname=target.host,
            ca_certs=self.ca_file or None,
        )


class _Plain(HTTPConnection):
    line: socket.socket | None = None  # the same connection, also below TLS

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        self.line = connected.dup()
        return connected


class _Secure(HTTPSConnection):
    line: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        self.line = connected.dup()
        return connected


@contextmanager
def _ended_after(connection: _Plain | _Secure, seconds: float) -> Iterator[None]:
    """A server that says a byte a minute is hung up on: timeouts begin anew with each of them."""

    def hang_up() -> None:
        if connection.line is not None:
            with suppress(OSError):
                connection.line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(seconds, 0.0), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if connection.line is not None:
            connection.line.close()
