"""What every test may ask for: a fresh database, and examples in a sensible number."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

from postgres_server import ThrowawayPostgres, throwaway_postgres

MIGRATED = "migrated"  # the PostgreSQL database that the tests get copies of

settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("repeatable", parent=settings.get_profile("quick"), derandomize=True)
settings.register_profile("long", max_examples=2_000, deadline=None)  # what `make faults` uses
settings.load_profile("repeatable" if "CI" in os.environ else "quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cases", help="a file of conformance cases instead of the repository's own")
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden letters anew")


@pytest.fixture(autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program keeps for a person is not kept for the person who runs the tests."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database; every test that asks for it runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> str:
    database = tmp_path / "countersign.db"
    shutil.copyfile(sqlite_template, database)
    return f"sqlite:///{database}"


@pytest.fixture
def postgresql_database(postgres_template: ThrowawayPostgres) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    yield postgres_template.create_database(name, template=MIGRATED)
    postgres_template.drop_database(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("template") / "countersign.db"
    _migrate(f"sqlite:///{database}")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # one file holds everything
    return database


@pytest.fixture(scope="session")
def postgres_template(postgres_server: ThrowawayPostgres) -> ThrowawayPostgres:
    _migrate(postgres_server.create_database(MIGRATED))
    return postgres_server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: ThrowawayPostgres) -> str:
    """An empty database, for tests that migrate one themselves or need none."""
    return postgres_server.url()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[ThrowawayPostgres]:
    with throwaway_postgres() as server:
        yield server


def _migrate(url: str) -> None:
    from db.schema import upgrade  # noqa: PLC0415 - tests that need no database do not load it

    upgrade(url)
