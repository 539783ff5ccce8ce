"""What is done with documents: receive, change, release, reopen, post, convert, delete."""

import pytest

from memory_store import office
from people import CAST, actor, order, workflow
from workflow.counterparties import Counterparty
from workflow.errors import (
    CannotBePosted,
    DocumentExists,
    FieldLocked,
    NotReleased,
    PostNeedsApproval,
    ReleaseNeedsApproval,
    Restricted,
)
from workflow.service import deciding, handling, requesting
from workflow.statuses import Area, DocumentStatus, DocumentType


@pytest.fixture
def approved(uow, key):
    requesting.send_approval_request(uow, key, actor())
    deciding.approve(uow, key, actor("BOB"))
    return uow


def test_a_document_is_taken_in_once(uow):
    new = order(number="PO-2")
    handling.receive(uow, new, actor())

    assert uow.document(new.key).amount == 500
    with pytest.raises(DocumentExists):
        handling.receive(uow, new, actor())


def test_changes_are_stored_and_refused_ones_are_not(uow, key):
    handling.change_document(uow, key, actor(), {"description": "Chairs"})
    requesting.send_approval_request(uow, key, actor())
    before = uow.snapshot()

    with pytest.raises(FieldLocked):
        handling.change_document(uow, key, actor(), {"description": "x", "currency": "USD"})
    assert uow.snapshot() == before
    assert uow.document(key).description == "Chairs"


def test_the_erp_reopens_what_it_changes(approved, key):
    handling.update_from_erp(approved, key, actor("ERP"), {"currency": "USD"})

    assert approved.document(key).status is DocumentStatus.OPEN
    with pytest.raises(ReleaseNeedsApproval):
        handling.release(approved, key, actor())


def test_a_document_goes_to_another_purchaser(uow, key):
    handling.change_salesperson_purchaser(uow, key, actor(), "B")

    assert uow.document(key).salesperson_purchaser_code == "B"


def test_releasing_and_reopening_by_hand(key):
    uow = office(people=CAST, documents=[order()])

    assert handling.release(uow, key, actor()).message == "Purchase order PO-1 is released."
    assert handling.release(uow, key, actor()).events == ()
    assert handling.reopen(uow, key, actor()).message == "Purchase order PO-1 is open."


def test_posting_takes_the_document_away_and_keeps_its_approvals(approved, key):
    handling.post(approved, key, actor())

    ((document, kinds),) = approved.stored.archived
    assert (document.run.requester, kinds) == ("ANN", ("posted_receipt", "posted_invoice"))
    assert key not in approved.stored.documents


def test_posting_needs_the_approval_but_its_preview_does_not(uow, key):
    with pytest.raises(PostNeedsApproval):
        handling.post(uow, key, actor())
    assert handling.post_preview(uow, key) == ("posted_receipt", "posted_invoice")


@pytest.mark.parametrize("restrict", ["party", "item"])
def test_posting_stops_at_a_restricted_vendor_or_item(approved, key, restrict):
    with approved:
        if restrict == "item":
            approved.parties.restrict_item("CHAIR", restricted=True)
        else:
            vendor = Counterparty(area=Area.PURCHASE, number="V-10", restricted=True)
            approved.parties.save_counterparty(vendor)
        approved.commit()

    with pytest.raises(Restricted):
        handling.post(approved, key, actor())


def test_a_quote_becomes_an_order_and_is_gone():
    quote = order(document_type=DocumentType.QUOTE, number="PQ-1")
    uow = office(people=CAST, documents=[quote])

    outcome = handling.convert_quote(uow, quote.key, actor(), DocumentType.ORDER, "PO-7")

    assert list(uow.stored.documents) == [outcome.document]
    assert outcome.message == "Purchase quote PQ-1 became Purchase order PO-7."
    with pytest.raises(CannotBePosted):
        handling.post_preview(office(documents=[quote]), quote.key)


def test_a_quote_that_needs_approval_becomes_nothing_before_it():
    quote = order(document_type=DocumentType.QUOTE, number="PQ-1")
    uow = office(workflow(document_type=DocumentType.QUOTE), people=CAST, documents=[quote])

    with pytest.raises(PostNeedsApproval):
        handling.convert_quote(uow, quote.key, actor(), DocumentType.ORDER)


def test_a_deleted_document_goes_to_the_archive(uow, key):
    requesting.send_approval_request(uow, key, actor())
    handling.delete(uow, key, actor())

    ((document, kinds),) = uow.stored.archived
    assert (document.run.state, kinds) == ("canceled", ("deleted",))


def test_a_document_may_leave_once_it_is_released(uow, key):
    with pytest.raises(NotReleased):
        handling.check_may_leave(uow, key)
    requesting.send_approval_request(uow, key, actor())
    deciding.approve(uow, key, actor("BOB"))

    handling.check_may_leave(uow, key)


def test_disabling_the_workflow_lifts_the_restriction_of_a_rejected_document(uow, key):
    requesting.send_approval_request(uow, key, actor())
    deciding.reject(uow, key, actor("BOB"), comment="no")
    with pytest.raises(ReleaseNeedsApproval):
        handling.release(uow, key, actor())
    uow.stored.enabled = set()
    handling.release(uow, key, actor())

    assert uow.document(key).status is DocumentStatus.RELEASED
