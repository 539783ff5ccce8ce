"""Copying everything from one database to another, of either kind: all of it, or nothing.

Values are copied as they are stored, also those that this version would not write itself. Numbers
that were given and are gone are not given again. The copy sends nothing until somebody says so.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db import schema
from db.columns import Choice, Json, Money
from db.engine import for_reading, open_database
from db.guard_rows import locked_guard
from db.guard_tables import delivery_guard
from db.tables import METADATA, emails, events, webhook_deliveries
from notifications.ports import EmailState
from notifications.restored import COPIED
from notifications.webhooks import DeliveryState

LEFT_OUT: Final = frozenset({"worker_beats", "mail_connections"})  # of processes, not of data
TABLES: Final = tuple(table for table in METADATA.sorted_tables if table.name not in LEFT_OUT)
AT_ONCE: Final = 500

_BEING_SENT = sa.union_all(
    *(
        sa.select(table.c.lease_until).where(
            table.c.state == state, table.c.lease_until > bindparam("now")
        )
        for table, state in (
            (emails, EmailState.SENDING),
            (webhook_deliveries, DeliveryState.SENDING),
        )
    )
)
_LAST_EVENT = sa.select(sa.func.coalesce(sa.func.max(events.c.id), 0))


class CopyRefused(Exception):
    """Nothing was copied."""

    def __init__(self, text: str, next_step: str) -> None:
        super().__init__(text)
        self.next_step = next_step


@dataclass(frozen=True, kw_only=True)
class Copied:
    """How many rows of each table."""

    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def count_rows(url: str, now: datetime) -> Copied:
    """What would be copied.

    Raises:
        CopyRefused: its tables are of another version, or something of it is being sent.
    """
    with _reading(url) as source:
        _refuse_to_copy(source, url, now)
        return Copied(rows={table.name: _count(source, table) for table in TABLES})


def refuse_as_target(source_url: str, url: str) -> None:
    """
    Raises:
        CopyRefused: it is the same, has data, or tables of another version.
    """
    if sa.make_url(source_url) == sa.make_url(url):
        raise CopyRefused("That is the same database.", "Name another one.")
    differences = schema.outdated(url)
    if differences and not _has_no_tables(url):
        raise CopyRefused(f"The other database: {differences[0]}", "Copy to a new database.")
    if differences:
        return
    with _reading(url) as target:
        full = [table.name for table in TABLES if _count(target, table)]
    if full:
        raise CopyRefused(
            f"The other database is not empty: {', '.join(full)}.", "Copy to a new database."
        )


def copy(
    source_url: str, url: str, now: datetime, row_done: Callable[[], None] = lambda: None
) -> Copied:
    """
    Raises:
        CopyRefused
    """
    refuse_as_target(source_url, url)
    schema.upgrade(url)
    target_engine = open_database(url)
    try:
        with _reading(source_url) as source, target_engine.begin() as target:
            _refuse_to_copy(source, source_url, now)
            rows = {table.name: _copy_table(source, target, table, row_done) for table in TABLES}
            for table in TABLES:
                _carry_on_numbers(source, target, table)
                _compare(source, target, table, rows[table.name])
            _say_that_it_is_a_copy(target)
        return Copied(rows=rows)
    finally:
        target_engine.dispose()


def _refuse_to_copy(source: Connection, url: str, now: datetime) -> None:
    if differences := schema.outdated(url):
        raise CopyRefused(differences[0], "Run `countersign db upgrade`.")
    leases = [lease for (lease,) in source.execute(_BEING_SENT, {"now": now})]
    if leases:
        raise CopyRefused(
            "Something of it is being sent: the copy could send it once more.",
            "Stop every `serve` and `worker`. After one that was killed, wait until"
            f" {max(leases):%H:%M} UTC.",
        )


def _copy_table(
    source: Connection, target: Connection, table: sa.Table, row_done: Callable[[], None]
) -> int:
    plain = _plain(table)
    order = [plain.c[column.name] for column in table.primary_key]
    rows = source.execution_options(yield_per=AT_ONCE).execute(sa.select(plain).order_by(*order))
    count = 0
    for some in rows.partitions():
        target.execute(sa.insert(plain), [dict(row._mapping) for row in some])  # noqa: SLF001 - SQLAlchemy's public name
        count += len(some)
        for _ in some:
            row_done()
    return count


def _compare(source: Connection, target: Connection, table: sa.Table, copied: int) -> None:
    if not _count(source, table) == _count(target, table) == copied:
        raise CopyRefused(
            f"The table {table.name} has another number of rows than its copy.",
            "Stop everything that uses either database, and copy again.",
        )


def _say_that_it_is_a_copy(target: Connection) -> None:
    """What waits in it may be sent from where it was."""
    locked_guard(target)
    last = target.execute(_LAST_EVENT).scalar_one()
    target.execute(sa.update(delivery_guard), {"suspicion": COPIED, "last_event_id": last})


# --- numbers -------------------------------------------------------------------------------


def _carry_on_numbers(source: Connection, target: Connection, table: sa.Table) -> None:
    column = table.autoincrement_column
    if column is None or column.name != "id":
        return
    last = _last_number(source, table)
    if last:
        _set_last_number(target, table, last)


def _last_number(connection: Connection, table: sa.Table) -> int:
    """The highest number that was ever given; 0: none was."""
    name = {"name": table.name}
    if connection.dialect.name == "sqlite":
        asked = sa.text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = :name")
    else:
        asked = sa.text(
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')), 0)"
        )
    number: int = connection.execute(asked, name).scalar_one()
    return number


def _set_last_number(connection: Connection, table: sa.Table, last: int) -> None:
    values = {"name": table.name, "last": last}
    if connection.dialect.name != "sqlite":
        statement = "SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"
        connection.execute(sa.text(statement), values)
        return
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
    statement = "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"
    connection.execute(sa.text(statement), values)


# --- reading -------------------------------------------------------------------------------


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    """Everything as it is at one moment, whatever others write meanwhile."""
    engine = open_database(url)
    snapshot = for_reading(engine)
    if engine.dialect.name != "sqlite":
        snapshot = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    try:
        with snapshot.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _has_no_tables(url: str) -> bool:
    engine = open_database(url)
    try:
        return not sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _count(connection: Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _plain(table: sa.Table) -> sa.TableClause:
    columns = [sa.column(column.name, _as_stored(column.type)) for column in table.columns]
    return sa.table(table.name, *columns)


def _as_stored(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    if isinstance(kind, Choice | Json):
        return sa.Text()
    return sa.BigInteger() if isinstance(kind, Money) else kind
