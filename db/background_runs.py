"""When each run was made last, so that it is made once each time, whoever makes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam

from db.inserts import insert_new
from db.short_transactions import ShortTransactions
from db.tables import background_runs, worker_beats

CLOCKS_DIFFER: Final = timedelta(hours=1)  # at most; what began later than that, never did

_THIS = background_runs.c.name == bindparam("this")
_ITS_WORKER_DIED = sa.and_(
    background_runs.c.finished_at.is_(None),
    ~sa.exists().where(worker_beats.c.owner == background_runs.c.owner),
)
_IS_DUE = sa.or_(
    background_runs.c.began_at.is_(None),
    background_runs.c.began_at <= bindparam("long_ago"),
    background_runs.c.began_at > bindparam("never"),
    _ITS_WORKER_DIED,
)
_BEGIN = (
    sa.update(background_runs)
    .where(_THIS, _IS_DUE)
    .values(
        owner=bindparam("its_owner"),
        began_at=bindparam("now"),
        finished_at=None,
        times=background_runs.c.times + 1,
    )
)
_FINISH = (
    sa.update(background_runs)
    .where(_THIS, background_runs.c.owner == bindparam("its_owner"))
    .values(finished_at=bindparam("now"))
)
_ALL = sa.select(background_runs).order_by(background_runs.c.name)


@dataclass(frozen=True, kw_only=True)
class BackgroundRun:
    name: str
    owner: str
    began_at: datetime | None
    finished_at: datetime | None
    times: int


class SqlBackgroundRuns(ShortTransactions):
    """The runs of all workers."""

    def begin(self, name: str, *, owner: str, now: datetime, every: timedelta) -> bool:
        """Whether it is this worker's turn: the last one is old, or its worker died in it."""
        values = {"this": name, "its_owner": owner, "now": now}
        moments = {"long_ago": now - every, "never": now + CLOCKS_DIFFER}
        with self._engine.begin() as connection:
            row = {"name": name, "owner": "", "times": 0}
            connection.execute(insert_new(connection, background_runs), row)
            return connection.execute(_BEGIN, values | moments).rowcount == 1

    def finish(self, name: str, *, owner: str, now: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(_FINISH, {"this": name, "its_owner": owner, "now": now})

    def all(self) -> tuple[BackgroundRun, ...]:
        with self._reading.connect() as connection:
            return tuple(BackgroundRun(**row._mapping) for row in connection.execute(_ALL))  # noqa: SLF001 - SQLAlchemy's public name
