"""Received invoices keep the number of their sender and get one of our own."""

import threading
from dataclasses import replace
from decimal import Decimal

from db.unit_of_work import SqlUnitOfWork
from workflow.service import importing


def test_two_sellers_may_use_the_same_number(uow, reads, actor, received_invoice):
    plan = importing.import_documents(
        uow, [received_invoice("A-1"), received_invoice("A-1", seller="Smid")], actor("ANN")
    )

    assert plan.added == ("purchase/invoice/IN-00001", "purchase/invoice/IN-00002")
    assert [key.number for key in reads.find_by_number("A-1")] == ["IN-00001", "IN-00002"]


def test_the_same_invoice_again_is_not_another_document(uow, actor, received_invoice):
    importing.import_documents(uow, [received_invoice("A-1")], actor("ANN"))

    again = importing.import_documents(uow, [received_invoice("A-1")], actor("ANN"))
    corrected = importing.import_documents(
        uow, [received_invoice("A-1", amount=Decimal(90))], actor("ANN")
    )

    assert again.unchanged == ("purchase/invoice/IN-00001",)
    assert corrected.changed == ("purchase/invoice/IN-00001",)


def test_the_same_invoice_received_twice_at_once_is_one_document(
    engine, uow, reads, actor, received_invoice
):
    others = []
    other = threading.Thread(
        target=lambda: others.append(
            importing.import_documents(
                SqlUnitOfWork(engine), [received_invoice("A-1")], actor("BOB")
            )
        )
    )
    with uow:
        first = importing.import_documents(uow, [received_invoice("A-1")], actor("ANN"))
        other.start()
        other.join(0.3)  # it has come as far as it can
        uow.commit()
    other.join()

    assert first.added == others[0].unchanged == ("purchase/invoice/IN-00001",)
    assert len(reads.documents_list()) == 1


def test_a_dry_run_gives_no_number_away(uow, actor, received_invoice):
    planned = importing.import_documents(uow, [received_invoice("A-1")], actor("ANN"), dry_run=True)
    done = importing.import_documents(uow, [replace(received_invoice("A-1"))], actor("ANN"))

    assert planned == done
