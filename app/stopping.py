"""Stopping while mail is delivered: the mail in hand is finished, the others stay in the queue."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from notifications.letters import Letter
from notifications.transports import Accepted, BeforeEnd, Transport, nothing

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
Stopping = Callable[[], bool]  # whether somebody wants the work to end
STOPPED: Final = "The worker was told to stop; the rest of the mail stays in the queue."


class ToldToStop(Exception):
    """Nothing was begun, so that nothing is half done."""

    def __init__(self) -> None:
        super().__init__(STOPPED)


def never() -> bool:
    return False


class StoppableTransport:
    """Another transport, which takes no further letter once the work is to end."""

    def __init__(self, transport: Transport, stopping: Stopping) -> None:
        self._transport = transport
        self._stopping = stopping

    @property
    def server_has_smtputf8(self) -> bool:
        self._refuse_when_stopping()
        return self._transport.server_has_smtputf8

    def submit(self, letter: Letter, before_end: BeforeEnd = nothing) -> Accepted:
        self._refuse_when_stopping()
        return self._transport.submit(letter, before_end)

    def _refuse_when_stopping(self) -> None:
        if self._stopping():
            raise ToldToStop


@contextmanager
def stop_asked() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set; a second one ends the process as usual."""
    asked = threading.Event()
    before: dict[signal.Signals, Any] = {}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked.set()
        restore()

    for number in STOP_SIGNALS:
        before[number] = signal.signal(number, stop)
    try:
        yield asked
    finally:
        restore()
