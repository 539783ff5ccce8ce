"""What lists and pages show of the mail: rows that were read together and are never saved."""

from dataclasses import dataclass
from datetime import datetime

from notifications.endings import SENT
from notifications.ports import Attempt, EmailState, Variant, WrittenEmail
from workflow.readings import EventReading


@dataclass(frozen=True, kw_only=True)
class EmailReading:
    """One line of the outbox."""

    id: int
    message_id: str
    recipient: str  # user id
    message: str
    requester: str
    created_at: datetime
    state: EmailState
    next_attempt_at: datetime | None
    attempts: int
    uncertain: bool
    to_address: str  # this and the next ones are empty until it is written
    subject: str
    from_address: str
    rule: str
    last_text: str  # what the mail server said last
    bounced_at: datetime | None  # when another server farther away reported that it failed
    bounce_status: str
    bounce_diagnostic: str
    variant: Variant = Variant.FIRST
    first_id: int | None = None  # the email in whose place it is; None: it is the first


@dataclass(frozen=True, kw_only=True)
class BounceReading:
    """An address to which mail could not be delivered."""

    email_id: int
    to_address: str
    at: datetime
    status: str
    diagnostic: str


@dataclass(frozen=True, kw_only=True)
class SenderVerdict:
    """What the mail server last said to a letter from an address."""

    email_id: int
    at: datetime
    stage: str
    code: int
    text: str

    @property
    def accepted(self) -> bool:
        return self.stage == SENT


@dataclass(frozen=True, kw_only=True)
class EmailDetails:
    """One email with everything that happened to it."""

    email: EmailReading
    written: WrittenEmail | None
    attempts: tuple[Attempt, ...]
    events: tuple[EventReading, ...]
    kin: tuple[int, ...] = ()  # the other emails about the same
