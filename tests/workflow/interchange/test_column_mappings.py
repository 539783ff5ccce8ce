"""Mapping files: whose columns are which of ours."""

from decimal import Decimal
from importlib.resources import files

import pytest

from workflow.interchange.column_mappings import FileKind, recognised
from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, ImportOptions, documents_in
from workflow.interchange.mapping_files import mapping_from

SHIPPED = [
    mapping_from(path.read_text(encoding="utf-8"), file=path.name)
    for path in (files("workflow.interchange") / "mappings").iterdir()
]
INK = """
name = "Ink shop"
kind = "documents"
recognised_by = ["Bon", "Bedrag"]
number_format = "comma"
local_currency = "EUR"
[columns]
number = "Bon"
currency = "Munt"
amount_lcy = "Bedrag"
[constants]
area = "purchase"
type = "invoice"
[products]
amount = { multiply = ["Bedrag", "Koers"], decimals = 2 }
"""


def ink(data, **options):
    options = ImportOptions(mappings=[mapping_from(INK, file="ink.toml")], **options)
    return documents_in([GivenFile(name="ink.csv", data=data.encode())], options)


def test_the_shipped_mappings_are_four_and_readable():
    kinds = sorted(mapping.kind for mapping in SHIPPED)

    assert kinds == [FileKind.DOCUMENTS, FileKind.DOCUMENTS, FileKind.LINES, FileKind.USERS]


def test_a_file_is_read_through_the_mapping_its_header_fits():
    (document,) = ink(
        "Bon;Munt;Bedrag;Koers;Kassa\nB1;USD;1.000,50;1,08\n".replace("1,08", "1,08;3")
    )

    assert (document.number, document.currency) == ("B1", "USD")
    assert document.amount == Decimal("1080.54")
    assert document.amount_lcy == Decimal("1000.50")


def test_the_mappings_local_currency_is_written_as_no_currency():
    (document,) = ink("Bon;Munt;Bedrag;Koers\nB1;EUR;10,00;1\n")

    assert (document.currency, document.amount, document.amount_lcy) == ("", 10, 10)


def test_a_bad_factor_is_named_by_its_own_column():
    with pytest.raises(ImportRefused, match=r'^ink\.csv, row 2, koers: "1\.08" is not a number'):
        ink("Bon;Munt;Bedrag;Koers\nB1;USD;10,00;1.08\n")


def test_a_product_that_grows_too_large_is_refused():
    with pytest.raises(ImportRefused, match=r"row 2, bedrag: .* too large"):
        ink("Bon;Munt;Bedrag;Koers\nB1;USD;90000000000000;90000\n")


def test_a_column_the_mapping_needs_and_the_file_lacks_is_named():
    with pytest.raises(ImportRefused, match=r"^ink\.csv, row 1, koers: the column is missing"):
        ink("Bon;Munt;Bedrag\nB1;EUR;10,00\n")


def test_a_pair_from_the_command_line_wins_over_the_mapping():
    (document,) = ink(
        "Bon;Munt;Bedrag;Koers;Netto\nB1;EUR;10,00;1;10,00\n", pairs={"amount": "netto"}
    )

    assert document.amount == 10


def test_of_two_fitting_mappings_the_more_particular_one_is_taken():
    general = mapping_from(INK, file="a.toml")
    particular = mapping_from(INK.replace('"Bedrag"]', '"Bedrag", "Kassa"]'), file="b.toml")

    assert recognised(["bon", "bedrag", "kassa"], [general, particular]) is particular
    assert recognised(["bon", "bedrag"], [general, particular]) is general
    assert recognised(["bon"], [general, particular]) is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('name = "Ink shop"', "", "does not say 'name'"),
        ('kind = "documents"', 'kind = "poems"', "is not understood"),
        ("[columns]", "[columns", "is not a mapping file"),
        ("currency = ", "curency = ", "names curency"),
        ("[constants]", "[constant]", "names constant"),
        ('"comma"', '"dot"', "is not understood"),
        ("decimals = 2", "decimals = 9", "is not understood"),
        ('number = "Bon"', "number = 5", "is not understood"),
    ],
)
def test_a_mapping_with_a_mistake_is_refused(old, new, reason):
    with pytest.raises(ImportRefused, match=reason):
        mapping_from(INK.replace(old, new), file="ink.toml")
