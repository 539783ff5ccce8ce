"""From recorded events to emails: the inbox, the notifications and their emails.

Every method is a transaction of its own, so that none is open while a mail server is spoken to.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from db.claims import claim_due, finish_claim, release_claims_of
from db.engine import for_reading
from db.inserts import insert_new
from db.mail_tables import WAITING
from db.mail_tables import notifications as notification_table
from db.notification_rows import NOTIFICATIONS, RECORDED, notification_from, recorded_from
from db.tables import emails, event_inbox, events
from notifications.ports import (
    Attempt,
    ClaimedEmail,
    EmailState,
    NewEmail,
    NewNotification,
    Notification,
    RecordedEvent,
    WrittenEmail,
)

_UNEXPANDED = (
    sa.select(*RECORDED)
    .select_from(event_inbox.join(events))
    .order_by(event_inbox.c.event_id)
    .limit(bindparam("how_many"))
)
_EXPANDED = sa.delete(event_inbox).where(event_inbox.c.event_id == bindparam("expanded"))
_DUE = (
    NOTIFICATIONS.where(
        notification_table.c.email_id.is_(None), notification_table.c.due_at <= bindparam("now")
    )
    .order_by(notification_table.c.recipient, notification_table.c.id)
    .limit(bindparam("how_many"))
)
_BUNDLE = (
    sa.update(notification_table)
    .where(
        notification_table.c.id.in_(bindparam("these", expanding=True)),
        notification_table.c.email_id.is_(None),
    )
    .values(email_id=bindparam("new_email"))
)
_WRITE = sa.update(emails).where(emails.c.id == bindparam("this_email"), emails.c.raw.is_(None))
_RETRY = (
    sa.update(emails)
    .where(
        emails.c.id == bindparam("this_email"),
        emails.c.state.not_in([EmailState.SENDING, EmailState.SENT]),
    )
    .values(state=EmailState.QUEUED, next_attempt_at=bindparam("now"))
)
_NEXT_DUE = sa.select(sa.func.min(emails.c.next_attempt_at)).where(
    WAITING, emails.c.state.in_([EmailState.QUEUED, EmailState.UNCERTAIN])
)
WRITTEN_NAMES = tuple(WrittenEmail.__dataclass_fields__)


class SqlOutbox:
    """The mail's ``Outbox``; any number of workers may use the same database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reading = for_reading(engine)

    def unexpanded(self, limit: int) -> list[RecordedEvent]:
        with self._reading.connect() as connection:
            rows = connection.execute(_UNEXPANDED, {"how_many": limit})
            return [recorded_from(row) for row in rows]

    def expand(self, event_id: int, notifications: list[NewNotification]) -> None:
        rows = [_notification_columns(event_id, new) for new in notifications]
        with self._engine.begin() as connection:
            if rows:
                connection.execute(insert_new(connection, notification_table), rows)
            connection.execute(_EXPANDED, {"expanded": event_id})

    def due_notifications(self, now: datetime, limit: int) -> list[Notification]:
        with self._reading.connect() as connection:
            rows = connection.execute(_DUE, {"now": now, "how_many": limit})
            return [notification_from(row) for row in rows]

    def bundle(self, email: NewEmail, now: datetime) -> bool:
        with self._engine.connect() as connection:
            statement = insert_new(connection, emails).returning(emails.c.id)
            email_id = connection.execute(statement, _email_columns(email, now)).scalar()
            if email_id is None:  # the same Message-ID is there already
                return False
            result = connection.execute(
                _BUNDLE, {"these": email.notifications, "new_email": email_id}
            )
            if result.rowcount != len(set(email.notifications)):
                return False
            connection.commit()
            return True

    def claim(
        self, now: datetime, *, owner: str, lease: timedelta, limit: int
    ) -> list[ClaimedEmail]:
        with self._engine.begin() as connection:
            return claim_due(connection, now, owner=owner, until=now + lease, limit=limit)

    def write(self, email_id: int, written: WrittenEmail) -> None:
        columns = {name: getattr(written, name) for name in WRITTEN_NAMES}
        with self._engine.begin() as connection:
            connection.execute(_WRITE, {"this_email": email_id, **columns})

    def finish(
        self,
        email_id: int,
        *,
        owner: str,
        state: EmailState,
        attempt: Attempt,
        next_attempt_at: datetime | None = None,
    ) -> bool:
        with self._engine.begin() as connection:
            return finish_claim(
                connection,
                email_id,
                owner=owner,
                state=state,
                attempt=attempt,
                next_attempt_at=next_attempt_at,
            )

    def release_claims(self, owner: str) -> None:
        with self._engine.begin() as connection:
            release_claims_of(connection, owner)

    def next_due(self) -> datetime | None:
        with self._reading.connect() as connection:
            due: datetime | None = connection.scalar(_NEXT_DUE)
            return due

    def retry(self, email_id: int, now: datetime) -> bool:
        """Queue an email once more that is not tried again by itself; for the operator."""
        with self._engine.begin() as connection:
            result = connection.execute(_RETRY, {"this_email": email_id, "now": now})
            return result.rowcount == 1


def _notification_columns(event_id: int, new: NewNotification) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "recipient": new.recipient,
        "message": new.message,
        "requester": new.requester,
        "due_at": new.due_at,
    }


def _email_columns(email: NewEmail, now: datetime) -> dict[str, Any]:
    return {
        "message_id": email.message_id,
        "recipient": email.recipient,
        "message": email.message,
        "requester": email.requester,
        "created_at": now,
        "state": EmailState.QUEUED,
        "next_attempt_at": now,
        "attempts": 0,
        "uncertain": False,
    }
