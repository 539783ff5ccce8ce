"""What the mail needs from whoever stores things; ``db`` provides it.

Two passes: recorded events become notifications, due notifications become emails; then due
emails are claimed with a lease, submitted and marked. Every method is its own transaction, so
that none is open while a mail server is spoken to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from notifications.accounts import Limits, Pause, Permit
from notifications.mail_setup import MailSetup
from notifications.stored_mail import (
    Attempt,
    AttemptEnd,
    ClaimedEmail,
    EmailState,
    Finishing,
    HandedOver,
    NewEmail,
    NewNotification,
    Notification,
    RecordedEvent,
    RefusedSender,
    Variant,
    WrittenEmail,
)
from notifications.wording import CustomWording
from workflow.approval_users import ApprovalUser
from workflow.events import DocumentEvent, SetupEvent, WordingBroken

__all__ = [
    "Attempt",
    "AttemptEnd",
    "ClaimedEmail",
    "Directory",
    "EmailState",
    "Finishing",
    "HandedOver",
    "MailSetups",
    "MailTest",
    "MailTests",
    "NewEmail",
    "NewNotification",
    "Notification",
    "Outbox",
    "RecordedEvent",
    "RefusedSender",
    "TokenCache",
    "Variant",
    "Wordings",
    "WrittenEmail",
]


class Directory(Protocol):
    """People by user id."""

    def user(self, user_id: str) -> ApprovalUser | None: ...


class Outbox(Protocol):
    """Events to be told, notifications and emails."""

    def unexpanded(self, limit: int, after: int = 0) -> list[RecordedEvent]:
        """Events later than *after* whose notifications have not been made yet, oldest first."""
        ...

    def expand(self, told: Mapping[int, Sequence[NewNotification]]) -> None:
        """By event: store what is not there yet and take the event off the inbox."""
        ...

    def due_notifications(self, now: datetime, limit: int) -> list[Notification]:
        """Due, and not part of an email yet; by recipient.

        What is due farther ahead than any schedule reaches was put there by a wrong clock: it is
        due, too.
        """
        ...

    def mailed_between(self, message: str, since: datetime, now: datetime) -> frozenset[str]:
        """Who got an email since then that tells of such a notification, alone or with others."""
        ...

    def postpone(self, notifications: Sequence[int], until: datetime) -> None:
        """Have notifications that are part of no email yet be due then."""
        ...

    def bundle(self, emails: Sequence[NewEmail], now: datetime) -> int:
        """Make those of whose notifications none is part of another one already; how many.

        Where there were too many lately they are held, and administrators are told.
        """
        ...

    def claim(
        self, now: datetime, *, owner: str, lease: timedelta, limit: int
    ) -> list[ClaimedEmail]:
        """Queued emails that are due, and those whose worker let the lease end."""
        ...

    def are_due(self, now: datetime, *, more_than: int) -> bool:
        """Whether more than so many emails could be claimed."""
        ...

    def earlier(self, emails: Sequence[ClaimedEmail]) -> Mapping[int, tuple[str, ...]]:
        """By email: Message-IDs of what its recipient got about the same document, oldest first.

        What an email is about is its first notification.
        """
        ...

    def still_asked(self, notifications: Sequence[Notification]) -> tuple[Notification, ...]:
        """Those that are about no request that was answered meanwhile."""
        ...

    def asked_of(self, user: str) -> Sequence[DocumentEvent]:
        """What asked that person for every answer that is still awaited."""
        ...

    def write(self, emails: Mapping[int, WrittenEmail], *, owner: str) -> frozenset[int]:
        """Fix the bytes by email, once; which were fixed now and are still this owner's."""
        ...

    def forget_writing(self, email_id: int, *, owner: str) -> bool:
        """Have an email written anew that no server can have; no when one may have it."""
        ...

    def hand_over(  # noqa: PLR0913 - what a hand-over depends on
        self,
        email_id: int,
        *,
        owner: str,
        now: datetime,
        lease: timedelta,
        finishing: Finishing | None = None,
        asking: Sequence[Notification] = (),
    ) -> HandedOver:
        """Note that the letter's end is about to be sent, and take a new lease for the answer.

        Not held when the lease is somebody else's, nor when all that it is *asking* for was
        answered meanwhile. From here on the email may have been sent.
        *finishing*, another one, is finished in the same transaction; neither stops the other.
        """
        ...

    def finish(self, email_id: int, *, owner: str, end: AttemptEnd) -> bool:
        """Record the attempt and all that follows from it, if the lease is still this owner's."""
        ...

    def release_claims(self, owner: str, *, hang_up: bool = True) -> None:
        """Put back what this owner claimed, except what may have been sent.

        With *hang_up* its connection may be another's, too.
        """
        ...

    def pause_of(self, account: str, now: datetime) -> Pause | None:
        """Why nothing of the account is submitted now."""
        ...

    def pause(self, account: str, pause: Pause) -> None: ...

    def permit(  # noqa: PLR0913 - what a permit depends on
        self,
        account: str,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        limits: Limits,
        wanted: int,
    ) -> Permit:
        """Take so many letters off what the account may send, and one of its connections."""
        ...

    def resting_senders(self, now: datetime) -> frozenset[tuple[str, str]]:
        """Pairs of account and address that the mail server refused lately."""
        ...

    def next_due(self) -> datetime | None:
        """When the next queued email is due; None when there is none."""
        ...


class Wordings(Protocol):
    """The company's own words in mails."""

    def of(self, message: str) -> CustomWording: ...

    def failed(self, broken: WordingBroken) -> None:
        """Note it at that version; administrators hear of the first time.

        A version that failed too often is set aside.
        """
        ...


class MailSetups(Protocol):
    """The one SMTP mail setup; its secrets are encrypted at rest."""

    def load(self) -> MailSetup | None: ...

    def load_without_secrets(self) -> MailSetup | None:
        """For giving the secrets anew when the old ones cannot be read any more."""
        ...

    def save(self, setup: MailSetup, recorded: Sequence[SetupEvent] = ()) -> None:
        """What is *recorded* is stored with it or not at all."""
        ...


class TokenCache(Protocol):
    """What Microsoft Entra gave out, as one text; encrypted at rest."""

    def load(self) -> str: ...

    def save(self, cache: str) -> None: ...


@dataclass(frozen=True, kw_only=True)
class MailTest:
    """One letter that tested the mail setup, and the mail server's verdict."""

    at: datetime
    to_address: str
    from_address: str
    rule: str  # which chose From
    login: str  # who signed in; empty: nobody
    accepted: bool
    stage: str
    code: int | None = None
    enhanced: str | None = None
    text: str = ""


class MailTests(Protocol):
    """What came of testing the mail setup."""

    def record(self, test: MailTest) -> None: ...

    def latest(self) -> MailTest | None: ...
