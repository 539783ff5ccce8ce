"""Another email about the same notifications: written afresh, with a Message-ID of its own."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.bundling import waiting_since
from db.tables import emails
from db.waking import MAIL, wake
from notifications.message_ids import message_id_of_variant
from notifications.ports import EmailState, Variant

FIRST_ID = sa.func.coalesce(emails.c.first_id, emails.c.id)  # under which an email's kin is found

_FIRST = sa.select(emails).where(emails.c.id == bindparam("first")).with_for_update()
_KIN = sa.or_(emails.c.id == bindparam("first"), emails.c.first_id == bindparam("first"))
_COUNT = sa.select(sa.func.count()).select_from(emails).where(_KIN)
_ALIVE = sa.select(emails.c.id).where(
    _KIN,
    emails.c.id > bindparam("this_email"),
    emails.c.state.not_in([EmailState.REFUSED, EmailState.CORRUPT, EmailState.CANCELED]),
)
_FIRST_OF = sa.select(FIRST_ID).where(emails.c.id == bindparam("this_email"))
_INSERT = sa.insert(emails).returning(emails.c.id)


def add_variant(connection: Connection, email_id: int, variant: Variant, now: datetime) -> int:
    """The number of the new email; it is due at once."""
    first_id = first_of(connection, email_id)
    first = connection.execute(_FIRST, {"first": first_id}).one()
    others = connection.execute(_COUNT, {"first": first_id}).scalar_one()
    columns = {
        "message_id": message_id_of_variant(first.message_id, others + 1),
        "recipient": first.recipient,
        "message": first.message,
        "requester": first.requester,
        "variant": variant,
        "first_id": first_id,
        **waiting_since(now),
    }
    number: int = connection.execute(_INSERT, columns).scalar_one()
    wake(connection, MAIL)
    return number


def first_of(connection: Connection, email_id: int) -> int:
    number: int = connection.execute(_FIRST_OF, {"this_email": email_id}).scalar_one()
    return number


def is_replaced(connection: Connection, email_id: int) -> bool:
    """Whether a later email took its place and is not refused itself."""
    which = {"first": first_of(connection, email_id), "this_email": email_id}
    return connection.scalar(_ALIVE, which) is not None
