"""From due notifications to emails: a whole batch at once, or one by one where that is unsafe."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.inserts import insert_new
from db.mail_tables import notifications as notification_table
from db.storms import ceiling_reached, is_calm, tell_of_storm
from db.tables import emails
from notifications.ports import EmailState, NewEmail, Variant
from notifications.storms import Ceiling

_BUNDLE = (
    sa.update(notification_table)
    .where(
        notification_table.c.id.in_(bindparam("these", expanding=True)),
        notification_table.c.email_id.is_(None),
    )
    .values(email_id=bindparam("new_email"))
)
_UNDO_BUNDLE = (
    sa.update(notification_table)
    .where(notification_table.c.email_id == bindparam("new_email"))
    .values(email_id=None),
    sa.delete(emails).where(emails.c.id == bindparam("new_email")),
)
_BUNDLE_ONE = (
    sa.update(notification_table)
    .where(
        notification_table.c.id == bindparam("this_notification"),
        notification_table.c.email_id.is_(None),
    )
    .values(email_id=bindparam("new_email"))
)
HELD = {"state": EmailState.HELD, "next_attempt_at": None}


class NotTogether(Exception):
    """Each of the emails has to be looked at on its own."""


def bundle_together(
    connection: Connection, emails: Sequence[NewEmail], now: datetime, ceilings: Sequence[Ceiling]
) -> int:
    """In a few statements, however many they are.

    Raises:
        NotTogether: and what was done so far has to be rolled back
    """
    if not is_calm(connection, emails, now, ceilings):
        raise NotTogether
    ids = _inserted(connection, emails, now)
    if len(ids) != len(emails):  # some were there already
        raise NotTogether
    rows = [
        {"this_notification": notification, "new_email": ids[email.message_id]}
        for email in emails
        for notification in dict.fromkeys(email.notifications)
    ]
    if connection.execute(_BUNDLE_ONE, rows).rowcount != len(rows):  # some are part of another
        raise NotTogether
    return len(emails)


def _inserted(connection: Connection, new: Sequence[NewEmail], now: datetime) -> dict[str, int]:
    statement = insert_new(connection, emails).returning(emails.c.message_id, emails.c.id)
    rows = connection.execute(statement, [_email_columns(email, now) for email in new])
    return {row.message_id: row.id for row in rows}


def bundle(
    connection: Connection, email: NewEmail, now: datetime, ceilings: Sequence[Ceiling]
) -> bool:
    ceiling = ceiling_reached(connection, email, now, ceilings)
    columns = _email_columns(email, now) | (HELD if ceiling else {})
    statement = insert_new(connection, emails).returning(emails.c.id)
    email_id = connection.execute(statement, columns).scalar()
    if email_id is None:  # the same Message-ID is there already
        return False
    bundled = connection.execute(_BUNDLE, {"these": email.notifications, "new_email": email_id})
    if bundled.rowcount == len(set(email.notifications)):
        if ceiling:
            tell_of_storm(connection, email, ceiling, now)
        return True
    for undo in _UNDO_BUNDLE:  # and not the emails before it in the transaction
        connection.execute(undo, {"new_email": email_id})
    return False


def _email_columns(email: NewEmail, now: datetime) -> dict[str, Any]:
    return {
        "message_id": email.message_id,
        "recipient": email.recipient,
        "message": email.message,
        "requester": email.requester,
        "variant": Variant.FIRST,
        **waiting_since(now),
    }


def waiting_since(now: datetime) -> dict[str, Any]:
    """What a new email's columns say about its delivery."""
    return {
        "created_at": now,
        "state": EmailState.QUEUED,
        "next_attempt_at": now,
        "attempts": 0,
        "counted": 0,
        "uncertain": False,
    }
