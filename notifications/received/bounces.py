"""Reports that a mail could not be delivered (RFC 3464), as mail servers send them."""

from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from typing import Final

from notifications.delivery_errors import shown
from notifications.received.mails import ReceivedMail, header_of
from notifications.received.report_parts import (
    blocks_of,
    envelope_id,
    returned_ids,
    status_part,
)
from notifications.received.status_codes import NO_STATUS, status_in
from notifications.received.undeliverable import guessed_bounce

ADDRESS_LIMIT: Final = 320


class Action(StrEnum):
    """What became of the mail; the worst first."""

    FAILED = "failed"  # it will not be delivered
    DELAYED = "delayed"  # the server goes on trying
    RELAYED = "relayed"  # given to a server that sends no reports
    EXPANDED = "expanded"  # given to the members of a list
    DELIVERED = "delivered"


WORST_FIRST: Final = list(Action)
BY_CLASS: Final = {"2": Action.DELIVERED, "4": Action.DELAYED, "5": Action.FAILED}


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """One report about one mail to one person."""

    originals: tuple[str, ...]  # Message-IDs it may be about; the first one of ours counts
    recipient: str
    action: Action
    status: str  # enhanced code, such as 5.1.1
    diagnostic: str  # the server's words, escaped and cut


def bounce_in(mail: ReceivedMail) -> Bounce | None:
    """The report; None when the mail is none."""
    report = status_part(mail.message)
    if report is None:
        return _guessed(mail)
    blocks = blocks_of(report)
    about = [block for block in blocks if "Final-Recipient" in block or "Action" in block]
    if not about:
        return _guessed(mail)
    worst = min(about, key=lambda block: WORST_FIRST.index(_action(block)))
    return Bounce(
        originals=(
            *envelope_id(blocks[0]),
            *returned_ids(mail.message),
            *mail.answered(),
        ),
        recipient=_recipient(worst),
        action=_action(worst),
        status=_status(worst),
        diagnostic=shown(_after_type(header_of(worst, "Diagnostic-Code"))),
    )


def _guessed(mail: ReceivedMail) -> Bounce | None:
    guess = guessed_bounce(mail)
    if guess is None:
        return None
    return Bounce(
        originals=guess.originals,
        recipient=guess.recipient,
        action=Action.FAILED if guess.failed else Action.DELAYED,
        status=guess.status,
        diagnostic=shown(guess.diagnostic),
    )


def _recipient(block: Message) -> str:
    named = header_of(block, "Original-Recipient") or header_of(block, "Final-Recipient")
    return shown(_after_type(named).strip("<>"))[:ADDRESS_LIMIT]


def _after_type(value: str) -> str:
    """``smtp; 550 No such user`` without its first word."""
    kind, separator, rest = value.partition(";")
    return rest.strip() if separator and " " not in kind.strip() else value


def _action(block: Message) -> Action:
    word = header_of(block, "Action").partition("(")[0].strip().lower()
    if word in {action.value for action in Action}:
        return Action(word)
    return BY_CLASS[_status(block)[0]]


def _status(block: Message) -> str:
    return status_in(header_of(block, "Status")) or NO_STATUS
