"""A company with years behind it: so many documents, copied quickly from a few that were played.

The same seed gives the same company. Finished documents lie up to four years back, what waits is
younger than a month; everybody's turn comes by chance.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from bench.models import (
    APPROVERS,
    MIX,
    NUMBER,
    PLAYED_ON,
    REQUESTER,
    TABLES,
    WAITING,
    Model,
    Play,
    Row,
    played_models,
    workflows,
)
from bench.story import actor
from db.engine import open_database
from db.tables import documents
from db.unit_of_work import SqlUnitOfWork
from workflow.approval_users import ApprovalUser
from workflow.service import setting_up
from workflow.statuses import DocumentType

PEOPLE = 400
AT_ONCE = 1_000  # documents
OLDEST = 4 * 365  # days
CACHE_KIB = 500_000


def fill_company(url: str, count: int, *, today: date = PLAYED_ON, seed: int = 1) -> None:
    """Documents with all that belongs to them, people, and the workflows they went through."""
    engine = open_database(url, synchronous="OFF", foreign_keys=False)
    try:
        _set_up(engine)
        chance = Random(seed)
        made = list(played_models().items())
        copies = _Copies(_highest_numbers(engine), today - PLAYED_ON)
        with engine.connect() as connection:
            _be_quick(connection)
            indexes = _without_indexes(connection)
            for start in range(0, count, AT_ONCE):
                numbers = range(start, min(start + AT_ONCE, count))
                for table, rows in copies.of(numbers, chance, made).items():
                    _insert(connection, table, rows)
            for index in indexes:
                connection.exec_driver_sql(index)
            _raise_numbers(connection)
            connection.commit()
        _look_around(engine)
    finally:
        engine.dispose()


class _Copies:
    """Rows of one copy after the other, with numbers that follow those that are there."""

    def __init__(self, highest: dict[str, int], later: timedelta) -> None:
        self._next = {name: number + 1 for name, number in highest.items()}
        self._later = later
        self._shifted: dict[tuple[str, int], str] = {}

    def of(
        self,
        numbers: Iterable[int],
        chance: Random,
        made: list[tuple[tuple[Play, DocumentType], Model]],
    ) -> dict[str, list[list[Any]]]:
        weights = [MIX[play] for (play, _), _ in made]
        rows: dict[str, list[list[Any]]] = defaultdict(list)
        for number in numbers:
            ((play, _), model) = chance.choices(made, weights)[0]
            self._copy(model, number, chance, rows, waits=play in WAITING)
        return rows

    def _copy(
        self,
        model: Model,
        number: int,
        chance: Random,
        rows: dict[str, list[list[Any]]],
        *,
        waits: bool,
    ) -> None:
        days = chance.randrange(1, 20) if waits else chance.randrange(10, OLDEST)
        people = chance.sample(range(PEOPLE), 1 + len(APPROVERS))
        words = {
            NUMBER: f"F-{number:07}",
            **dict(zip((REQUESTER, *APPROVERS), map(person, people), strict=True)),
            **{day: self._earlier(day, days) for day in model.days},
        }
        amount = chance.randrange(1_000, 9_000_000) * 100
        for table in TABLES:
            of_table = model.rows.get(table.name, [])
            rows[table.name] += [self._row(row, words, amount) for row in of_table]
        for name in self._next:
            self._next[name] += len(model.rows.get(name, []))
        if documents.name not in model.rows:  # it is gone, and its number is not given again
            self._next[documents.name] += 1

    def _row(self, row: Row, words: dict[str, str], amount: int) -> list[Any]:
        values = list(row.values)
        for place, table, which in row.numbers:
            values[place] = self._next[table] + which
        for place in row.amounts:
            values[place] = amount
        for place in row.texts:
            values[place] %= words
        return values

    def _earlier(self, day: str, days: int) -> str:
        found = self._shifted.get((day, days))
        if found is None:
            shifted = date.fromisoformat(day) + self._later - timedelta(days=days)
            found = shifted.isoformat()
            self._shifted[day, days] = found
        return found


def person(number: int) -> str:
    return f"P{number:04}"


def _set_up(engine: sa.Engine) -> None:
    uow = SqlUnitOfWork(engine)
    with uow:
        for number in range(PEOPLE):
            user = ApprovalUser(user_id=person(number), email=f"{person(number)}@example.com")
            uow.users.save(user)
        there = {workflow.code for workflow in uow.workflows.all()}
        uow.commit()
    for workflow in workflows():
        if workflow.code not in there:
            setting_up.save_workflow(uow, workflow, actor("OPERATOR"))


# --- the database ------------------------------------------------------------------------------


def _numbered() -> Iterator[sa.Table]:
    return (table for table in TABLES if "id" in table.c)


def _highest_numbers(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)))
            for table in _numbered()
        }


def _be_quick(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        driver.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        return
    connection.exec_driver_sql("SET session_replication_role = replica")  # no foreign keys
    connection.exec_driver_sql("SET synchronous_commit = off")
    connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")


def _without_indexes(connection: sa.Connection) -> list[str]:
    """Drops those that can be made again afterwards; how they are made."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        )
    else:
        found = connection.exec_driver_sql(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND indexname LIKE 'ix_%%'"
        )
    names = {table.name for table in TABLES}
    indexes = [tuple(row) for row in found if any(f"ON {way}" in row[1] for way in _ways(names))]
    for name, _ in indexes:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [definition for _, definition in indexes]


def _ways(names: Iterable[str]) -> Iterator[str]:
    """How an index's definition may name its table."""
    for name in names:
        yield from (f"{name} ", f'"{name}" ', f"public.{name} ")


def _insert(connection: sa.Connection, table: str, rows: list[list[Any]]) -> None:
    if not rows:
        return
    columns = ", ".join(f'"{column.name}"' for column in _table(table).columns)
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(rows[0]))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
        return
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _table(name: str) -> sa.Table:
    return next(table for table in TABLES if table.name == name)


def _raise_numbers(connection: sa.Connection) -> None:
    """SQLite raises them by itself."""
    if connection.dialect.name == "postgresql":
        for table in _numbered():
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                f" (SELECT coalesce(max(id), 1) FROM {table.name}))"
            )


def _look_around(engine: sa.Engine) -> None:
    """As autovacuum does, which would come to it later; in SQLite nobody does."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
