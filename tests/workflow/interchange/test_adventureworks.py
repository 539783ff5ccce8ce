"""The AdventureWorks company: people, purchase orders and sales orders as they come."""

from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from workflow.interchange.files import GivenFile, ImportOptions, documents_in, users_in
from workflow.interchange.mapping_files import mapping_from
from workflow.statuses import Area

ROOT = Path(__file__).parents[3]
FOLDER = ROOT.parent / "shared" / "data" / "adventureworks"
LIMITS = ROOT / "docs" / "examples" / "adventureworks-limits.csv"
OPTIONS = ImportOptions(
    mappings=[
        mapping_from(path.read_text(encoding="utf-8"), file=path.name)
        for path in (files("workflow.interchange") / "mappings").iterdir()
    ]
)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the AdventureWorks data is elsewhere")


def given(name):
    return GivenFile(name=name, data=(FOLDER / name).read_bytes())


def test_purchase_orders_come_without_lines():
    orders = documents_in([given("purchase_orders.csv")], OPTIONS)

    assert len(orders) == 2855
    assert sum(order.amount for order in orders) == Decimal("45478956.9805")
    assert sum(order.amount_including_vat for order in orders) == Decimal("50243585.9546")
    assert all(len(order.lines) == 1 for order in orders)
    assert {(order.area, order.currency) for order in orders} == {(Area.PURCHASE, "")}


def test_purchase_orders_come_with_lines_that_add_up():
    orders = documents_in(
        [given("purchase_orders.csv"), given("purchase_order_lines.csv")], OPTIONS
    )

    assert sum(len(order.lines) for order in orders) == 6274
    assert all(sum(line.amount for line in order.lines) == order.amount for order in orders)


def test_sales_orders_are_in_the_customers_currency_at_the_rate():
    orders = {order.number: order for order in documents_in([given("sales_orders.csv")], OPTIONS)}

    assert len(orders) == 2664
    assert sum(order.amount_lcy for order in orders.values()) == Decimal("55101605.4518")
    assert {order.currency for order in orders.values()} == {"", "CAD", "GBP", "EUR", "AUD"}
    canadian = orders["SO43661"]
    assert (canadian.requester, canadian.currency) == ("JOSÉ1", "CAD")
    assert canadian.amount == Decimal("47914.8373")  # 32726.4786 at 1.4641
    assert canadian.amount_lcy == Decimal("32726.4786")


def test_employees_have_their_managers_as_approvers_and_limits_by_level():
    limits = GivenFile(name=LIMITS.name, data=LIMITS.read_bytes())

    users = {
        user.user_id: user.fields for user in users_in(given("employees.csv"), OPTIONS, limits)
    }

    assert len(users) == 290
    assert users["BEN0"]["approver"] == "SHEELA0"
    purchase = ["BEN0", "SHEELA0", "WENDY0", "LAURA1", "KEN0"]
    assert [users[user]["purchase_limit"] for user in purchase] == [500, 5000, 50000, 500000, None]
    sales = ["JOSÉ1", "STEPHEN0", "SYED0", "AMY0", "BRIAN3", "KEN0"]
    assert [users[user]["sales_limit"] for user in sales] == [
        *(2000, 20000, 20000, 20000, 100000, None)
    ]
    assert users["FRANÇOIS0"]["email"] == "françois0@adventure-works.com"
    assert users["KEN0"]["salesperson_purchaser_code"] == "KEN0"
