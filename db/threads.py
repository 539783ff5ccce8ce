"""Which earlier emails a person has about the same document: those that a new one hangs under."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.asked_rows import AT_ONCE, asked_rows, parameters, room_for
from db.tables import emails, events, notifications
from notifications.ports import EmailState

NEVER_ARRIVED: Final = (EmailState.REFUSED, EmailState.CORRUPT, EmailState.SUPERSEDED)

# An email that stands in for another finds its notifications at the first one.
_TOLD_BY = sa.or_(
    emails.c.id == notifications.c.email_id, emails.c.first_id == notifications.c.email_id
)
_OTHER = notifications.alias("other")
_TELLS_OF_MORE = (
    sa.select(_OTHER.c.id)
    .where(_OTHER.c.email_id == notifications.c.email_id, _OTHER.c.id != notifications.c.id)
    .exists()
)
_ASKED: Final = (("email", sa.BigInteger), ("event", sa.BigInteger), ("recipient", sa.Text))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An email, to whom it goes, and an event it is about."""

    email_id: int
    event_id: int
    recipient: str


def earlier_emails(connection: Connection, asked: Sequence[Asked]) -> dict[int, tuple[str, ...]]:
    """Their Message-IDs, the oldest first; those that never reached him are left out."""
    found: dict[int, list[str]] = {one.email_id: [] for one in asked}
    for start in range(0, len(asked), AT_ONCE):
        rows = [
            (one.email_id, one.event_id, one.recipient) for one in asked[start : start + AT_ONCE]
        ]
        room = room_for(len(rows))
        for email_id, message_id in connection.execute(
            _earlier(room), parameters(_ASKED, rows, room)
        ):
            found[email_id].append(message_id)
    return {email_id: tuple(earlier) for email_id, earlier in found.items()}


@cache
def _earlier(room: int) -> sa.Select[int, str]:
    these = asked_rows(_ASKED, room)
    about = events.alias("about")
    # Found first, or PostgreSQL may look up the event of everything the person was ever told.
    theirs = (
        sa.select(these.c.email, these.c.recipient, events.c.id.label("event"))
        .select_from(
            these.join(about, about.c.id == these.c.event).join(
                events, events.c.document_id == about.c.document_id
            )
        )
        .cte("their_events")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    told = sa.and_(
        notifications.c.event_id == theirs.c.event, notifications.c.recipient == theirs.c.recipient
    )
    return (
        sa.select(theirs.c.email, emails.c.message_id)
        .select_from(theirs.join(notifications, told).join(emails, _TOLD_BY))
        .where(
            emails.c.id < theirs.c.email,
            emails.c.state.not_in(NEVER_ARRIVED),
            ~_TELLS_OF_MORE,  # a list of reminders is about no document in particular
        )
        .order_by(emails.c.id)
    )
