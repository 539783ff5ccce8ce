"""A document that was posted does not come back with the next file."""

from dataclasses import replace

import pytest

from workflow.service import handling, importing


@pytest.fixture
def exported(received_invoice):
    """An invoice as the ERP exports it, in a file with rows and under its own number."""
    return replace(received_invoice("PI-1"), row=2, source="invoices.csv")


def test_a_posted_invoice_is_not_taken_in_a_second_time(uow, reads, actor, received_invoice):
    (key,) = importing.import_documents(uow, [received_invoice("A-1")], actor("ANN")).added
    handling.post(uow, _key_of(reads, "IN-00001"), actor("ANN"))

    again = importing.import_documents(uow, [received_invoice("A-1")], actor("ANN"))

    assert again.closed == (key,)
    assert not again.added
    assert not again.changed


def test_a_posted_invoice_is_left_out_of_the_next_export_of_the_erp(uow, reads, actor, exported):
    importing.import_documents(uow, [exported], actor("ANN"))
    handling.post(uow, _key_of(reads, "PI-1"), actor("ANN"))

    again = importing.import_documents(uow, [exported], actor("ANN"))

    assert again.closed == ("purchase/invoice/PI-1",)
    assert not again.added


def test_a_deleted_document_may_come_again(uow, reads, actor, exported):
    importing.import_documents(uow, [exported], actor("ANN"))
    handling.delete(uow, _key_of(reads, "PI-1"), actor("ANN"))

    again = importing.import_documents(uow, [exported], actor("ANN"))

    assert again.added == ("purchase/invoice/PI-1",)


def _key_of(reads, number):
    (key,) = reads.find_by_number(number)
    return key
