"""What is done with documents: receive, change, release, reopen, post, convert, delete."""

from decimal import Decimal

import pytest

from memory_store import office
from people import CAST, actor, order, workflow
from workflow.counterparties import Counterparty
from workflow.definitions import WorkflowKind
from workflow.errors import (
    CannotBePosted,
    DocumentExists,
    ExternalCannotCancel,
    FieldLocked,
    NoCancelRight,
    NotAdministrator,
    NotReleased,
    PostNeedsApproval,
    ReleaseNeedsApproval,
    Restricted,
)
from workflow.options import BC, COMPANY_BC
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
        handling.change_document(uow, key, actor(), {"description": "x", "counterparty_no": "V-11"})
    assert uow.snapshot() == before
    assert uow.document(key).description == "Chairs"


def test_the_erp_reopens_what_it_changes(approved, key):
    handling.update_from_erp(approved, key, actor("ERP"), {"counterparty_no": "V-11"})

    assert approved.document(key).status is DocumentStatus.OPEN
    with pytest.raises(ReleaseNeedsApproval):
        handling.release(approved, key, actor())


@pytest.mark.parametrize(
    ("fields", "released"),
    [
        ({"amount": Decimal(400)}, True),
        ({"amount_including_vat": Decimal(5000)}, False),
        ({"amount": Decimal(400), "amount_including_vat": Decimal(5000)}, False),
        ({"amount": Decimal(-400)}, False),
    ],
)
def test_only_a_document_that_asks_no_more_in_any_amount_is_released_without_a_new_request(
    key, fields, released
):
    forgiving = workflow(reapproval="if_increased")
    in_dollars = order(
        currency="USD", amount_lcy=Decimal(450), amount_including_vat_lcy=Decimal(450)
    )
    uow = office(forgiving, people=CAST, documents=[in_dollars])
    requesting.send_approval_request(uow, key, actor())
    deciding.approve(uow, key, actor("BOB"))
    handling.reopen(uow, key, actor())
    handling.change_document(uow, key, actor(), fields)

    if released:
        assert handling.release(uow, key, actor()).status is DocumentStatus.RELEASED
        return
    with pytest.raises(ReleaseNeedsApproval):
        handling.release(uow, key, actor())


ERP_FACTS_BY_HAND = [
    {"currency": "USD", "amount_lcy": Decimal(1)},
    {"amount_lcy": Decimal(500)},
    {"amount_including_vat_lcy": Decimal(500)},
    {"prepayment_unpaid": True},
]


@pytest.mark.parametrize("fields", ERP_FACTS_BY_HAND)
def test_what_the_erp_says_of_a_document_is_changed_by_administrators_and_the_operator(
    uow, key, fields
):
    before = uow.snapshot()

    with pytest.raises(NotAdministrator):
        handling.change_document(uow, key, actor("ANN"), fields)
    assert uow.snapshot() == before
    handling.change_document(uow, key, actor("EVA"), fields)
    handling.change_document(uow, key, actor("OPERATOR"), {**fields, "description": "x"})


@pytest.mark.parametrize("fields", ERP_FACTS_BY_HAND)
def test_in_business_central_anybody_changes_what_the_erp_says_of_a_document(fields, key):
    uow = office(people=CAST, documents=[order()], company=COMPANY_BC)
    handling.change_document(uow, key, actor("ANN"), fields)


def test_the_requester_changes_the_amount_and_the_local_amount_follows(uow, key):
    handling.change_document(uow, key, actor("ANN"), {"amount": Decimal(900)})

    assert uow.document(key).amount_lcy == uow.document(key).amount_including_vat_lcy == 900


def test_whoever_writes_a_document_is_its_first_editor(uow):
    own, imported = order(number="PO-2"), order(number="PO-3")
    handling.receive(uow, own, actor("BOB"))
    handling.receive(uow, imported, actor("ERP"))

    assert uow.document(own.key).editors == {"BOB"}
    assert uow.document(imported.key).editors == frozenset()


def test_deleting_and_writing_it_again_makes_nobody_innocent(uow, key):
    handling.change_document(uow, key, actor("BOB"), {"counterparty_no": "V-11"})
    handling.delete(uow, key, actor("BOB"))
    handling.receive(uow, order(), actor("ERP"))

    assert uow.document(key).editors == {"BOB"}


@pytest.mark.parametrize("user", ["BOB", "DEE"])
def test_deleting_a_pending_document_needs_the_right_to_cancel_its_request(uow, key, user):
    requesting.send_approval_request(uow, key, actor())

    with pytest.raises(NoCancelRight):
        handling.delete(uow, key, actor(user))
    assert uow.document(key).status is DocumentStatus.PENDING_APPROVAL


@pytest.mark.parametrize("user", ["ANN", "EVA"])
def test_whoever_may_cancel_the_request_may_delete_the_document(uow, key, user):
    requesting.send_approval_request(uow, key, actor())
    handling.delete(uow, key, actor(user))

    assert key not in uow.stored.documents


def test_a_document_that_waits_for_an_external_flow_is_not_deleted_by_the_flow(key):
    flow = workflow(kind=WorkflowKind.EXTERNAL, response_user="BOB")
    uow = office(flow, people=CAST, documents=[order()])
    requesting.send_approval_request(uow, key, actor())

    with pytest.raises(ExternalCannotCancel):
        handling.delete(uow, key, actor("BOB"))


def test_anybody_deletes_a_document_that_waits_for_nobody(uow, key):
    handling.delete(uow, key, actor("DEE"))

    assert key not in uow.stored.documents


def test_in_business_central_anybody_deletes_a_pending_document(key):
    uow = office(workflow(options=BC), people=CAST, documents=[order()])
    requesting.send_approval_request(uow, key, actor())
    handling.delete(uow, key, actor("DEE"))

    assert key not in uow.stored.documents


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
