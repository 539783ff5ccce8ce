"""The UBL of a document is read back by our own import as the same document."""

from dataclasses import replace
from decimal import Decimal

import pytest

from example_events import AT, COMPANY, COPY, DOCUMENT, LINE
from notifications.document_ubl import ubl_of
from notifications.ubl_forms import FORMS
from workflow.interchange.electronic import parse_electronic_document
from workflow.mailing import WITHOUT_UBL
from workflow.statuses import Area, DocumentType

READ_AS = {DocumentType.BLANKET_ORDER: DocumentType.ORDER}  # UBL has one order
ORDER = replace(DOCUMENT, amount=LINE.amount * 7, amount_including_vat=Decimal(83000))


def ubl(document=ORDER, copy=COPY) -> bytes:
    return ubl_of(document, copy, AT, company=COMPANY)


def read(data: bytes, area=Area.PURCHASE):
    return parse_electronic_document(data, file="copy.xml", area=area)


@pytest.mark.parametrize("area", Area)
@pytest.mark.parametrize("document_type", FORMS)
def test_a_document_comes_back_as_it_went_out(area, document_type):
    document = replace(ORDER, area=area, document_type=document_type)

    back = read(ubl(document), area)

    assert (back.area, back.document_type) == (area, READ_AS.get(document_type, document_type))
    assert (back.number, back.document_date) == ("106001", document.document_date)
    assert (back.counterparty_no, back.counterparty_name) == ("V100", "Bakker Staal B.V.")
    assert (back.amount, back.amount_including_vat) == (ORDER.amount, ORDER.amount_including_vat)
    assert (back.currency, back.description) == ("EUR", "Hall 4")
    assert [
        (line.item_no, line.description, line.quantity, line.unit_price, line.amount)
        for line in back.lines
    ] == [(LINE.item_no, LINE.description, LINE.quantity, LINE.unit_price, LINE.amount)] * 7


def test_the_vendor_reads_our_order_as_a_sale_to_us():
    back = read(ubl(), None)

    assert (back.area, back.document_type) == (Area.SALES, DocumentType.ORDER)
    assert back.counterparty_name == "Contoso"


def test_an_invoice_says_when_it_is_due():
    invoice = replace(ORDER, document_type=DocumentType.INVOICE)

    assert read(ubl(invoice)).due_date == COPY.due_date


@pytest.mark.parametrize("amount", ["68000", "70000"])
def test_a_discount_or_surcharge_on_the_whole_comes_back(amount):
    document = replace(ORDER, amount=Decimal(amount))

    assert read(ubl(document)).amount == Decimal(amount)


def test_a_foreign_currency_and_four_decimals_come_back():
    line = replace(
        LINE, quantity=Decimal("2.5"), unit_price=Decimal("0.1255"), amount=Decimal("0.3138")
    )
    document = replace(ORDER, currency="USD", amount=line.amount, amount_including_vat=line.amount)

    back = read(ubl(document, replace(COPY, lines=(line,))))

    assert (back.currency, back.amount) == ("USD", Decimal("0.3138"))
    assert (back.lines[0].quantity, back.lines[0].unit_price) == (Decimal("2.5"), Decimal("0.1255"))


@pytest.mark.parametrize("name", ["<a> & \"b\" ]]> 'c'", "José Søren Ελληνικά Кириллица 日本"])
def test_names_come_back_letter_for_letter(name):
    assert read(ubl(replace(ORDER, counterparty_name=name))).counterparty_name == name


def test_what_no_xml_may_contain_is_left_out():
    document = replace(ORDER, counterparty_name="a\x00b\x0b\ufffe\ud800c")

    assert read(ubl(document)).counterparty_name == "a b c"


def test_the_moment_stands_in_for_a_missing_date():
    assert read(ubl(replace(ORDER, document_date=None))).document_date == AT.date()


def test_the_same_document_gives_the_same_bytes():
    assert ubl() == ubl()


def test_every_kind_of_document_has_a_form_or_is_refused():
    assert set(FORMS) | WITHOUT_UBL == set(DocumentType)
