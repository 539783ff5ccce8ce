"""What the mail needs from whoever stores things; ``db`` provides it.

Two passes: recorded events become notifications, due notifications become emails; then due
emails are claimed with a lease, submitted and marked. Every method is its own transaction, so
that none is open while a mail server is spoken to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from notifications.mail_setup import MailSetup
from workflow.approval_users import ApprovalUser
from workflow.events import Event


class EmailState(StrEnum):
    """How far an email is."""

    QUEUED = "queued"  # waits for its first or next attempt
    SENDING = "sending"  # claimed by a worker, until its lease ends
    SENT = "sent"  # the mail server took it
    REFUSED = "refused"  # it will not be tried again
    UNCERTAIN = "uncertain"  # the server's answer was lost: it may have been sent
    CORRUPT = "corrupt"  # it cannot be written


@dataclass(frozen=True, kw_only=True)
class RecordedEvent:
    """An event with its place in the log."""

    id: int
    event: Event


@dataclass(frozen=True, kw_only=True)
class NewNotification:
    """One person to be told of one event; unique by event, recipient and message."""

    recipient: str  # user id
    message: str  # folder under templates/email
    requester: str  # in whose name; empty: nobody's
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Notification:
    """A stored notification with its event."""

    id: int
    recipient: str
    message: str
    requester: str
    recorded: RecordedEvent


@dataclass(frozen=True, kw_only=True)
class NewEmail:
    """One email to one person about one or more notifications."""

    message_id: str  # fixed here: every attempt carries the same one
    recipient: str
    message: str
    requester: str
    notifications: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class WrittenEmail:
    """An email as it goes over the wire, fixed before the first attempt."""

    to_address: str
    subject: str
    rule: str  # the sender rule that chose From
    from_address: str
    sender_address: str  # empty: no Sender header
    reply_to: str  # empty: no Reply-To header
    envelope_from: str
    smtputf8: bool
    raw: bytes


@dataclass(frozen=True, kw_only=True)
class ClaimedEmail:
    """An email that this worker may send until its lease ends."""

    id: int
    message_id: str
    recipient: str
    message: str
    requester: str
    created_at: datetime
    attempts: int  # finished ones
    uncertain_before: bool  # an earlier attempt lost the server's answer
    written: WrittenEmail | None  # None before the first attempt
    notifications: tuple[Notification, ...]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What one attempt met with."""

    at: datetime
    duration: timedelta
    stage: str  # render, connect, tls, auth, mail, rcpt, data, sent
    code: int | None = None
    enhanced: str | None = None
    text: str = ""


class Directory(Protocol):
    """People by user id."""

    def user(self, user_id: str) -> ApprovalUser | None: ...


class Outbox(Protocol):
    """Events to be told, notifications and emails."""

    def unexpanded(self, limit: int) -> list[RecordedEvent]:
        """Recorded events whose notifications have not been made yet, oldest first."""
        ...

    def expand(self, event_id: int, notifications: list[NewNotification]) -> None:
        """Store the notifications that are not there yet and take the event off the inbox."""
        ...

    def due_notifications(self, now: datetime, limit: int) -> list[Notification]:
        """Due, and not part of an email yet; by recipient."""
        ...

    def bundle(self, email: NewEmail, now: datetime) -> bool:
        """Make the email, unless one of its notifications is part of another one already."""
        ...

    def claim(
        self, now: datetime, *, owner: str, lease: timedelta, limit: int
    ) -> list[ClaimedEmail]:
        """Queued emails that are due, and those whose worker let the lease end."""
        ...

    def write(self, email_id: int, written: WrittenEmail) -> None:
        """Fix the bytes; they are never changed afterwards."""
        ...

    def finish(
        self,
        email_id: int,
        *,
        owner: str,
        state: EmailState,
        attempt: Attempt,
        next_attempt_at: datetime | None = None,
    ) -> bool:
        """Record the attempt and set the state, if the lease is still this owner's."""
        ...

    def release_claims(self, owner: str) -> None:
        """Put what this owner claimed and did not attempt back into the queue."""
        ...

    def next_due(self) -> datetime | None:
        """When the next queued email is due; None when there is none."""
        ...


class MailSetups(Protocol):
    """The one SMTP mail setup; its password is encrypted at rest."""

    def load(self) -> MailSetup | None: ...

    def save(self, setup: MailSetup) -> None: ...
