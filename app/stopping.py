"""Stopping while mail is delivered: the mail in hand is finished, the others stay in the queue."""

from collections.abc import Callable
from typing import Final

from notifications.letters import Letter
from notifications.transports import Accepted, BeforeEnd, Transport, nothing

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
