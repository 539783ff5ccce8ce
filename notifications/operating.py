"""What a person decides about one email: send it again, hold, release or cancel it."""

from datetime import datetime
from typing import Protocol

from notifications.readings import EmailDetails
from workflow.errors import WorkflowError
from workflow.phrases import word


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


class ReadsEmails(Protocol):
    def outbox_show(self, email_id: int) -> EmailDetails | None: ...


class OperatesOutbox(Protocol):
    def retry(self, email_id: int, now: datetime) -> int | None:
        """The email that is sent now; None when it is not one to be sent again."""
        ...

    def hold(self, email_id: int) -> bool: ...

    def release(self, email_id: int, now: datetime) -> bool: ...

    def cancel(self, email_id: int) -> bool: ...


def email_numbered(read: ReadsEmails, email_id: int) -> EmailDetails:
    """
    Raises:
        EmailNotFound
    """
    details = read.outbox_show(email_id)
    if details is None:
        raise EmailNotFound(email_id)
    return details


def retry(read: ReadsEmails, outbox: OperatesOutbox, email_id: int, now: datetime) -> int:
    """The number of the email that is sent now: the same, or another in its place.

    Raises:
        EmailNotFound, NotToBeRetried
    """
    state = email_numbered(read, email_id).email.state
    queued = outbox.retry(email_id, now)
    if queued is None:
        raise NotToBeRetried(email_id, word(state))
    return queued


def hold(read: ReadsEmails, outbox: OperatesOutbox, email_id: int) -> None:
    """Nobody sends it until it is released.

    Raises:
        EmailNotFound, NotToBeHeld
    """
    state = email_numbered(read, email_id).email.state
    if not outbox.hold(email_id):
        raise NotToBeHeld(email_id, word(state))


def release(read: ReadsEmails, outbox: OperatesOutbox, email_id: int, now: datetime) -> None:
    """
    Raises:
        EmailNotFound, NotHeld
    """
    state = email_numbered(read, email_id).email.state
    if not outbox.release(email_id, now):
        raise NotHeld(email_id, word(state))


def cancel(read: ReadsEmails, outbox: OperatesOutbox, email_id: int) -> None:
    """It is never sent, unless somebody sends it again.

    Raises:
        EmailNotFound, NotToBeCanceled
    """
    state = email_numbered(read, email_id).email.state
    if not outbox.cancel(email_id):
        raise NotToBeCanceled(email_id, word(state))
