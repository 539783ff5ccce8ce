"""What every event has; those about documents and about the setup have more."""

from dataclasses import dataclass
from datetime import datetime

from workflow.events.facts import DocumentFacts


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened."""

    at: datetime
    actor: str  # who did it
    tell: tuple[str, ...] = ()

    @property
    def has_readers(self) -> bool:
        """Whether anybody is to be told of it."""
        return bool(self.tell)


@dataclass(frozen=True, kw_only=True)
class DocumentEvent(Event):
    """Something that happened to a document."""

    document: DocumentFacts
    requester: str  # of the latest request; empty before the first
    run_no: int
    via: str = ""  # the API key of a program that did it for the actor; empty: he did it himself


@dataclass(frozen=True, kw_only=True)
class SetupEvent(Event):
    """Somebody changed the setup."""

    subject: str  # a user id, a group, a workflow code or a kind of mail
