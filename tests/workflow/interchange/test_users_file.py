"""Users in a file: what is said is taken, what is not said keeps its default."""

from datetime import date
from decimal import Decimal

import pytest

from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, ImportOptions, users_in
from workflow.interchange.numbers import NumberFormat

HEADER = "user_id,full_name,purchase_limit,administrator,substitute,substitute_from,substitute_to\n"


def users(text, *, limits=None, **options):
    limits = limits and GivenFile(name="limits.csv", data=limits.encode())
    file = GivenFile(name="users.csv", data=text.encode())
    return users_in(file, ImportOptions(**options), limits)


def test_a_user_is_read_with_every_column_of_the_file():
    ann, bob = users(HEADER + "ANN,Ann,,no,,,\nBOB,Bob,1000,yes,DEE,2026-08-01,2026-08-15\n")

    assert ann.fields["purchase_limit"] == 0
    assert bob.fields == {
        "full_name": "Bob",
        "purchase_limit": Decimal(1000),
        "administrator": True,
        "substitute": "DEE",
        "substitute_from": date(2026, 8, 1),
        "substitute_to": date(2026, 8, 15),
    }


def test_a_column_the_file_lacks_is_not_among_the_fields():
    (cid,) = users("user_id,purchase_limit\nCID,unlimited\n")

    assert cid.fields == {"purchase_limit": None}


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (",Ann,0,no,,,", 'users.csv, row 2, user_id: "" is empty'),
        ("ANN,Ann,1.000,no,,,", 'row 2, purchase_limit: "1.000" is not a number'),
        ("ANN,Ann,-5,no,,,", 'row 2, purchase_limit: "-5" is below zero'),
        ("ANN,Ann,0,maybe,,,", 'row 2, administrator: "maybe" is neither true nor false'),
        ("ANN,Ann,0,no,DEE,1-8-2026,", 'row 2, substitute_from: "1-8-2026" is not a date'),
        ("ANN,Ann,0,no,DEE,2026-08-02,2026-08-01", "row 2, substitute_to: "),
        ('"AN\nN",Ann,0,no,,,', 'row 2, user_id: "AN N" has a line break'),
        ("ANN,Ann,0,no,,,\nann,Ann,0,no,,,", 'row 3, user_id: "ann" stands in row 2 too'),
    ],
)
def test_a_bad_row_is_refused_by_row_column_and_value(row, refusal):
    written = {"number_format": NumberFormat.COMMA} if "1.000" in row else {}

    with pytest.raises(ImportRefused) as refused:
        users(HEADER + row + "\n", **written)

    assert refusal in str(refused.value)


def test_a_misspelled_column_is_not_silently_left_out():
    with pytest.raises(ImportRefused, match=r"purchse_limit: .* did you mean purchase_limit"):
        users("user_id,purchse_limit\nBOB,1000\n")


def test_a_decimal_comma_is_read_when_it_is_declared():
    (bob,) = users("user_id;purchase_limit\nBOB;1.000,50\n", number_format=NumberFormat.COMMA)

    assert bob.fields["purchase_limit"] == Decimal("1000.50")


def test_limits_are_given_by_level_and_a_later_rule_wins():
    limits = "column,value,sales_limit,purchase_limit\nlevel,2,,500\nuser_id,CID,,unlimited\n"

    bob, cid, dee = users(
        "user_id,level\nBOB,2\nCID,2\nDEE,1\n",
        limits=limits,
        pairs={"user_id": "user_id"},
    )

    assert bob.fields == {"purchase_limit": 500}
    assert cid.fields == {"purchase_limit": None}
    assert dee.fields == {}


def test_a_limit_for_nobody_is_refused():
    limits = "column,value,sales_limit,purchase_limit\nuser_id,BOBB,,500\n"

    with pytest.raises(ImportRefused, match=r'limits\.csv, row 2, user_id: "BOBB" fits nobody'):
        users("user_id\nBOB\n", limits=limits)


def test_a_limits_file_with_other_columns_is_refused():
    with pytest.raises(ImportRefused, match="is not a file of limits"):
        users("user_id\nBOB\n", limits="column,value,purchse_limit\nuser_id,BOB,500\n")


def test_documents_are_no_users():
    with pytest.raises(ImportRefused, match="is a file of documents, not of users"):
        users("number,area,type,amount\nA,purchase,order,1\n")
