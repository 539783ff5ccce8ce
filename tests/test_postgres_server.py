"""The throw-away server has to start for whoever runs the tests, wherever the programs lie."""

import os
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from postgres_server import (
    PostgresUnavailable,
    ThrowawayPostgres,
    configured_binaries,
    find_binaries,
    may_run,
    throwaway_postgres,
    unprivileged_identity,
    wheel_binaries,
)


def answer_of(server: ThrowawayPostgres, question: str) -> object:
    url = server.url().replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def test_the_server_runs_on_the_binaries_of_the_wheel_alone():
    with throwaway_postgres(wheel_binaries()[0]) as server:
        assert answer_of(server, "SELECT 6 * 7") == 42


@pytest.mark.skipif(os.getuid() != 0, reason="only root hands the server to another user")
def test_the_server_runs_when_the_binaries_lie_where_nobody_may_read(tmp_path: Path):
    tmp_path.chmod(0o700)
    locked = tmp_path / "locked"
    locked.symlink_to(wheel_binaries()[0])
    assert not may_run(locked, unprivileged_identity())

    with throwaway_postgres(locked) as server:
        assert answer_of(server, "SELECT 6 * 7") == 42


def test_nothing_listens_on_a_port(postgres_server: ThrowawayPostgres):
    assert answer_of(postgres_server, "SHOW listen_addresses") == ""


def test_the_folder_and_the_server_are_gone_afterwards():
    with throwaway_postgres() as server:
        url = server.url().replace("+psycopg", "")
        folder = Path(conninfo_to_dict(url)["host"])
        assert folder.is_dir()

    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_copied_database_holds_what_its_template_holds(postgres_server: ThrowawayPostgres):
    template = postgres_server.create_database("with_a_table").replace("+psycopg", "")
    with psycopg.connect(template) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    copy = postgres_server.create_database("copy", template="with_a_table")
    with psycopg.connect(copy.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT one FROM kept").fetchone()
    postgres_server.drop_database("copy")
    postgres_server.drop_database("with_a_table")

    assert row == (1,)


def test_the_chosen_binaries_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "initdb").touch()
    monkeypatch.setenv("PG_BIN", str(tmp_path))

    assert find_binaries() == tmp_path


def test_a_pg_config_that_fails_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    broken = tmp_path / "pg_config"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert configured_binaries() == []


def test_a_machine_without_postgresql_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setattr("postgres_server.installed_binaries", list)
    monkeypatch.setattr("postgres_server.wheel_binaries", list)

    with pytest.raises(PostgresUnavailable, match="Install PostgreSQL"):
        find_binaries()
