"""Inserting a row unless it is there already; both databases can, each with its own construct."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

Insert = postgresql.Insert | sqlite.Insert


def insert_new(connection: Connection, table: sa.Table) -> Insert:
    """Rows that clash with a unique constraint are passed over."""
    return _insert_new(table, connection.dialect.name)


def insert_or_update(connection: Connection, table: sa.Table) -> Insert:
    """A row with the same primary key gets the new values."""
    return _insert_or_update(table, connection.dialect.name)


@cache
def _insert_new(table: sa.Table, dialect: str) -> Insert:
    return _insert(table, dialect).on_conflict_do_nothing()


@cache
def _insert_or_update(table: sa.Table, dialect: str) -> Insert:
    statement = _insert(table, dialect)
    key = [column.name for column in table.primary_key]
    others = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def _insert(table: sa.Table, dialect: str) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
