"""What a person decides about one email: send it again, hold, release or cancel it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from notifications.addresses import normalised
from notifications.readings import EmailDetails
from workflow.actors import Actor
from workflow.errors import WorkflowError
from workflow.events import EmailOperated, MailGrantConfirmed, SetupEvent
from workflow.phrases import word

ALL_HELD: Final = "held emails"
RETRIED: Final = "retried"
HELD: Final = "held"
RELEASED: Final = "released"
CANCELED: Final = "canceled"


class EmailNotFound(WorkflowError):
    code = "EMAIL_NOT_FOUND"
    template = "There is no email {}."
    advice = "`countersign outbox list` shows the emails there are."


class NotToBeRetried(WorkflowError):
    code = "NOT_TO_BE_RETRIED"
    template = "Email {} is {}, and so is not sent again."
    advice = (
        "Only waiting, refused, bounced, uncertain, corrupt and canceled emails can be retried, "
        "unless another one took their place; a held one can be released."
    )


class NotToBeHeld(WorkflowError):
    code = "NOT_TO_BE_HELD"
    template = "Email {} is {}, and so cannot be held."
    advice = "Only an email that waits for its next attempt can be held."


class NotHeld(WorkflowError):
    code = "NOT_HELD"
    template = "Email {} is {}, and so cannot be released."
    advice = "`countersign outbox list --state held` shows the emails that can."


class NotToBeCanceled(WorkflowError):
    code = "NOT_TO_BE_CANCELED"
    template = "Email {} is {}, and so cannot be canceled."
    advice = "Only an email that waits or is held can be canceled."


class SenderNotResting(WorkflowError):
    code = "SENDER_NOT_RESTING"
    template = "{} does not rest: mail may carry it already."
    advice = "`countersign mail grants` shows which addresses were refused."


class ReadsEmails(Protocol):
    def outbox_show(self, email_id: int) -> EmailDetails | None: ...


class OperatesOutbox(Protocol):
    """What is *recorded* is stored with what is done, or not at all."""

    def retry(
        self, email_id: int, now: datetime, recorded: Sequence[SetupEvent] = ()
    ) -> int | None:
        """The email that is sent now; None when it is not one to be sent again."""
        ...

    def hold(self, email_id: int, recorded: Sequence[SetupEvent] = ()) -> bool: ...

    def release(
        self, email_id: int, now: datetime, recorded: Sequence[SetupEvent] = ()
    ) -> bool: ...

    def cancel(self, email_id: int, recorded: Sequence[SetupEvent] = ()) -> bool: ...

    def use_again(self, address: str, recorded: Sequence[SetupEvent] = ()) -> bool:
        """Mail may carry an address again that was refused; whether it rested."""
        ...


def subject_of(email_id: int) -> str:
    """How the record names an email."""
    return f"email {email_id}"


def decided(actor: Actor, step: str, email_id: int | None = None) -> list[SetupEvent]:
    """For the record; without an email all that are held are meant."""
    subject = ALL_HELD if email_id is None else subject_of(email_id)
    return [EmailOperated(at=actor.at, actor=actor.user, subject=subject, step=step)]


def email_numbered(read: ReadsEmails, email_id: int) -> EmailDetails:
    """
    Raises:
        EmailNotFound
    """
    details = read.outbox_show(email_id)
    if details is None:
        raise EmailNotFound(email_id)
    return details


def retry(read: ReadsEmails, outbox: OperatesOutbox, email_id: int, actor: Actor) -> int:
    """The number of the email that is sent now: the same, or another in its place.

    Raises:
        EmailNotFound, NotToBeRetried
    """
    state = email_numbered(read, email_id).email.state
    queued = outbox.retry(email_id, actor.at, decided(actor, RETRIED, email_id))
    if queued is None:
        raise NotToBeRetried(email_id, word(state))
    return queued


def hold(read: ReadsEmails, outbox: OperatesOutbox, email_id: int, actor: Actor) -> None:
    """Nobody sends it until it is released.

    Raises:
        EmailNotFound, NotToBeHeld
    """
    state = email_numbered(read, email_id).email.state
    if not outbox.hold(email_id, decided(actor, HELD, email_id)):
        raise NotToBeHeld(email_id, word(state))


def release(read: ReadsEmails, outbox: OperatesOutbox, email_id: int, actor: Actor) -> None:
    """
    Raises:
        EmailNotFound, NotHeld
    """
    state = email_numbered(read, email_id).email.state
    if not outbox.release(email_id, actor.at, decided(actor, RELEASED, email_id)):
        raise NotHeld(email_id, word(state))


def cancel(read: ReadsEmails, outbox: OperatesOutbox, email_id: int, actor: Actor) -> None:
    """It is never sent, unless somebody sends it again.

    Raises:
        EmailNotFound, NotToBeCanceled
    """
    state = email_numbered(read, email_id).email.state
    if not outbox.cancel(email_id, decided(actor, CANCELED, email_id)):
        raise NotToBeCanceled(email_id, word(state))


def use_again(outbox: OperatesOutbox, address: str, actor: Actor) -> None:
    """*actor* says that the right to send as *address* was granted: the next mail tries it.

    Raises:
        SenderNotResting
    """
    usable = normalised(address)
    said = MailGrantConfirmed(at=actor.at, actor=actor.user, subject=usable)
    if not outbox.use_again(usable, [said]):
        raise SenderNotResting(address)
