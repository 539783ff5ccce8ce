"""The workers that are alive; what those leave behind that died is free for the others."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam

from db.inserts import insert_new
from db.short_transactions import ShortTransactions
from db.tables import emails, mail_connections, webhook_deliveries, worker_beats
from db.waking import MAIL, MAILBOX, RUNS, WEBHOOKS, wake
from notifications.ports import EmailState
from notifications.webhooks import DeliveryState

DEAD_AFTER: Final = timedelta(seconds=15)  # without a beat

_NOW = sa.func.clock_timestamp()
_BEAT = (
    sa.update(worker_beats)
    .where(worker_beats.c.owner == bindparam("its_owner"))
    .values(beat_at=_NOW)
)
_DEAD = (
    sa.delete(worker_beats)
    .where(worker_beats.c.beat_at < _NOW - DEAD_AFTER)
    .returning(worker_beats.c.owner)
)
_FORGET = sa.delete(worker_beats).where(worker_beats.c.owner == bindparam("its_owner"))
_THEIRS: Final[sa.BindParameter[str]] = bindparam("these", expanding=True)
# Whatever the clocks of the others say, that lease has ended.
_FREE_EMAILS = (
    sa.update(emails)
    .where(emails.c.state == EmailState.SENDING, emails.c.owner.in_(_THEIRS))
    .values(lease_until=emails.c.created_at)
)
_FREE_WEBHOOKS = (
    sa.update(webhook_deliveries)
    .where(
        webhook_deliveries.c.state == DeliveryState.SENDING, webhook_deliveries.c.owner.in_(_THEIRS)
    )
    .values(lease_until=webhook_deliveries.c.created_at)
)
_HANG_UP = sa.delete(mail_connections).where(mail_connections.c.owner.in_(_THEIRS))
_ALL = sa.select(worker_beats).order_by(worker_beats.c.started_at)


@dataclass(frozen=True, kw_only=True)
class LivingWorker:
    owner: str
    started_at: datetime
    beat_at: datetime


def second_of(owner: str) -> str:
    """The name under which the same worker sends over a second connection."""
    return f"{owner}+"


class SqlWorkers(ShortTransactions):
    """On PostgreSQL. A worker says every few seconds that it lives."""

    def beat(self, owner: str) -> None:
        with self._engine.begin() as connection:
            if connection.execute(_BEAT, {"its_owner": owner}).rowcount == 0:
                row = {"owner": owner, "started_at": _NOW, "beat_at": _NOW}
                connection.execute(insert_new(connection, worker_beats).values(row))

    def free_what_the_dead_left(self) -> tuple[str, ...]:
        """Their names. What one of them may have sent is uncertain, as after any lost answer."""
        with self._engine.begin() as connection:
            dead = tuple(connection.scalars(_DEAD))
            if dead:
                names = [*dead, *map(second_of, dead)]
                for statement in (_FREE_EMAILS, _FREE_WEBHOOKS, _HANG_UP):
                    connection.execute(statement, {"these": names})
                wake(connection, MAIL, RUNS, WEBHOOKS)
            return dead

    def wake_all(self) -> None:
        """Whoever starts looks at once at what there is to do."""
        with self._engine.begin() as connection:
            wake(connection, MAIL, MAILBOX, RUNS, WEBHOOKS)

    def forget(self, owner: str) -> None:
        """It ends in good order, and left nothing behind."""
        with self._engine.begin() as connection:
            connection.execute(_FORGET, {"its_owner": owner})

    def alive(self) -> tuple[LivingWorker, ...]:
        with self._reading.connect() as connection:
            return tuple(LivingWorker(**row._mapping) for row in connection.execute(_ALL))  # noqa: SLF001 - SQLAlchemy's public name
