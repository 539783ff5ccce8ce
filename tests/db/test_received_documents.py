"""Received invoices keep the number of their sender and get one of our own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from workflow.interchange.records import ImportedDocument, whole_amount_line
from workflow.service import importing
from workflow.statuses import Area, DocumentType


@pytest.fixture
def invoice():
    """``invoice("A-1", seller="Bakker")``: as an electronic file has it, without a row."""

    def make(number, *, seller="Bakker", amount=Decimal(100)):
        return ImportedDocument(
            number=number,
            area=Area.PURCHASE,
            document_type=DocumentType.INVOICE,
            document_date=None,
            due_date=None,
            amount=amount,
            amount_including_vat=amount,
            currency="",
            amount_lcy=amount,
            amount_including_vat_lcy=amount,
            salesperson_purchaser_code="",
            counterparty_no="",
            counterparty_name=seller,
            requester="ANN",
            external_document_no=number,
            description="",
            lines=(whole_amount_line(amount, ""),),
            row=None,
            source="invoice.xml",
        )

    return make


def test_two_sellers_may_use_the_same_number(uow, reads, actor, invoice):
    plan = importing.import_documents(
        uow, [invoice("A-1"), invoice("A-1", seller="Smid")], actor("ANN")
    )

    assert plan.added == ("purchase/invoice/IN-00001", "purchase/invoice/IN-00002")
    assert [key.number for key in reads.find_by_number("A-1")] == ["IN-00001", "IN-00002"]


def test_the_same_invoice_again_is_not_another_document(uow, actor, invoice):
    importing.import_documents(uow, [invoice("A-1")], actor("ANN"))

    again = importing.import_documents(uow, [invoice("A-1")], actor("ANN"))
    corrected = importing.import_documents(uow, [invoice("A-1", amount=Decimal(90))], actor("ANN"))

    assert again.unchanged == ("purchase/invoice/IN-00001",)
    assert corrected.changed == ("purchase/invoice/IN-00001",)


def test_a_dry_run_gives_no_number_away(uow, actor, invoice):
    planned = importing.import_documents(uow, [invoice("A-1")], actor("ANN"), dry_run=True)
    done = importing.import_documents(uow, [replace(invoice("A-1"))], actor("ANN"))

    assert planned == done
