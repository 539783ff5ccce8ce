"""Vendors and customers with their addresses, and documents that go to them, in the database."""

from dataclasses import replace

from workflow.counterparties import Counterparty
from workflow.events import DocumentEmailed
from workflow.service import handling, mailing
from workflow.statuses import Area

VENDOR = Counterparty(
    area=Area.PURCHASE, number="V1", name="Zoë", email="orders@zoe.example", language="nl"
)


def test_vendors_and_customers_come_back_by_area_and_number(uow):
    customer = replace(VENDOR, area=Area.SALES, number="C1", restricted=True)
    with uow:
        for party in (customer, replace(VENDOR, number="V2"), VENDOR):
            uow.parties.save_counterparty(party)
        uow.commit()

    with uow:
        assert uow.parties.counterparties() == [VENDOR, replace(VENDOR, number="V2"), customer]
        assert uow.parties.counterparty(Area.SALES, "C1") == customer


def test_an_emailed_document_waits_to_be_told_though_no_user_is_named(
    uow, outbox, new_document, actor
):
    document = new_document("PO-9", counterparty_no="V1")
    with uow:
        uow.parties.save_counterparty(VENDOR)
        uow.commit()
    handling.receive(uow, document, actor("ANN"))
    handling.release(uow, document.key, actor("ANN"))

    mailing.email_document(uow, document.key, actor("ANN"), ubl=True)

    (waiting,) = outbox.unexpanded(10)
    assert isinstance(waiting.event, DocumentEmailed)
    assert waiting.event.to_address == "orders@zoe.example"
    assert [line.amount for line in waiting.event.copy.lines] == [document.amount]
