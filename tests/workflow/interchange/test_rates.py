"""Documents in a foreign currency, with and without what they cost at home."""

from decimal import Decimal

import pytest

from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, ImportOptions, documents_in
from workflow.interchange.mapping_files import mapping_from

HEADER = "number,area,type,amount,amount_including_vat,currency,amount_lcy\n"
MAPPING = """\
name = "Orders of a company in dollars"
kind = "documents"
recognised_by = ["order", "value", "home_value"]
local_currency = "USD"

[columns]
number = "order"
amount = "value"
amount_lcy = "home_value"
currency = "currency"

[constants]
area = "sales"
type = "order"
"""


def document(text, **options):
    (found,) = documents_in(
        [GivenFile(name="orders.csv", data=text.encode())], ImportOptions(**options)
    )
    return found


def test_a_rate_completes_a_document_that_has_no_local_amount():
    found = document(HEADER + "A,purchase,order,10.01,12.11,USD,\n", rates={"USD": Decimal("0.5")})

    assert found.amount_lcy == Decimal("5.01")  # a half cent is rounded up
    assert found.amount_including_vat_lcy == Decimal("6.06")


def test_what_the_file_says_comes_before_a_rate():
    found = document(HEADER + "A,purchase,order,10,10,USD,9\n", rates={"USD": Decimal("0.5")})

    assert found.amount_lcy == Decimal(9)


def test_a_rate_of_another_currency_completes_nothing():
    found = document(HEADER + "A,purchase,order,10,10,USD,\n", rates={"GBP": Decimal("0.5")})

    assert found.amount_lcy is None


def test_a_local_amount_that_is_too_large_is_refused_with_its_row():
    text = HEADER + "A,purchase,order,99999999999999,99999999999999,USD,\n"

    with pytest.raises(ImportRefused, match=r"orders\.csv, row 2, amount_lcy: is too large"):
        document(text, rates={"USD": Decimal(10)})


def test_a_file_knows_its_local_currency_better_than_the_settings():
    text = "order,value,home_value,currency\nA,90,100,EUR\n"

    found = document(
        text, mappings=[mapping_from(MAPPING, file="dollars.toml")], local_currency="EUR"
    )

    assert (found.currency, found.amount_lcy) == ("EUR", Decimal(100))
