"""Opening the database: a SQLite file, or PostgreSQL for more than one machine."""

import sqlite3
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS: Final = 10_000  # how long a writer waits for the one before it
READONLY: Final = "readonly"


def open_database(url: str, *, synchronous: str = "FULL", foreign_keys: bool = True) -> sa.Engine:
    """An engine for the URL; nothing is connected yet.

    *synchronous* concerns SQLite: with NORMAL, which is faster, a power cut may lose the last
    commits. A crash of the program loses nothing either way.
    """
    if sa.make_url(url).get_backend_name() != "sqlite":
        return sa.create_engine(
            url, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"}
        )
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
