"""Which addresses mail could not be delivered to."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from db.reading_connection import Reader
from db.tables import emails
from notifications.ports import EmailState
from notifications.readings import BounceReading

TIME_TO_COME_BACK: Final = timedelta(days=1)  # a later mail that has not by then has arrived

_LATER = emails.alias("later")
_ONE_ARRIVED_SINCE = (
    sa.select(_LATER.c.id)
    .where(
        _LATER.c.to_address == emails.c.to_address,
        _LATER.c.state == EmailState.SENT,
        _LATER.c.bounced_at.is_(None),
        _LATER.c.created_at > emails.c.bounced_at,
        _LATER.c.created_at < sa.bindparam("long_ago"),
    )
    .exists()
)
_BOUNCES = (
    sa.select(
        emails.c.id,
        emails.c.to_address,
        emails.c.bounced_at,
        emails.c.bounce_status,
        emails.c.bounce_diagnostic,
    )
    .where(emails.c.bounced_at.is_not(None), ~_ONE_ARRIVED_SINCE)
    .order_by(emails.c.bounced_at, emails.c.id)
)


class BounceQueries(Reader):
    """What is asked about mail that came back."""

    def bounces(self, now: datetime) -> list[BounceReading]:
        """The latest of each address, unless a later mail has arrived there."""
        rows = self.rows(_BOUNCES.params(long_ago=now - TIME_TO_COME_BACK))
        latest = {row.to_address: row for row in rows}
        return [
            BounceReading(
                email_id=row.id,
                to_address=row.to_address,
                at=row.bounced_at,
                status=row.bounce_status,
                diagnostic=row.bounce_diagnostic,
            )
            for row in latest.values()
        ]
