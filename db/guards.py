"""The guard against sending twice from an old or a second copy of the database."""

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.guard_rows import locked_guard, new_epoch
from db.guard_tables import delivery_guard
from db.mail_tables import WAITING
from db.short_transactions import ShortTransactions
from db.tables import email_attempts, emails, events, notifications
from db.variants import FIRST_ID
from db.waking import MAIL, WEBHOOKS, wake
from notifications.ports import EmailState
from notifications.restored import BESIDE, Guarded

_LAST_ATTEMPT = sa.select(sa.func.coalesce(sa.func.max(email_attempts.c.id), 0))
_HAS_EMAILS = sa.select(sa.func.max(emails.c.id).is_not(None))
_LAST_EVENT = sa.select(sa.func.coalesce(sa.func.max(events.c.id), 0))
_GUARD = sa.select(delivery_guard)
_CHANGE = sa.update(delivery_guard)
# The same after a restart, others where a dump was restored or on another server.
_DATABASE = sa.text("SELECT oid::text FROM pg_database WHERE datname = current_database()")
_SERVER = sa.text("SELECT system_identifier::text FROM pg_control_system()")
_MAY_ASK_SERVER = sa.text(  # some hosting companies do not let everybody
    "SELECT coalesce(has_function_privilege(to_regprocedure('pg_control_system()'), 'execute'),"
    " false)"
)
_MAY_HAVE_BEEN_SENT = sa.and_(
    WAITING,
    emails.c.next_attempt_at.is_not(None),
    sa.exists().where(
        notifications.c.email_id == FIRST_ID,
        notifications.c.event_id <= bindparam("last_event"),
    ),
)
_HOLD = (
    sa.update(emails)
    .where(_MAY_HAVE_BEEN_SENT)
    .values(
        state=EmailState.HELD,
        uncertain=True,
        next_attempt_at=None,
        owner=None,
        lease_until=None,
        in_hand_since=None,
    )
)


class SqlGuard(ShortTransactions):
    """The mail's ``Guard``."""

    def state(self) -> Guarded:
        with self._reading.connect() as connection:
            row = connection.execute(_GUARD).one_or_none()
        if row is None:
            with self._engine.begin() as connection:
                locked_guard(connection)
            return self.state()
        with self._reading.connect() as connection:
            return Guarded(
                epoch=row.epoch,
                home=row.home,
                here=here(connection),
                suspicion=row.suspicion,
                attempts=connection.execute(_LAST_ATTEMPT).scalar_one(),
                has_emails=connection.execute(_HAS_EMAILS).scalar_one(),
            )

    def settle(self, home: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(_CHANGE, {"home": home})

    def suspect(self, why: str) -> None:
        with self._engine.begin() as connection:
            if locked_guard(connection).suspicion:
                return
            last = connection.execute(_LAST_EVENT).scalar_one()
            connection.execute(_CHANGE, {"suspicion": why, "last_event_id": last})

    def waiting(self) -> int:
        """How many emails may have been sent already, by another copy or a later one."""
        with self._engine.connect() as connection:
            return connection.execute(_HOLD, _since(connection)).rowcount

    def accept(self, *, hold: bool) -> int:
        with self._engine.begin() as connection:
            since = _since(connection)
            held = connection.execute(_HOLD, since).rowcount if hold else 0
            changes = {
                "epoch": new_epoch(),
                "home": here(connection),
                "suspicion": "",
                "last_event_id": None,
            }
            connection.execute(_CHANGE, changes)
            wake(connection, MAIL, WEBHOOKS)
            return held


def _since(connection: Connection) -> dict[str, int]:
    """Without a suspicion somebody knows better: everything may have been sent."""
    row = locked_guard(connection)
    last = connection.execute(_LAST_EVENT).scalar_one()
    return {"last_event": last if row.last_event_id is None else row.last_event_id}


def here(connection: Connection) -> str:
    """What tells this database from every copy of it."""
    if connection.dialect.name != "postgresql":
        return BESIDE
    may_ask: bool = connection.execute(_MAY_ASK_SERVER).scalar_one()
    server: str = connection.execute(_SERVER).scalar_one() if may_ask else ""
    return f"{server}/{connection.execute(_DATABASE).scalar_one()}"
