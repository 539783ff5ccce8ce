"""Getting due emails delivered: claim, write once, hand over, mark.

One email's trouble never stops the others. Only trouble with the account or the server does:
then nothing more is tried in this pass, and what was claimed goes back into the queue.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from notifications.delivery_errors import DeliveryError, shown
from notifications.mail_setup import MailNotSetUp, MailSetup
from notifications.messages import ASKING
from notifications.ports import (
    Attempt,
    ClaimedEmail,
    Directory,
    EmailState,
    Outbox,
    WrittenEmail,
)
from notifications.readers import Company
from notifications.replies import Outcome, Stage
from notifications.retries import UNCERTAIN_DELAY, is_given_up, next_attempt_at
from notifications.senders import NoSender
from notifications.transports import Accepted, Transport
from notifications.writing import Unaddressed, letter_of, write_email
from workflow.approval_users import ApprovalUser

CLAIMED_AT_ONCE: Final = 10
# Errors of a program, not of a server. Others end the pass: somebody may have asked for that.
DEFECTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
DIED_HALFWAY: Final = (
    "The program ended while the email was handed over; it may have been sent. "
    "Ask the recipient, or send it again: countersign outbox retry"
)


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """What pass 3 did. While ``stopped`` says something, a pause does good before the next pass."""

    sent: int = 0
    retried: int = 0  # will be tried again
    refused: int = 0
    uncertain: int = 0
    corrupt: int = 0
    stopped: str = ""  # why the pass ended before the queue was empty; empty: it did not


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What becomes of an email after one attempt."""

    state: EmailState
    stage: str
    counted_as: str  # field of the report
    text: str = ""
    code: int | None = None
    enhanced: str | None = None
    again_at: datetime | None = None
    stops: bool = False


def deliver_due(  # noqa: PLR0913 - everything a delivery needs from outside
    outbox: Outbox,
    transport: Transport,
    *,
    clock: Callable[[], datetime],
    owner: str,
    lease: timedelta,
    directory: Directory,
    setup: MailSetup | None,
    company: Company,
) -> DeliveryReport:
    """Pass 3: until nothing is due any more. *owner* names this worker and nobody else.

    *lease* must be longer than one letter can take; other workers take over what exceeds it.
    """
    if setup is None or not setup.server:
        return DeliveryReport(stopped=str(MailNotSetUp()))
    delivery = _Delivery(
        outbox=outbox,
        transport=transport,
        clock=clock,
        owner=owner,
        lease=lease,
        directory=directory,
        setup=setup,
        company=company,
    )
    try:
        delivery.run()
    finally:
        outbox.release_claims(owner)
    return delivery.report


