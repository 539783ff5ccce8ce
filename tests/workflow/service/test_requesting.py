"""What a requester does: send, cancel, ask who would have to approve."""

from dataclasses import replace

import pytest

from memory_store import office
from people import CAST, actor, cast, order, workflow
from workflow.counterparties import Counterparty
from workflow.definitions import Conditions
from workflow.errors import (
    ApproverNotSet,
    DocumentNotFound,
    NoRequestToCancel,
    NothingToApprove,
    NotOpenToSend,
    NoWorkflow,
)
from workflow.service import handling, requesting
from workflow.statuses import Area, DocumentStatus


def test_sending_stores_the_document_its_run_and_its_events(uow, key):
    outcome = requesting.send_approval_request(uow, key, actor())

    assert outcome.message == "An approval request has been sent."
    assert uow.document(key).status is DocumentStatus.PENDING_APPROVAL
    assert [seq for _, seq, _ in uow.stored.events] == [1, 2]


def test_sending_again_says_that_a_request_is_pending_and_does_nothing(uow, key):
    requesting.send_approval_request(uow, key, actor())
    before = uow.snapshot()

    outcome = requesting.send_approval_request(uow, key, actor("BOB"))

    assert (outcome.message, outcome.events) == (requesting.ALREADY_PENDING, ())
    assert uow.snapshot() == before


def test_a_document_released_at_once_is_announced_as_such(key):
    uow = office(workflow(), people=cast(ann={"purchase_limit": None}).by_id(), documents=[order()])
    message = requesting.send_approval_request(uow, key, actor()).message

    assert message == (
        "Purchase order PO-1 has been automatically approved."
        " The status has been changed to Released."
    )


def test_a_refused_request_stores_nothing(uow, key):
    before = uow.snapshot()

    with pytest.raises(ApproverNotSet):
        requesting.send_approval_request(uow, key, actor("STRANGER"))
    assert uow.snapshot() == before


def test_without_an_enabled_workflow_nothing_is_sent(key):
    uow = office(people=CAST, documents=[order()])

    with pytest.raises(NoWorkflow):
        requesting.send_approval_request(uow, key, actor())


def test_a_released_document_is_not_sent_and_the_refusal_says_why(uow, key):
    uow.stored.documents[key].status = DocumentStatus.RELEASED

    with pytest.raises(NotOpenToSend) as refused:
        requesting.send_approval_request(uow, key, actor())
    assert "is released; only an open document can be sent" in refused.value.message


@pytest.mark.parametrize("ask", [requesting.send_approval_request, requesting.who_would_approve])
def test_a_document_without_lines_has_nothing_to_approve(key, ask):
    anything = workflow(conditions=Conditions(needs_lines=False))
    uow = office(anything, people=CAST, documents=[order(lines=())])

    with pytest.raises(NothingToApprove):
        ask(uow, key, actor())


def test_the_first_workflow_that_matches_is_used(key):
    dollars = workflow(code="A", conditions=Conditions(currency="USD"))
    uow = office(workflow(code="C"), workflow(code="B"), dollars, people=CAST, documents=[order()])
    requesting.send_approval_request(uow, key, actor())

    assert uow.document(key).run.workflow_code == "B"


def test_a_running_request_keeps_the_version_it_started_with(uow, key):
    requesting.send_approval_request(uow, key, actor())
    uow.stored.versions["PO", 2] = workflow(version=2, stage_rule="any")
    handling_before = uow.document(key).run.workflow_version
    requesting.cancel_approval_request(uow, key, actor())
    requesting.send_approval_request(uow, key, actor())

    assert (handling_before, uow.document(key).run.workflow_version) == (1, 2)


def test_there_has_to_be_something_to_cancel(uow, key):
    with pytest.raises(NoRequestToCancel):
        requesting.cancel_approval_request(uow, key, actor())
    with pytest.raises(DocumentNotFound):
        requesting.cancel_approval_request(uow, order(number="PO-2").key, actor())


def test_asking_who_would_approve_stores_nothing(uow, key):
    before = uow.snapshot()

    answer = requesting.who_would_approve(uow, key, actor())

    assert [one.user for one in answer.plan.approvers] == ["ANN", "BOB"]
    assert uow.snapshot() == before


def test_a_customers_credit_limit_counts_when_a_sale_is_sent():
    sale = order(area=Area.SALES, counterparty_no="C-1")
    definition = workflow(area=Area.SALES, credit_limit_check=True)
    uow = office(definition, people=CAST, documents=[sale])
    customer = Counterparty(area=Area.SALES, number="C-1", credit_limit_lcy=sale.amount)
    uow.stored.counterparties = {(Area.SALES, "C-1"): customer}

    requesting.send_approval_request(uow, sale.key, actor())
    assert uow.document(sale.key).status is DocumentStatus.RELEASED

    handling.reopen(uow, sale.key, actor())
    uow.stored.counterparties = {
        (Area.SALES, "C-1"): replace(customer, credit_limit_lcy=sale.amount - 1)
    }
    requesting.send_approval_request(uow, sale.key, actor())
    assert uow.document(sale.key).status is DocumentStatus.PENDING_APPROVAL


def test_an_event_without_a_workflow_does_nothing(uow, key):
    requesting.raise_approval_event(uow, key, actor())
    assert uow.document(key).status is DocumentStatus.PENDING_APPROVAL

    assert requesting.raise_approval_event(uow, key, actor()).events == ()
