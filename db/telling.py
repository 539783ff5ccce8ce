"""From recorded events to emails: the inbox, the notifications and their emails."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.accounts import CLOCKS_DIFFER
from db.bundling import NotTogether, bundle, bundle_together
from db.inserts import insert_new
from db.mail_tables import notifications as notification_table
from db.notification_rows import NOTIFICATIONS, RECORDED, notification_from, recorded_from
from db.short_transactions import ShortTransactions
from db.tables import emails, event_inbox, events
from db.webhook_making import make_deliveries
from notifications.ports import NewEmail, NewNotification, Notification, RecordedEvent
from notifications.storms import CEILINGS, Ceiling
from notifications.timetable import LONGEST_NOTICE

Item = TypeVar("Item")

_UNEXPANDED = (
    sa.select(*RECORDED)
    .select_from(event_inbox.join(events))
    .where(event_inbox.c.event_id > bindparam("after"))
    .order_by(event_inbox.c.event_id)
    .limit(bindparam("how_many"))
)
_EXPANDED = sa.delete(event_inbox).where(
    event_inbox.c.event_id.in_(bindparam("these", expanding=True))
)
_DUE = (
    NOTIFICATIONS.where(
        notification_table.c.email_id.is_(None),
        sa.or_(
            notification_table.c.due_at <= bindparam("now"),
            notification_table.c.due_at > bindparam("never"),
        ),
    )
    .order_by(notification_table.c.recipient, notification_table.c.id)
    .limit(bindparam("how_many"))
)
# The emails first, of which there are few: SQLite would go through everything that was ever told.
_REMINDED = (
    sa.select(notification_table.c.recipient)
    .where(
        notification_table.c.message == bindparam("reminder"),
        notification_table.c.email_id.in_(
            sa.select(emails.c.id).where(
                emails.c.created_at >= bindparam("since"),
                emails.c.created_at <= bindparam("until"),
            )
        ),
    )
    .distinct()
)
_POSTPONE = (
    sa.update(notification_table)
    .where(
        notification_table.c.id.in_(bindparam("these", expanding=True)),
        notification_table.c.email_id.is_(None),
    )
    .values(due_at=bindparam("until"))
)


class Telling(ShortTransactions):
    """Passes 1 and 2 of the mail's ``Outbox``."""

    def unexpanded(self, limit: int, after: int = 0) -> list[RecordedEvent]:
        with self._reading.connect() as connection:
            rows = connection.execute(_UNEXPANDED, {"how_many": limit, "after": after})
            return [recorded_from(row) for row in rows]

    def expand(self, told: Mapping[int, Sequence[NewNotification]]) -> None:
        def expand_all(
            connection: Connection, told: Sequence[tuple[int, Sequence[NewNotification]]]
        ) -> int:
            return _expand(connection, told, self._base_url)

        self._in_one_go(list(told.items()), expand_all)

    def due_notifications(self, now: datetime, limit: int) -> list[Notification]:
        with self._reading.connect() as connection:
            moments = {"now": now, "never": now + LONGEST_NOTICE}
            rows = connection.execute(_DUE, {**moments, "how_many": limit})
            return [notification_from(row) for row in rows]

    def mailed_between(self, message: str, since: datetime, now: datetime) -> frozenset[str]:
        moments = {"since": since, "until": now + CLOCKS_DIFFER}
        with self._reading.connect() as connection:
            rows = connection.scalars(_REMINDED, {"reminder": message, **moments})
            return frozenset(rows)

    def postpone(self, notifications: Sequence[int], until: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(_POSTPONE, {"these": list(notifications), "until": until})

    def bundle(
        self, emails: Sequence[NewEmail], now: datetime, ceilings: Sequence[Ceiling] = CEILINGS
    ) -> int:
        def one_by_one(connection: Connection, emails: Sequence[NewEmail]) -> int:
            return sum(bundle(connection, email, now, ceilings) for email in emails)

        with suppress(NotTogether, sa.exc.DBAPIError), self._engine.begin() as connection:
            return bundle_together(connection, emails, now, ceilings)
        return self._in_one_go(emails, one_by_one)

    def _in_one_go(
        self, items: Sequence[Item], work: Callable[[Connection, Sequence[Item]], int]
    ) -> int:
        """In one transaction; after trouble in one for each, so that one does not stop the others.

        The trouble itself is raised when those before it are done.
        """
        try:
            with self._engine.begin() as connection:
                return work(connection, items)
        except sa.exc.DBAPIError:
            if len(items) == 1:
                raise
        return sum(self._in_one_go([item], work) for item in items)


def _expand(
    connection: Connection, told: Sequence[tuple[int, Sequence[NewNotification]]], base_url: str
) -> int:
    rows = [_notification_columns(event_id, new) for event_id, new_ones in told for new in new_ones]
    if rows:
        connection.execute(insert_new(connection, notification_table), rows)
    these = [event_id for event_id, _ in told]
    make_deliveries(connection, these, base_url)
    connection.execute(_EXPANDED, {"these": these})
    return len(told)


def _notification_columns(event_id: int, new: NewNotification) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "recipient": new.recipient,
        "message": new.message,
        "requester": new.requester,
        "due_at": new.due_at,
        "collected": new.collected,
    }
