"""Real purchase and sales orders of a real organisation, from file to chain.

The chains are computed here a second time, from the manager column and the limits alone.
"""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.import_files import given_file, known_mappings
from db.engine import open_database
from db.unit_of_work import SqlUnitOfWork
from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.interchange.files import ImportOptions, documents_in, users_in
from workflow.service import importing, requesting, setting_up
from workflow.statuses import Area, DocumentType, EntryStatus
from workflow.workflow_templates import template

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "adventureworks"
LIMITS = ROOT / "docs" / "examples" / "adventureworks-limits.csv"
TODAY = date(2026, 3, 2)
PURCHASE_LIMITS = {"SHEELA0": 5_000, "WENDY0": 50_000, "LAURA1": 500_000, "KEN0": None}
BUYERS_LIMIT = 500

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the AdventureWorks files are not here")


def actor(user):
    return Actor(user=user, at=datetime(2026, 3, 2, 9, tzinfo=UTC), today=TODAY)


@pytest.fixture(scope="module")
def uow(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("orders") / "orders.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_database(f"sqlite:///{path}", synchronous="OFF")
    uow = SqlUnitOfWork(engine)
    options = ImportOptions(mappings=known_mappings(), local_currency="USD")
    people = users_in(given_file(DATA / "employees.csv"), options, limits=given_file(LIMITS))
    importing.import_users(uow, people, actor("ADMIN"))
    for code in ("MS-POAPW", "MS-SOAPW"):
        workflow = setting_up.save_workflow(uow, template(code).workflow(), actor("ADMIN"))
        setting_up.enable_workflow(uow, workflow.code, actor("ADMIN"))
    for name in ("purchase_orders.csv", "sales_orders.csv"):
        documents = documents_in([given_file(DATA / name)], options)
        importing.import_documents(uow, documents, actor("ADMIN"))
    yield uow
    engine.dispose()


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected_purchase_chain(row):
    """The buyer, then everyone above him up to the first whose limit covers the subtotal."""
    amount = Decimal(row["subtotal"])
    chain = []
    for person in [row["buyer_user_id"], *row["manager_chain"].split(" > ")]:
        chain.append(person)
        limit = PURCHASE_LIMITS.get(person, BUYERS_LIMIT)
        if limit is None or amount <= limit:
            return chain
    raise AssertionError(row["doc_no"])


def send(uow, area, number, user):
    key = DocumentKey(area, DocumentType.ORDER, number)
    requesting.send_approval_request(uow, key, actor(user))
    with uow:
        return uow.documents.get(key).run


def test_every_purchase_order_gets_the_chain_that_the_managers_and_limits_give(uow):
    lengths = set()
    for row in rows("purchase_orders.csv"):
        run = send(uow, Area.PURCHASE, row["doc_no"], row["buyer_user_id"])
        expected = expected_purchase_chain(row)

        assert [entry.approver for entry in run.entries] == expected, row["doc_no"]
        assert [entry.status for entry in run.entries] == expected_statuses(expected)
        lengths.add(len(expected))
    assert lengths == {1, 2, 3, 4, 5}


def expected_statuses(chain):
    """The requester's own entry is submitted, the first approver is asked, the others wait."""
    waiting = [EntryStatus.CREATED] * (len(chain) - 2)
    return [EntryStatus.APPROVED, *([EntryStatus.OPEN] if len(chain) > 1 else []), *waiting]


def test_sales_orders_start_with_their_salesperson_and_end_with_a_sufficient_limit(uow):
    limits = {user.user_id: user for user in all_users(uow)}
    for row in rows("sales_orders.csv")[::9]:
        run = send(uow, Area.SALES, row["doc_no"], row["salesperson_user_id"])
        chain = [entry.approver for entry in run.entries]

        managers = row["manager_chain"].split(" > ") if row["manager_chain"] else []
        assert chain == [row["salesperson_user_id"], *managers][: len(chain)], row["doc_no"]
        assert covers(limits[chain[-1]], row)
        assert not any(covers(limits[user], row) for user in chain[:-1])


def covers(user, row):
    return user.sales_limit is None or Decimal(row["subtotal_usd"]) <= user.sales_limit


def all_users(uow):
    with uow:
        return uow.users.all()


def test_a_sales_order_in_another_currency_is_compared_in_local_currency(uow):
    row = next(row for row in rows("sales_orders.csv") if row["customer_currency"] == "CAD")
    key = DocumentKey(Area.SALES, DocumentType.ORDER, row["doc_no"])
    with uow:
        document = uow.documents.get(key)

    assert document.amount_lcy == Decimal(row["subtotal_usd"])
    rate = Decimal(row["fx_usd_to_currency"])
    assert document.amount == round(Decimal(row["subtotal_usd"]) * rate, 4)
    assert document.currency == "CAD"
