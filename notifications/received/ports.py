"""What mail that comes in needs from whoever stores things; ``db`` provides it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from notifications.received.mailbox_setup import MailboxSetup
from workflow.documents import DocumentKey
from workflow.events import SetupEvent


class Result(StrEnum):
    """What was made of a mail that came in."""

    BOUNCED = "bounced"  # one of ours could not be delivered
    DELAYED = "delayed"  # one of ours is still under way
    COMMENT = "comment"  # a person's answer, now a comment on the document
    IGNORED = "ignored"  # nothing; the text says why


@dataclass(frozen=True, kw_only=True)
class OurEmail:
    """The email of ours that a received mail is about."""

    id: int
    recipient: str  # user id; outside the company the address
    to_address: str
    message: str
    documents: tuple[DocumentKey, ...]  # several for a list of reminders


@dataclass(frozen=True, kw_only=True)
class Received:
    """A mail that came in, as it is remembered."""

    message_id: str
    at: datetime
    sender: str
    result: Result
    text: str
    email_id: int | None = None


class ReceivedMails(Protocol):
    """Mail that came in, and the emails of ours that it is about."""

    def is_known(self, message_id: str) -> bool:
        """Whether it was taken in before."""
        ...

    def ours(self, message_ids: Sequence[str]) -> OurEmail | None:
        """The email with the first of these Message-IDs that one of ours has."""
        ...

    def remember(self, received: Received) -> bool:
        """False when it was taken in before."""
        ...


class Mailboxes(Protocol):
    """The one mailbox that mail is fetched from; its password is encrypted at rest."""

    def load(self) -> MailboxSetup | None: ...

    def load_without_password(self) -> MailboxSetup | None: ...

    def save(self, setup: MailboxSetup, recorded: Sequence[SetupEvent] = ()) -> None:
        """What is *recorded* is stored with it or not at all."""
        ...
