"""What an operator does about emails: send them again, hold, release or cancel them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection, Row

from db.accounts import end_pause, end_pauses
from db.event_log import record_setup_events
from db.resting_senders import wake as wake_sender
from db.short_transactions import ShortTransactions
from db.storms import storm_is_over
from db.tables import emails
from db.variants import add_variant, is_replaced
from db.waking import MAIL, wake
from notifications.ports import EmailState, Variant
from workflow.events import SetupEvent

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
_HELD = emails.c.state == EmailState.HELD
_AT_ONCE = (
    sa.update(emails).where(_THIS).values(state=EmailState.QUEUED, next_attempt_at=bindparam("now"))
)
_HOLD = sa.update(emails).where(_THIS, _WAITS).values(state=EmailState.HELD, next_attempt_at=None)
_RELEASE = (
    sa.update(emails)
    .where(_THIS, _HELD)
    .values(state=EmailState.QUEUED, next_attempt_at=bindparam("now"))
)
_CANCEL = (
    sa.update(emails)
    .where(_THIS, sa.or_(_WAITS, _HELD))
    .values(state=EmailState.CANCELED, next_attempt_at=None)
)
SAME_BYTES = frozenset(
    {EmailState.QUEUED, EmailState.UNCERTAIN, EmailState.CANCELED}
)  # it may have arrived already
AFRESH = frozenset({EmailState.REFUSED, EmailState.CORRUPT})


class Operating(ShortTransactions):
    """What people may do with the outbox; what is *recorded* is stored with it or not at all."""

    def retry(
        self, email_id: int, now: datetime, recorded: Sequence[SetupEvent] = ()
    ) -> int | None:
        """The email that is sent now: the same one, or another in the place of one that failed.

        None when it is not one to be sent again. The account, and the address that was refused,
        are tried at once.
        """
        with self._engine.begin() as connection:
            row = connection.execute(_EMAIL, {"this_email": email_id}).one_or_none()
            number = None if row is None else _queued(connection, row, now)
            if row is not None and number is not None:
                end_pauses(connection)
                wake_sender(connection, row.from_address or "")
                record_setup_events(connection, recorded)
            return number

    def resume(self, account: str) -> None:
        """The mail server takes mail of the account again."""
        with self._engine.begin() as connection:
            end_pause(connection, account)

    def use_again(self, address: str, recorded: Sequence[SetupEvent] = ()) -> bool:
        """Mail may carry an address again that the mail server refused; whether it rested."""
        with self._engine.begin() as connection:
            rested = wake_sender(connection, address)
            if rested:
                record_setup_events(connection, recorded)
            return rested

    def hold(self, email_id: int, recorded: Sequence[SetupEvent] = ()) -> bool:
        """Nobody sends it until it is released."""
        with self._engine.begin() as connection:
            return _done(connection, _HOLD, {"this_email": email_id}, recorded)

    def release(self, email_id: int, now: datetime, recorded: Sequence[SetupEvent] = ()) -> bool:
        with self._engine.begin() as connection:
            values = {"this_email": email_id, "now": now}
            wake(connection, MAIL)
            return _done(connection, _RELEASE, values, recorded)

    def cancel(
        self, email_id: int, recorded: Sequence[SetupEvent] = (), *, dry_run: bool = False
    ) -> bool:
        """It is never sent, unless somebody sends it again."""
        with self._engine.connect() as connection:
            canceled = _done(connection, _CANCEL, {"this_email": email_id}, recorded)
            if not dry_run:
                connection.commit()
            return canceled

    def held(self, recipient: str | None = None) -> int:
        """How many are held."""
        with self._reading.connect() as connection:
            statement = sa.select(sa.func.count()).select_from(emails).where(_held_for(recipient))
            return connection.execute(statement).scalar_one()

    def release_held(
        self,
        now: datetime,
        recipient: str | None = None,
        recorded: Sequence[SetupEvent] = (),
    ) -> int:
        """Release all that are held; how many. After that a new storm is told anew."""
        with self._engine.begin() as connection:
            storm_is_over(connection)
            wake(connection, MAIL)
            record_setup_events(connection, recorded)
            statement = sa.update(emails).where(_held_for(recipient))
            queued = {"state": EmailState.QUEUED, "next_attempt_at": now}
            return connection.execute(statement.values(queued)).rowcount

    def cancel_held(self, recipient: str | None = None, recorded: Sequence[SetupEvent] = ()) -> int:
        with self._engine.begin() as connection:
            storm_is_over(connection)
            record_setup_events(connection, recorded)
            statement = sa.update(emails).where(_held_for(recipient))
            return connection.execute(statement.values(state=EmailState.CANCELED)).rowcount


def _done(
    connection: Connection,
    statement: sa.Update,
    values: dict[str, object],
    recorded: Sequence[SetupEvent],
) -> bool:
    done = connection.execute(statement, values).rowcount == 1
    if done:
        record_setup_events(connection, recorded)
    return done


def _held_for(recipient: str | None) -> sa.ColumnElement[bool]:
    return _HELD if recipient is None else sa.and_(_HELD, emails.c.recipient == recipient)


def _queued(connection: Connection, row: Row[*tuple[object, ...]], now: datetime) -> int | None:
    if row.state in SAME_BYTES:
        connection.execute(_AT_ONCE, {"this_email": row.id, "now": now})
        number: int = row.id
        return number
    failed = row.state in AFRESH or row.bounced_at is not None
    if not failed or is_replaced(connection, row.id):
        return None
    return add_variant(connection, row.id, Variant.AGAIN, now)
