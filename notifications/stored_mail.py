"""What is stored of events that are to be told, of notifications and of emails."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workflow.events import Event, MailGrantMissing


class EmailState(StrEnum):
    """How far an email is."""

    QUEUED = "queued"  # waits for its first or next attempt
    SENDING = "sending"  # claimed by a worker, until its lease ends
    SENT = "sent"  # the mail server took it
    REFUSED = "refused"  # it will not be tried again
    UNCERTAIN = "uncertain"  # the server's answer was lost: it may have been sent
    CORRUPT = "corrupt"  # it cannot be written
    HELD = "held"  # it waits until a person releases it
    CANCELED = "canceled"  # a person decided that it is never sent
    SUPERSEDED = "superseded"  # what it asks for was answered before it could be sent


class Variant(StrEnum):
    """Why there is another email about the same notifications."""

    FIRST = "first"
    FALLBACK = "fallback"  # the server refused the sender of the one before
    AGAIN = "again"  # a person wanted it to be written and sent once more


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
    collected: bool = False  # goes into one email with what else is due to the person then


@dataclass(frozen=True, kw_only=True)
class Notification:
    """A stored notification with its event."""

    id: int
    recipient: str
    message: str
    requester: str
    recorded: RecordedEvent
    collected: bool = False


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
    counted: int = 0  # attempts that failed because of this email, and not of the account
    # When a worker that was never heard of again began to send the end of the letter.
    in_hand_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What one attempt met with."""

    at: datetime
    duration: timedelta
    stage: str  # render, connect, tls, auth, mail, rcpt, data, sent
    code: int | None = None
    enhanced: str | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class RefusedSender:
    """An address the account may not use; it rests until then."""

    account: str  # User Name
    address: str
    until: datetime
    grant_missing: MailGrantMissing | None  # what administrators are told; None: nobody knows


@dataclass(frozen=True, kw_only=True)
class AttemptEnd:
    """What becomes of an email after an attempt."""

    state: EmailState
    attempt: Attempt
    next_attempt_at: datetime | None = None
    counted: bool = True  # whether the failure brings the email nearer to being given up
    refused_sender: RefusedSender | None = None
    stands_in: bool = False  # another email goes out at once, from another address

    @property
    def is_plain(self) -> bool:
        """It was sent, and nothing else follows from it."""
        return self.state is EmailState.SENT and self.refused_sender is None and not self.stands_in


@dataclass(frozen=True, kw_only=True)
class Finishing:
    """An email, and what is to be recorded of it."""

    email_id: int
    end: AttemptEnd


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """Whether each of the two leases still was this owner's."""

    held: bool  # of the letter whose end may be sent now
    answered: bool = False  # why it is not held: what the letter asks for was answered
    finished: bool = False  # of the letter before
