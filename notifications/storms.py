"""How much mail is too much: what comes beyond it is held, because a program may have run wild.

What counts is when emails are made, not when they are sent: a mail server that comes back after
three days is no storm.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from notifications.ports import Notification
from notifications.refused_senders import DELIVERY
from workflow.events import DocumentEvent, MailHeld

HOUR: Final = timedelta(hours=1)
WARNING: Final = "mail_held"  # is never held itself
QUIET: Final = HOUR  # after so long without a held email, the next one is a new storm


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """So many emails are made within that time; more are held."""

    emails: int
    within: timedelta
    per_person: bool = False


CEILINGS: Final = (
    Ceiling(emails=60, within=HOUR, per_person=True),
    Ceiling(emails=1_000, within=HOUR),
    Ceiling(emails=10_000, within=timedelta(days=1)),
)


def warning_of(
    ceiling: Ceiling, held: Notification, administrators: tuple[str, ...], now: datetime
) -> MailHeld | None:
    """What administrators are told; None where the email is about nothing that can be read."""
    event = held.recorded.event
    if not isinstance(event, DocumentEvent):
        return None
    return MailHeld(
        at=now,
        actor=DELIVERY,
        subject="outbox",
        tell=administrators,
        document=replace(event.document, lines=(), line_count=0),
        requester="",
        run_no=0,
        recipient=held.recipient if ceiling.per_person else "",
        emails=ceiling.emails,
        hours=ceiling.within // HOUR,
    )
