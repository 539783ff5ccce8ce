"""What an operator does about an email: send it again, hold it, release it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection, Row

from db.accounts import end_pauses
from db.resting_senders import wake
from db.short_transactions import ShortTransactions
from db.tables import emails
from db.variants import add_variant, is_replaced
from notifications.ports import EmailState, Variant

_THIS = emails.c.id == bindparam("this_email")
_EMAIL = (
    sa.select(emails.c.id, emails.c.state, emails.c.from_address, emails.c.bounced_at)
    .where(_THIS)
    .with_for_update()
)
_WAITS = sa.or_(
    emails.c.state == EmailState.QUEUED,
    sa.and_(emails.c.state == EmailState.UNCERTAIN, emails.c.next_attempt_at.is_not(None)),
)
_AT_ONCE = (
    sa.update(emails).where(_THIS).values(state=EmailState.QUEUED, next_attempt_at=bindparam("now"))
)
_HOLD = sa.update(emails).where(_THIS, _WAITS).values(state=EmailState.HELD, next_attempt_at=None)
_RELEASE = (
    sa.update(emails)
    .where(_THIS, emails.c.state == EmailState.HELD)
    .values(state=EmailState.QUEUED, next_attempt_at=bindparam("now"))
)
SAME_BYTES = frozenset({EmailState.QUEUED, EmailState.UNCERTAIN})  # it may have arrived already
AFRESH = frozenset({EmailState.REFUSED, EmailState.CORRUPT})


class Operating(ShortTransactions):
    """What people may do with the outbox."""

    def retry(self, email_id: int, now: datetime) -> int | None:
        """The email that is sent now: the same one, or another in the place of one that failed.

        None when it is not one to be sent again. The account, and the address that was refused,
        are tried at once.
        """
        with self._engine.begin() as connection:
            row = connection.execute(_EMAIL, {"this_email": email_id}).one_or_none()
            number = None if row is None else _queued(connection, row, now)
            if row is not None and number is not None:
                end_pauses(connection)
                wake(connection, row.from_address or "")
            return number

    def hold(self, email_id: int) -> bool:
        """Nobody sends it until it is released."""
        with self._engine.begin() as connection:
            return connection.execute(_HOLD, {"this_email": email_id}).rowcount == 1

    def release(self, email_id: int, now: datetime) -> bool:
        with self._engine.begin() as connection:
            values = {"this_email": email_id, "now": now}
            return connection.execute(_RELEASE, values).rowcount == 1


def _queued(connection: Connection, row: Row[*tuple[object, ...]], now: datetime) -> int | None:
    if row.state in SAME_BYTES:
        connection.execute(_AT_ONCE, {"this_email": row.id, "now": now})
        number: int = row.id
        return number
    failed = row.state in AFRESH or row.bounced_at is not None
    if not failed or is_replaced(connection, row.id):
        return None
    return add_variant(connection, row.id, Variant.AGAIN, now)
