"""Emails as the outbox shows them, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from notifications.formatting import one_line
from notifications.links import document_path
from notifications.ports import Attempt, EmailState
from notifications.readers import Reader
from notifications.readings import EmailDetails, EmailReading
from notifications.sender_rights import RULES
from notifications.senders import SenderRule
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from workflow.documents import DocumentKey
from workflow.events import DocumentEvent

STATES: Final[Mapping[EmailState, str]] = {
    EmailState.QUEUED: N_("Waiting"),
    EmailState.SENDING: N_("Being sent"),
    EmailState.SENT: N_("Sent"),
    EmailState.REFUSED: N_("Not accepted"),
    EmailState.UNCERTAIN: N_("Uncertain"),
    EmailState.CORRUPT: N_("Cannot be written"),
    EmailState.HELD: N_("Held"),
    EmailState.CANCELED: N_("Canceled"),
    EmailState.SUPERSEDED: N_("Answered before it was sent"),
}
LOOKS: Final[Mapping[EmailState, str]] = {  # the status that looks like it
    EmailState.SENT: "released",
    EmailState.QUEUED: "open",
    EmailState.SENDING: "open",
    EmailState.UNCERTAIN: "warning",
    EmailState.HELD: "warning",
    EmailState.REFUSED: "rejected",
    EmailState.CORRUPT: "rejected",
}
WAITING: Final = frozenset({EmailState.QUEUED, EmailState.UNCERTAIN})
RETRIED: Final = frozenset(
    {
        EmailState.QUEUED,
        EmailState.UNCERTAIN,
        EmailState.CANCELED,
        EmailState.REFUSED,
        EmailState.CORRUPT,
    }
)


@dataclass(frozen=True, kw_only=True)
class EmailRow:
    id: int
    state: str
    looks: str
    subject: str
    recipient: str
    to_address: str
    from_address: str
    rule: str
    requester: str
    created_at: str
    attempts: int
    next_attempt_at: str  # empty: none
    last_text: str
    bounced: str  # empty: it was not reported back


@dataclass(frozen=True, kw_only=True)
class AttemptRow:
    at: str
    stage: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class EmailPage:
    email: EmailRow
    reply_to: str
    envelope_from: str
    message_id: str
    about: list[tuple[str, str]]  # documents, and where they are
    attempts: list[AttemptRow]
    kin: tuple[int, ...]
    steps: frozenset[str]  # that may be possible
    is_written: bool


def email_row(email: EmailReading, reader: Reader) -> EmailRow:
    moment = reader.formats.moment
    return EmailRow(
        id=email.id,
        state=reader.gettext(STATES[email.state]),
        looks=LOOKS.get(email.state, ""),
        subject=one_line(email.subject) or email.message.replace("_", " "),
        recipient=reader.name_of(email.recipient),
        to_address=email.to_address,
        from_address=email.from_address,
        rule=_rule(email.rule, reader),
        requester=reader.name_of(email.requester),
        created_at=moment(email.created_at),
        attempts=email.attempts,
        next_attempt_at=moment(email.next_attempt_at) if email.next_attempt_at else "",
        last_text=email.last_text,
        bounced=_bounced(email, reader),
    )


def email_page(details: EmailDetails, reader: Reader) -> EmailPage:
    written = details.written
    return EmailPage(
        email=email_row(details.email, reader),
        reply_to=written.reply_to if written else "",
        envelope_from=written.envelope_from if written else "",
        message_id=details.email.message_id,
        about=[(key.title, document_path(key)) for key in _documents(details)],
        attempts=[_attempt(one, reader) for one in details.attempts],
        kin=details.kin,
        steps=_steps(details.email),
        is_written=written is not None,
    )


def _documents(details: EmailDetails) -> list[DocumentKey]:
    papers = [one.event.document for one in details.events if isinstance(one.event, DocumentEvent)]
    keys = [DocumentKey(paper.area, paper.document_type, paper.number) for paper in papers]
    return list(dict.fromkeys(keys))


def _rule(rule: str, reader: Reader) -> str:
    return reader.gettext(RULES[SenderRule(rule)]) if rule in set(SenderRule) else rule


def _bounced(email: EmailReading, reader: Reader) -> str:
    if email.bounced_at is None:
        return ""
    at = reader.formats.moment(email.bounced_at)
    return f"{at} {email.bounce_status} {email.bounce_diagnostic}".strip()


def _attempt(attempt: Attempt, reader: Reader) -> AttemptRow:
    return AttemptRow(
        at=reader.formats.moment(attempt.at),
        stage=attempt.stage,
        answer=f"{attempt.code or ''} {attempt.text}".strip(),
    )


def _steps(email: EmailReading) -> frozenset[str]:
    """What the page offers; whether it is possible is decided when it is done."""
    possible = {
        "retry": email.state in RETRIED or email.bounced_at is not None,
        "hold": email.state in WAITING,
        "release": email.state is EmailState.HELD,
        "cancel": email.state in WAITING | {EmailState.HELD},
    }
    return frozenset(name for name, may in possible.items() if may)
