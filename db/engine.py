"""Opening the database: a SQLite file, or PostgreSQL for more than one machine."""

import sqlite3
import time
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from db.waking import enqueue_at_commit

BUSY_TIMEOUT_MS: Final = 10_000  # how long a writer waits for the one before it
READONLY: Final = "readonly"
IDLE_SECONDS: Final = 1.0  # after such a pause a connection is tried before it is used
IDLE_SINCE: Final = "idle since"
# What a machine held that lost its power is free again after half a minute, not after two hours.
SESSION: Final = (
    "-c timezone=UTC -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5"
    " -c tcp_keepalives_count=4"
)


def open_database(url: str, *, synchronous: str = "FULL", foreign_keys: bool = True) -> sa.Engine:
    """An engine for the URL; nothing is connected yet.

    *synchronous* concerns SQLite: with NORMAL, which is faster, a power cut may lose the last
    commits. A crash of the program loses nothing either way.
    """
    if sa.make_url(url).get_backend_name() != "sqlite":
        engine = sa.create_engine(url, connect_args={"options": SESSION})
        _try_idle_connections(engine)
        enqueue_at_commit(engine)
        return engine
    engine = sa.create_engine(url)
    pragmas = {
        "journal_mode": "WAL",
        "synchronous": synchronous,
        "busy_timeout": str(BUSY_TIMEOUT_MS),
        "foreign_keys": "ON" if foreign_keys else "OFF",
    }
    _set_up_sqlite(engine, pragmas)
    return engine


def for_reading(engine: sa.Engine) -> sa.Engine:
    """The same database, for transactions that only read: they wait for no writer."""
    return engine.execution_options(**{READONLY: True})


def for_single_reads(engine: sa.Engine) -> sa.Engine:
    """For one statement at a time: PostgreSQL is not told of a transaction, which takes longer."""
    if engine.dialect.name == "sqlite":  # where a transaction costs nothing
        return for_reading(engine)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _try_idle_connections(engine: sa.Engine) -> None:
    """A connection that was not used for a while may be dead; a new one takes its place then."""

    @event.listens_for(engine, "checkin")
    def given_back(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[IDLE_SINCE] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: ConnectionPoolEntry, _fairy: object) -> None:  # noqa: ANN401 - psycopg's
        idle_since = record.info.get(IDLE_SINCE)
        if idle_since is None or time.monotonic() - idle_since < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DisconnectionError from error


def _set_up_sqlite(engine: sa.Engine, pragmas: dict[str, str]) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver opens no transactions: `begun` does
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")

    @event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        # A transaction that reads first and writes later fails at once when somebody else wrote
        # in between: so writers take the lock when they begin, and wait for it.
        options: dict[str, Any] = dict(connection.get_execution_options())
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        statement = "BEGIN" if options.get(READONLY) else "BEGIN IMMEDIATE"
        try:
            driver.execute(statement)
        except sqlite3.OperationalError as error:  # somebody else writes for too long
            raise sa.exc.OperationalError(statement, None, error) from error
