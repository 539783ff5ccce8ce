"""What becomes of an email after an attempt to send it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from notifications.accounts import Pause, pause_after
from notifications.delivery_errors import DeliveryError
from notifications.messages import ASKING
from notifications.ports import ClaimedEmail, EmailState, Notification, RefusedSender
from notifications.replies import Outcome, Stage
from notifications.retries import UNCERTAIN_DELAY, is_given_up, next_attempt_at
from notifications.transports import Accepted
from workflow.mailing import TO_COUNTERPARTY

GIVEN_UP: Final = {EmailState.REFUSED, EmailState.CORRUPT, EmailState.UNCERTAIN}
WRITING: Final = "render"  # stages beside those of the conversation with a server
ASKED: Final = "request"  # whether the request is still open
SENT: Final = "sent"

DIED_HALFWAY: Final = (
    "The program ended while the email was handed over; it may have been sent. "
    "Ask the recipient, or send it again: countersign outbox retry"
)
ANSWERED: Final = "What this email asks for was answered before it was sent."


@dataclass(frozen=True, kw_only=True)
class Ending:
    state: EmailState
    stage: str
    text: str = ""
    code: int | None = None
    enhanced: str | None = None
    again_at: datetime | None = None
    counted: bool = False  # whether it brings the email nearer to being given up
    pause: Pause | None = None  # of the account
    refused_sender: RefusedSender | None = None
    stands_in: bool = False
    told: bool = False  # whoever has to know does


def sent(accepted: Accepted) -> Ending:
    return Ending(
        state=EmailState.SENT, stage=SENT, text=accepted.text, code=accepted.code, counted=True
    )


def superseded() -> Ending:
    return Ending(state=EmailState.SUPERSEDED, stage=ASKED, text=ANSWERED)


def corrupt(reason: str) -> Ending:
    return Ending(state=EmailState.CORRUPT, stage=WRITING, text=reason)


def refused(reason: str) -> Ending:
    """Before any server was asked."""
    return Ending(state=EmailState.REFUSED, stage=WRITING, text=reason)


def died_halfway(email: ClaimedEmail, since: datetime) -> Ending:
    return lost(email, since, DIED_HALFWAY)


def lost(email: ClaimedEmail, since: datetime, text: str) -> Ending:
    """A lost request is worse than one that comes twice; of other mail a person decides."""
    ending = Ending(state=EmailState.UNCERTAIN, stage=Stage.ANSWER.value, text=text, counted=True)
    if not asking(email) or email.uncertain_before:
        return ending
    return replace(ending, again_at=since + UNCERTAIN_DELAY)


def waits(email: ClaimedEmail, now: datetime, reason: str) -> Ending:
    """For a setup that can send it."""
    again_at = next_attempt_at(now, attempts=email.attempts + 1, message_id=email.message_id)
    return _waiting(email, WRITING, reason, again_at)


def after(error: DeliveryError, email: ClaimedEmail, now: datetime) -> Ending:
    """After what the mail server said, or did not say any more."""
    pause = pause_after(error, now)
    ending = _after(error, email, now, pause)
    return replace(
        ending, stage=error.stage.value, code=error.code, enhanced=error.enhanced, pause=pause
    )


def is_lost(email: ClaimedEmail, ending: Ending) -> bool:
    """Whether an approver may not have been asked, or a document not gone out, and nobody knows."""
    given_up = ending.state in GIVEN_UP and ending.again_at is None
    if not given_up or ending.stands_in or ending.told:
        return False
    return email.message == TO_COUNTERPARTY or bool(asking(email))


def asking(email: ClaimedEmail) -> list[Notification]:
    """What of it asks for a decision; a digest may."""
    return [one for one in email.notifications if one.message in ASKING]


def _after(error: DeliveryError, email: ClaimedEmail, now: datetime, pause: Pause | None) -> Ending:
    if error.outcome is Outcome.REFUSED:
        return refused(str(error))
    if error.outcome is Outcome.UNCERTAIN:
        return lost(email, now, str(error))
    if pause is not None:  # not this email's fault: behind the others, it waits for the account
        return _waiting(email, "", str(error), now)
    return _once_more(email, now, str(error))


def _once_more(email: ClaimedEmail, now: datetime, text: str) -> Ending:
    counted = email.counted + 1
    if is_given_up(now, created_at=email.created_at, attempts=counted):
        state = EmailState.UNCERTAIN if email.uncertain_before else EmailState.REFUSED
        return Ending(state=state, stage="", text=f"Given up after a day: {text}", counted=True)
    again_at = next_attempt_at(now, attempts=counted, message_id=email.message_id)
    return replace(_waiting(email, "", text, again_at), counted=True)


def _waiting(email: ClaimedEmail, stage: str, text: str, again_at: datetime) -> Ending:
    """What may have been sent before stays uncertain, although it is tried again."""
    state = EmailState.UNCERTAIN if email.uncertain_before else EmailState.QUEUED
    return Ending(state=state, stage=stage, text=text, again_at=again_at)
