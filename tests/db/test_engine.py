"""Connections to the database: those that died while nobody used them are replaced."""

import pytest
import sqlalchemy as sa

from db import engine as db_engine
from db.engine import for_single_reads


def test_a_connection_that_died_while_idle_is_replaced(engine, monkeypatch):
    if engine.dialect.name == "sqlite":
        pytest.skip("A file does not hang up.")
    monkeypatch.setattr(db_engine, "IDLE_SECONDS", 0.0)
    with engine.connect() as connection:
        number = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    another = sa.create_engine(engine.url)
    with another.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    another.dispose()

    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT pg_backend_pid()")) != number


def test_transactions_after_single_reads_are_whole(engine):
    table = sa.Table("scratch", sa.MetaData(), sa.Column("id", sa.Integer))
    table.create(engine)
    with for_single_reads(engine).connect() as reading:
        reading.execute(sa.select(table)).all()
    with engine.connect() as connection:
        connection.execute(sa.insert(table), {"id": 1})
        connection.rollback()

    with for_single_reads(engine).connect() as reading:
        assert reading.execute(sa.select(table)).all() == []
