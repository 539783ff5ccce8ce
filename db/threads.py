"""Which earlier emails a person has about the same document: those that a new one hangs under."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

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
_DOCUMENT = (
    sa.select(events.c.document_id).where(events.c.id == bindparam("event_id")).scalar_subquery()
)
# Found first, or PostgreSQL may look up the event of everything the person was ever told.
_ITS_EVENTS = (
    sa.select(events.c.id)
    .where(events.c.document_id == _DOCUMENT)
    .cte("its_events")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_EARLIER = (
    sa.select(emails.c.message_id)
    .select_from(
        _ITS_EVENTS.join(notifications, notifications.c.event_id == _ITS_EVENTS.c.id).join(
            emails, _TOLD_BY
        )
    )
    .where(
        notifications.c.recipient == bindparam("to_user"),
        emails.c.id < bindparam("this_email"),
        emails.c.state.not_in(NEVER_ARRIVED),
        ~_TELLS_OF_MORE,  # a list of reminders is about no document in particular
    )
    .order_by(emails.c.id)
)


def earlier_emails(
    connection: Connection, email_id: int, *, recipient: str, event_id: int
) -> tuple[str, ...]:
    """Their Message-IDs, the oldest first; those that never reached him are left out."""
    values = {"this_email": email_id, "to_user": recipient, "event_id": event_id}
    return tuple(connection.scalars(_EARLIER, values))