@dataclass(kw_only=True)
class _Delivery:
    """One run of the pass."""

    outbox: Outbox
    transport: Transport
    clock: Callable[[], datetime]
    owner: str
    lease: timedelta
    directory: Directory
    setup: MailSetup
    company: Company
    report: DeliveryReport = field(default_factory=DeliveryReport)

    def run(self) -> None:
        while not self.report.stopped and (batch := self._claim()):
            self._deliver_batch(batch)

    def _claim(self) -> list[ClaimedEmail]:
        return self.outbox.claim(
            self.clock(), owner=self.owner, lease=self.lease, limit=CLAIMED_AT_ONCE
        )

    def _deliver_batch(self, batch: list[ClaimedEmail]) -> None:
        """A slow server must not make the lease of the last ones end: they are claimed anew."""
        claimed_at = self.clock()
        for email in batch:
            if self.report.stopped or self.clock() - claimed_at > self.lease / 2:
                self.outbox.release_claims(self.owner)
                return
            self._deliver(email)

    def _deliver(self, email: ClaimedEmail) -> None:
        started = self.clock()
        ending = self._attempted(email, started)
        attempt = Attempt(
            at=started,
            duration=self.clock() - started,
            stage=ending.stage,
            code=ending.code,
            enhanced=ending.enhanced,
            text=shown(ending.text),
        )
        kept = self.outbox.finish(
            email.id,
            owner=self.owner,
            state=ending.state,
            attempt=attempt,
            next_attempt_at=ending.again_at,
        )
        if kept:  # otherwise the lease was lost, and another worker reports on it
            count = getattr(self.report, ending.counted_as) + 1
            self.report = replace(self.report, **{ending.counted_as: count})
        if ending.stops:
            self.report = replace(self.report, stopped=ending.text)

    def _attempted(self, email: ClaimedEmail, now: datetime) -> Ending:
        """Every way one attempt can end. Trouble with the database is not one: it is raised."""
        if _died_halfway(email):
            return _ending(EmailState.UNCERTAIN, Stage.ANSWER, DIED_HALFWAY)
        try:
            accepted = self._submit(email, now)
        except DeliveryError as error:
            return self._after(error, email, now)
        except Unaddressed as error:
            return _ending(EmailState.REFUSED, "render", str(error))
        except NoSender as error:  # a gap in the setup: the email waits until it is filled
            return self._waits(email, now, "render", str(error))
        except _Corrupt as error:
            return _ending(EmailState.CORRUPT, "render", str(error))
        return replace(_ending(EmailState.SENT, "sent", accepted.text), code=accepted.code)

    def _submit(self, email: ClaimedEmail, now: datetime) -> Accepted:
        """The bytes are fixed in the database before the first attempt."""
        written = email.written
        if written is None:
            smtputf8 = self.transport.server_has_smtputf8
            with _writing():
                written = self._written(email, now, smtputf8=smtputf8)
            self.outbox.write(email.id, written)
        try:
            return self.transport.submit(letter_of(email.message_id, written))
        except DEFECTS as error:
            raise _Corrupt(f"{type(error).__name__}: {error}") from error

    def _written(self, email: ClaimedEmail, now: datetime, *, smtputf8: bool) -> WrittenEmail:
        return write_email(
            email,
            directory=_Lookups(self.directory),
            setup=self.setup,
            company=self.company,
            date=now,
            server_has_smtputf8=smtputf8,
        )

    def _after(self, error: DeliveryError, email: ClaimedEmail, now: datetime) -> Ending:
        ending = self._after_outcome(error.outcome, str(error), email, now)
        return replace(
            ending,
            stage=error.stage.value,
            code=error.code,
            enhanced=error.enhanced,
            stops=error.stops_the_pass,
        )

    def _after_outcome(
        self, outcome: Outcome, text: str, email: ClaimedEmail, now: datetime
    ) -> Ending:
        attempts = email.attempts + 1
        match outcome:
            case Outcome.REFUSED:
                return _ending(EmailState.REFUSED, "", text)
            case Outcome.UNCERTAIN:
                return _uncertain(email, now, text)
            case Outcome.ACCOUNT:  # not this email's fault: it waits as long as it takes
                return self._waits(email, now, "", text)
            case Outcome.RETRY:
                if is_given_up(now, created_at=email.created_at, attempts=attempts):
                    return _ending(EmailState.REFUSED, "", f"Given up after a day: {text}")
                return self._waits(email, now, "", text)

    def _waits(self, email: ClaimedEmail, now: datetime, stage: str, text: str) -> Ending:
        again_at = next_attempt_at(now, attempts=email.attempts + 1, message_id=email.message_id)
        return replace(_ending(EmailState.QUEUED, stage, text), again_at=again_at)


def _died_halfway(email: ClaimedEmail) -> bool:
    """Whether a worker ended during the first attempt, and the email must not come twice."""
    return email.uncertain_before and not email.attempts and email.message not in ASKING


class _Corrupt(Exception):
    """This email cannot be written; the message says what stood in the way."""


class _LookupFailed(Exception):
    """The database could not be asked: nobody's email is to blame."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True)
class _Lookups:
    """The directory; its failures can be told from those of an email."""

    directory: Directory

    def user(self, user_id: str) -> ApprovalUser | None:
        try:
            return self.directory.user(user_id)
        except Exception as error:
            raise _LookupFailed(error) from error


@contextmanager
def _writing() -> Iterator[None]:
    """Whatever goes wrong concerns this email only: it is set aside, the others go on."""
    try:
        yield
    except (Unaddressed, NoSender):
        raise
    except _LookupFailed as error:
        raise error.cause from None
    except Exception as error:
        raise _Corrupt(f"{type(error).__name__}: {error}") from error


COUNTED_AS: Final = {
    EmailState.SENT: "sent",
    EmailState.QUEUED: "retried",
    EmailState.REFUSED: "refused",
    EmailState.UNCERTAIN: "uncertain",
    EmailState.CORRUPT: "corrupt",
}


def _ending(state: EmailState, stage: str, text: str) -> Ending:
    return Ending(state=state, stage=stage, text=text, counted_as=COUNTED_AS[state])


def _uncertain(email: ClaimedEmail, now: datetime, text: str) -> Ending:
    """A lost request is worse than one that comes twice; of other mail a person decides."""
    if email.message not in ASKING or email.uncertain_before:
        return _ending(EmailState.UNCERTAIN, "", text)
    again = replace(_ending(EmailState.QUEUED, "", text), again_at=now + UNCERTAIN_DELAY)
    return replace(again, counted_as="uncertain")
