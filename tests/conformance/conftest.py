"""A company on a migrated database, emptied between cases."""

from dataclasses import dataclass

import pytest

from db.engine import open_database
from db.queries import SqlQueries
from db.tables import METADATA
from db.unit_of_work import SqlUnitOfWork
from workflow.ports import UnitOfWork


def pytest_report_teststatus(report):
    """A case that differs on purpose is neither plain passed nor failed: it is improved."""
    improved = dict(getattr(report, "user_properties", ())).get("improved")
    if report.when == "call" and report.passed and improved:
        return "improved", "i", f"IMPROVED {improved}"
    return None


@dataclass
class Company:
    uow: UnitOfWork
    reads: SqlQueries


@pytest.fixture(scope="module")
def case_engine(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("conformance") / "cases.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_database(f"sqlite:///{path}", synchronous="OFF")
    yield engine
    engine.dispose()


@pytest.fixture
def company(case_engine):
    with case_engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    return Company(uow=SqlUnitOfWork(case_engine), reads=SqlQueries(case_engine))
