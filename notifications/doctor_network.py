"""The lower rungs: is the name known, does the port answer, and is it the mail server we need."""

import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Final, TypeVar

from notifications.doctor_rungs import Check, Grade, Rung
from notifications.mail_setup import MailSetup
from notifications.sayings import sentence as _

T = TypeVar("T")

STEP_SECONDS: Final = 5.0
MOST_ADDRESSES: Final = 4
CHECK_NAME: Final = _(
    "Correct the name (countersign mail setup server=…); if it is right, this machine's name "
    "service does not know it."
)


class Budget:
    """The time that all rungs share; whatever a server does, nobody waits longer."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self, most: float = STEP_SECONDS) -> float:
        return max(0.01, min(most, self._until - time.monotonic()))


def within(seconds: float, work: Callable[[], T]) -> T:
    """What *work* returns or raises.

    Raises:
        TimeoutError: it takes longer; it is left behind, and ends with the program at the latest.
    """
    return begun(work).result(timeout=seconds)


def begun(work: Callable[[], T]) -> Future[T]:
    """Done beside everything else, by nobody who could keep the program from ending."""
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    return done


def found(setup: MailSetup, budget: Budget) -> tuple[Rung, list[str]]:
    """Whether the name is known, and its addresses."""
    seconds = budget.left()
    try:
        addresses = within(seconds, lambda: _addresses(setup))
    except TimeoutError:
        silent = _(
            "The name service did not answer in {seconds} seconds.", seconds=f"{seconds:.0f}"
        )
        return _dns_failed(silent), []
    except (OSError, ValueError):
        return _dns_failed(_("The name {server} is not known.", server=setup.server)), []
    sentence = _("{server} is {addresses}.", server=setup.server, addresses=", ".join(addresses))
    return Rung(check=Check.DNS, grade=Grade.OK, sentence=sentence), addresses


def _dns_failed(sentence: str) -> Rung:
    return Rung(check=Check.DNS, grade=Grade.FAILED, sentence=sentence, fix=CHECK_NAME)


def _addresses(setup: MailSetup) -> list[str]:
    answers = socket.getaddrinfo(setup.server, setup.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))[:MOST_ADDRESSES]


def reached(setup: MailSetup, addresses: list[str], budget: Budget) -> Rung:
    """Whether the port answers, at every address the name has."""
    seconds = budget.left() / len(addresses)
    silent = [address for address in addresses if not _answers(address, setup.port, seconds)]
    where = {"port": setup.port, "server": setup.server}
    if not silent:
        return Rung(
            check=Check.TCP, grade=Grade.OK, sentence=_("Port {port} of {server} answers.", **where)
        )
    if len(silent) < len(addresses):
        return Rung(
            check=Check.TCP,
            grade=Grade.WARNING,
            sentence=_(
                "Port {port} of {server} answers, but not at {silent}: connecting takes longer.",
                **where,
                silent=", ".join(silent),
            ),
            fix=_("Have the name or the firewall corrected for these addresses."),
        )
    return Rung(
        check=Check.TCP,
        grade=Grade.FAILED,
        sentence=_("Port {port} of {server} does not answer.", **where),
        fix=_(
            "Check the port (587 is usual: countersign mail setup port=587), and that a firewall "
            "lets this machine out to it."
        ),
    )


def _answers(address: str, port: int, seconds: float) -> bool:
    try:
        socket.create_connection((address, port), timeout=seconds).close()
    except (OSError, ValueError, OverflowError):
        return False
    return True
