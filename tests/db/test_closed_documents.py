"""A document that was posted does not come back with the next file."""

from dataclasses import replace
from decimal import Decimal

import pytest

from people import workflow
from workflow.definitions import WorkflowKind
from workflow.errors import DocumentExists, RequestOutdated
from workflow.service import deciding, handling, importing, requesting, setting_up
from workflow.statuses import DocumentType


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


# --- the numbers of its requests -----------------------------------------------------------


@pytest.fixture
def ask(company, reads, actor):
    """``ask(document, times)``: Ann sends it so often, and takes it back but for the last time."""

    def asked(document, times=1):
        handling.receive(company, document, actor("ANN"))
        for _ in range(times - 1):
            requesting.send_approval_request(company, document.key, actor("ANN"))
            requesting.cancel_approval_request(company, document.key, actor("ANN"))
        requesting.send_approval_request(company, document.key, actor("ANN"))
        return document.key

    return asked


def test_a_quote_does_not_become_an_order_whose_number_was_posted(
    company, reads, actor, new_document, ask
):
    """Newer versions of that order would be left out of every file, and it would stay approved."""
    order = ask(new_document(amount=Decimal(800)))
    deciding.approve(company, order, actor("BOB"))
    handling.post(company, order, actor("ANN"))
    quote = order._replace(document_type=DocumentType.QUOTE)
    handling.receive(company, new_document(key=quote), actor("ANN"))

    with pytest.raises(DocumentExists):
        handling.convert_quote(company, quote, actor("ANN"), DocumentType.ORDER)
    handling.convert_quote(company, quote, actor("ANN"), DocumentType.ORDER, "PO-2")
    assert reads.find_by_number("PO-2")


def _enabled(uow, actor, definition):
    setting_up.save_workflow(uow, definition, actor("CID"))
    setting_up.enable_workflow(uow, definition.code, actor("CID"))


def _last_request(uow, key):
    with uow:
        return uow.documents.get(key).run_no


def test_a_new_document_goes_on_counting_also_where_a_flow_decided_on_the_old_one(
    company, actor, new_document, ask
):
    setting_up.disable_workflow(company, "PO", actor("CID"))
    flow = workflow(code="FLOW", kind=WorkflowKind.EXTERNAL, response_user="BOB")
    _enabled(company, actor, flow)
    key = ask(new_document(), 2)
    handling.delete(company, key, actor("ANN"))

    assert _last_request(company, ask(new_document(amount=Decimal(9999)))) == 3


def test_an_order_that_was_a_quote_takes_no_number_of_an_earlier_order(
    company, actor, new_document, ask
):
    _enabled(company, actor, workflow(code="PQ", document_type=DocumentType.QUOTE))
    setting_up.set_user(company, "BOB", {"request_limit": None}, actor("CID"))
    order = ask(new_document(), 3)
    handling.delete(company, order, actor("ANN"))
    quote = ask(new_document(key=order._replace(document_type=DocumentType.QUOTE)))
    deciding.approve(company, quote, actor("BOB"))
    handling.convert_quote(company, quote, actor("ANN"), DocumentType.ORDER)

    requesting.send_approval_request(company, order, actor("ANN"))

    assert _last_request(company, order) == 4
    with pytest.raises(RequestOutdated):  # from the page of a request about the earlier order
        deciding.approve(company, order, actor("BOB"), request=2)
