"""Real electronic documents from public test sets: every one is read or refused clearly."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from workflow.interchange.electronic import parse_electronic_document
from workflow.interchange.errors import ImportRefused
from workflow.statuses import Area, DocumentType

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "documents"
BECOMES = {
    "UBL Order": (Area.SALES, DocumentType.ORDER),
    "UBL Invoice": (Area.PURCHASE, DocumentType.INVOICE),
    "UBL CreditNote": (Area.PURCHASE, DocumentType.CREDIT_MEMO),
    "UBL Quotation": (Area.PURCHASE, DocumentType.QUOTE),
    "CII Invoice": (Area.PURCHASE, DocumentType.INVOICE),
    "cXML OrderRequest": (Area.SALES, DocumentType.ORDER),
}
AMOUNTS = {  # where the amount without VAT is not the obvious figure
    "oasis_ubl/UBL-Quotation-2.1-Example.xml": ("197750.00", "247187.50"),
    "oasis_ubl/UBL-Invoice-2.0-Example.xml": ("90.00", "107.50"),
    "oasis_ubl/UBL-Invoice-2.1-Example-Trivial.xml": ("100.00", "100.00"),
    "oasis_ubl/UBL-Order-2.1-Example.xml": ("6225", "6225"),
    "en16931/ubl-tc434-example5.xml": ("4000.00", "4675.00"),
    "en16931/CII_example5.xml": ("4000.00", "4675.00"),
    "cxml/builder_order_request.xml": ("3420.60", "3420.60"),
}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the sample documents are elsewhere")


def manifest():
    if not FOLDER.is_dir():
        return []
    with (FOLDER / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SUPPORTED = [entry for entry in manifest() if entry["kind"] in BECOMES]
OTHERS = [entry for entry in manifest() if entry["kind"] not in BECOMES]


def parsed(entry):
    return parse_electronic_document((FOLDER / entry["file"]).read_bytes(), file=entry["file"])


def named(entries):
    return [pytest.param(entry, id=entry["file"]) for entry in entries]


def test_the_manifest_names_all_thirty_files():
    assert len(SUPPORTED) + len(OTHERS) == 30
    assert len(SUPPORTED) == 20


@pytest.mark.parametrize("entry", named(SUPPORTED))
def test_a_supported_document_is_read_as_the_manifest_says(entry):
    document = parsed(entry)

    assert (document.area, document.document_type) == BECOMES[entry["kind"]]
    assert document.external_document_no == entry["doc_id"]
    assert document.document_date.strftime("%Y%m%d") == entry["issue_date"].replace("-", "")
    assert document.currency == entry["currency"]
    assert len(document.lines) == int(entry["lines"])
    other_side = "buyer" if document.area is Area.SALES else "seller"
    assert entry[other_side] in {document.counterparty_name, document.counterparty_no}


@pytest.mark.parametrize("entry", named(SUPPORTED))
def test_amounts_are_those_of_the_document(entry):
    document = parsed(entry)
    if entry["file"] in AMOUNTS:
        expected = tuple(Decimal(amount) for amount in AMOUNTS[entry["file"]])
        assert (document.amount, document.amount_including_vat) == expected
    else:
        assert document.amount_including_vat == Decimal(entry["payable"])


@pytest.mark.parametrize("entry", named(OTHERS))
def test_another_document_is_refused_by_its_name(entry):
    what = entry["kind"].split("/")[0].removesuffix(" INVOIC")
    with pytest.raises(ImportRefused) as refused:
        parsed(entry)

    assert what in str(refused.value)
    assert "; supported are " in str(refused.value)
