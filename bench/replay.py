"""The same statements again, without us: through `sqlite3` or `psycopg` alone.

The statements of one run are recorded with their parameters and replayed on a copy of the same
database, so that both sides ask the database for exactly the same work.
"""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event


@dataclass
class Recording:
    """Statements in their order; None stands for a commit."""

    statements: list[tuple[str, Any, bool] | None] = field(default_factory=list)

    @property
    def per_action(self) -> float:
        commits = self.statements.count(None)
        return (len(self.statements) - commits) / commits if commits else 0.0


def record(engine: sa.Engine) -> Recording:
    """Record everything the engine executes from now on."""
    recording = Recording()

    @event.listens_for(engine, "before_cursor_execute")
    def executing(_conn, _cursor, statement, parameters, _context, many):
        several = many and isinstance(parameters, list)
        recording.statements.append((statement, parameters or (), several))

    @event.listens_for(engine, "commit")
    def committing(_conn):
        recording.statements.append(None)

    return recording


def replay_sqlite(path: str, synchronous: str, recording: Recording) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute("PRAGMA foreign_keys=ON")
    cursor = connection.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    for entry in recording.statements:
        if entry is None:
            connection.commit()
            cursor.execute("BEGIN IMMEDIATE")
            continue
        statement, parameters, many = entry
        (cursor.executemany if many else cursor.execute)(statement, parameters)
        if cursor.description:
            cursor.fetchall()
    connection.close()


def replay_postgresql(url: str, recording: Recording) -> None:
    conninfo = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(conninfo) as connection, connection.cursor() as cursor:
        for entry in recording.statements:
            if entry is None:
                connection.commit()
                continue
            statement, parameters, many = entry
            (cursor.executemany if many else cursor.execute)(statement, parameters)
            if cursor.description:
                cursor.fetchall()
