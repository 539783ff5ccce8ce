"""Handing a finished letter to the mail server, over a connection that is kept while it is good.

The conversation is held step by step, because what an error means depends on the step: before the
letter's final dot nothing has been accepted, after it a lost answer means that nobody knows.
"""

import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from notifications.bounded_smtp import PlainServer, socket_of
from notifications.connecting import ANSWER_SECONDS, LETTER_SECONDS, STEP_SECONDS
from notifications.delivery_errors import DeliveryError, shown
from notifications.envelopes import open_letter
from notifications.letters import Letter
from notifications.mail_setup import MailSetup
from notifications.oauth import TokenSource
from notifications.replies import Stage
from notifications.signing_in import SigningIn
from notifications.sockets import hung_up


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The mail server has taken responsibility for the letter."""

    code: int
    text: str  # usually contains the server's own number for it


BeforeEnd = Callable[[], None]


def nothing() -> None:
    pass


class Transport(Protocol):
    """Something that delivers letters."""

    @property
    def server_has_smtputf8(self) -> bool: ...

    def submit(self, letter: Letter, before_end: BeforeEnd = nothing) -> Accepted:
        """*before_end* is called when all but the letter's end is sent; what it raises stops it."""
        ...


class SmtpTransport(SigningIn):
    """One account's connection to its mail server, opened when needed and used again.

    Not to be shared between threads. *timeout* is for each phase of the conversation as a whole,
    *letter_timeout* for all that comes before the letter's end, *answer_timeout* for the answer to
    it. The last two together are shorter than the lease of the email: nobody else sends it
    meanwhile.
    """

    def __init__(  # noqa: PLR0913 - how long to wait for what
        self,
        setup: MailSetup,
        *,
        tokens: TokenSource | None = None,
        timeout: float = STEP_SECONDS,
        letter_timeout: float = LETTER_SECONDS,
        answer_timeout: float = ANSWER_SECONDS,
        max_letters: int = 100,
    ) -> None:
        super().__init__(
            setup,
            tokens=tokens,
            timeout=timeout,
            letter_timeout=letter_timeout,
            max_letters=max_letters,
        )
        self._answer_timeout = answer_timeout

    @property
    def server_has_smtputf8(self) -> bool:
        """Asks the server, so it may connect and may raise DeliveryError."""
        setup = self._setup
        self._begin()
        # Where an app signs in to the mailbox of each letter's sender, nobody is known to sign in.
        not_yet = setup.signs_in_as_requester or (setup.app_signs_in and not setup.account)
        server = self._open() if not_yet else self.connect()
        return server.has_extn("smtputf8")

    def submit(self, letter: Letter, before_end: BeforeEnd = nothing) -> Accepted:
        """Hand over one letter to all its recipients or to none."""
        server = self.connect(letter.from_address)
        try:
            return self._submit(server, letter, before_end)
        except DeliveryError as error:
            self._recover(server, error)
            raise
        except BaseException:
            self._drop()  # half a letter may be in the pipe
            raise

    # Submitting -----------------------------------------------------------------------------------

    def _submit(self, server: PlainServer, letter: Letter, before_end: BeforeEnd) -> Accepted:
        open_letter(server, letter, lambda stage: self._step(stage, letter), self._for_a_step)
        with self._step(Stage.DATA, letter):
            server.within(self._left())
            server.send(_dot_stuffed(letter.raw))
        before_end()
        with self._step(Stage.DATA, letter):  # the later it is asked, the less stays uncertain
            if hung_up(socket_of(server)):
                raise smtplib.SMTPServerDisconnected("the connection closed during the letter")
        with self._step(Stage.ANSWER, letter) as step:
            server.within(self._answer_timeout)
            server.send(b".\r\n")
            answer = server.getreply()
            step.expect(answer)
        self._submitted += 1
        self._last_used = time.monotonic()
        return Accepted(code=answer[0], text=shown(answer[1]))


def _dot_stuffed(raw: bytes) -> bytes:
    """A line that begins with a dot gets a second one, so that it does not end the letter."""
    stuffed = raw.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
