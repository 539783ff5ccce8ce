"""What happened because an answer was late: reminders, escalation, and hand-overs that failed."""

from dataclasses import dataclass
from datetime import date

from workflow.events.base import DocumentEvent
from workflow.events.facts import EntryFacts, Step
from workflow.phrases import Phrase


@dataclass(frozen=True, kw_only=True)
class ApprovalDueSoon(DocumentEvent):
    """An approver was reminded that his answer is due within days."""

    entry: EntryFacts
    days_left: int  # 0: it is due that day
    escalated_on: date | None = None  # when others hear that he does not answer; None: never
    handed_over_on: date | None = None  # when somebody else is asked instead; None: never


@dataclass(frozen=True, kw_only=True)
class ApprovalOverdue(DocumentEvent):
    """An approver let the due date pass."""

    entry: EntryFacts
    days_overdue: int


@dataclass(frozen=True, kw_only=True)
class RequestEscalated(DocumentEvent):
    """An approver did not answer his reminders, and those above him are told.

    Telling gives nobody authority: the request stays with its approver until it is delegated.
    """

    entry: EntryFacts
    working_days: int  # since the due date
    superior: str  # the approver's approver; empty: he may not hear of it, or there is none
    handed_over: bool = False


@dataclass(frozen=True, kw_only=True)
class RequestNudged(DocumentEvent):
    """Who waits for an answer reminded the approver."""

    entry: EntryFacts
    next_approvers: tuple[str, ...]
    history: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DelegationFailed(DocumentEvent):
    """A request should have been handed over by now, but there is nobody to take it."""

    entry: EntryFacts
    why: str  # in English
    template: str = ""  # of it, for other languages; empty: an older version recorded it
    values: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why, still to be said in the reader's language; what no template says stays English."""
        try:
            said = Phrase(self.template, *self.values)
        except (AttributeError, LookupError, ValueError):
            return self.why
        return said if said == self.why else self.why
