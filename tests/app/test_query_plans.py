"""What people and workers do all day finds its rows by index, however many there are."""

import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

sys.path.append(str(Path(__file__).parents[2]))  # for the loader of the benchmarks

from app import passes
from app.catcher import Catcher
from app.serving import services_of
from app.worker import work_once
from bench.bulk import fill_company
from query_plans import full_scans, recorded
from scheduled_office import TUESDAY, Office, key
from web.application import web_application
from web.passwords import hashed
from workflow.service import deciding
from workflow.user_accounts import UserAccount

DOCUMENTS = 1_000
PASSWORD = "correct horse battery"  # noqa: S105 - of nobody


@pytest.fixture
def office(database_url, tmp_path):
    """A thousand documents behind it, one that is overdue, and others that wait for Bob."""
    with Catcher(tmp_path / "mails") as catcher:
        office = Office(database_url, catcher)
        fill_company(database_url, DOCUMENTS, today=TUESDAY.date())
        account = UserAccount(user_id="BOB", password_hash=hashed(PASSWORD))
        office.application.user_accounts.save(account)
        office.send("LATE")
        office.now = TUESDAY.replace(day=26)
        for number in ("PO-1", "PO-2", "PO-3"):
            office.send(number)
        yield office
        office.application.close()


@pytest.fixture
def bobs_pages(office):
    client = TestClient(web_application(services_of(office.application)))
    client.post("/sign-in", data={"user": "BOB", "password": PASSWORD})
    return client


@contextmanager
def counted(engine):
    """Every statement, as often as it is asked."""
    asked = []

    def executing(_connection, _cursor, statement, *_):
        asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", executing)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", executing)


def assert_no_scans(engine, statements):
    found = full_scans(engine, statements, by_index_only=True)
    assert not found, "\n".join(f"{scans}: {one}" for one, scans in found.items())


def gather_statistics(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def test_no_table_is_read_from_end_to_end(office, bobs_pages):
    with recorded(office.application.engine) as statements:
        office.send("PO-4")
        office.approve("PO-1")
        deciding.reject(office.uow, key("PO-2"), office.as_("BOB"), comment="Too dear")
        requests, request = (
            bobs_pages.get(path).text for path in ("/requests", "/requests/purchase/order/1/LATE")
        )
        reminded = passes.remind(office.application)
        passes.hand_over(office.application)
        delivered = office.deliver()
        work_once(office.application)

    assert "LATE" in requests
    assert "LATE" in request
    assert (reminded.done, delivered.sent) == (1, 8)
    assert_no_scans(office.application.engine, statements)
    if office.application.engine.dialect.name == "sqlite":  # where somebody may do it by hand
        gather_statistics(office.application.engine)
        assert_no_scans(office.application.engine, statements)


def test_a_list_of_requests_takes_as_many_statements_however_long_it_is(office, bobs_pages):
    bobs_pages.get("/requests")
    with counted(office.application.engine) as for_four:
        bobs_pages.get("/requests")
    for number in range(20):
        office.send(f"MORE-{number}")
    with counted(office.application.engine) as for_many:
        page = bobs_pages.get("/requests").text

    assert "MORE-19" in page
    assert len(for_many) == len(for_four)


def test_a_missing_index_is_noticed(office, bobs_pages):
    with recorded(office.application.engine) as statements:
        bobs_pages.get("/requests")
    with office.application.engine.begin() as connection:
        for index in ("approver", "due_date", "delegate_from"):
            connection.execute(sa.text(f"DROP INDEX ix_approval_entries_open_{index}"))

    assert full_scans(office.application.engine, statements, by_index_only=True)
