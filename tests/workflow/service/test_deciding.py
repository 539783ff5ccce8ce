"""What an approver does, one document or many."""

from decimal import Decimal
from functools import partial

import pytest

from memory_store import office
from people import CAST, actor, order, workflow
from workflow.definitions import WorkflowKind
from workflow.errors import (
    AuthorityLost,
    ExternalNotExpected,
    NoRequestToApprove,
    NoRequestToDelegate,
    NoRequestToReject,
    RequestOutdated,
    TextTooLong,
)
from workflow.external import ExternalAnswer
from workflow.options import COMPANY_BC
from workflow.service import deciding, handling, requesting, setting_up
from workflow.service.outcomes import Outcome, Refusal
from workflow.statuses import DocumentStatus

LONG = "x" * 2001


@pytest.fixture
def sent(uow, key):
    requesting.send_approval_request(uow, key, actor())
    return uow


def test_an_approval_is_stored_with_its_comment(sent, key):
    outcome = deciding.approve(sent, key, actor("BOB"), comment="fine")

    assert outcome.message == "Purchase order PO-1 has been approved and is now released."
    ((_, comment),) = sent.stored.comments
    assert (comment.user, comment.text) == ("BOB", "fine")


def test_an_approval_with_others_to_come_says_so(key):
    uow = office(workflow(), people=CAST, documents=[order(5000)])
    requesting.send_approval_request(uow, key, actor())

    assert deciding.approve(uow, key, actor("BOB")).message.endswith("others are asked next.")


def test_a_rejection_is_stored_with_its_reason(sent, key):
    deciding.reject(sent, key, actor("BOB"), comment="too dear")

    assert sent.document(key).status is DocumentStatus.OPEN
    assert sent.stored.comments[0][1].text == "too dear"


@pytest.mark.parametrize(
    "decide",
    [
        partial(deciding.approve, comment=LONG),
        partial(deciding.reject, comment=LONG),
        partial(deciding.approve, approver="GONE"),
    ],
)
def test_a_refused_decision_stores_nothing(sent, key, decide):
    before = sent.snapshot()

    with pytest.raises((TextTooLong, NoRequestToApprove)):
        decide(sent, key, actor("BOB"))
    assert sent.snapshot() == before


def test_a_decision_refused_at_the_very_end_stores_nothing(sent, key):
    setting_up.set_user(sent, "BOB", {"purchase_limit": order(1).amount}, actor("EVA"))
    before = sent.snapshot()

    with pytest.raises(AuthorityLost):
        deciding.approve(sent, key, actor("BOB"), comment="fine")
    assert sent.snapshot() == before


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (deciding.approve, NoRequestToApprove),
        (deciding.reject, NoRequestToReject),
        (deciding.delegate, NoRequestToDelegate),
    ],
)
def test_a_document_that_was_never_sent_has_nothing_to_decide(uow, key, act, error):
    with pytest.raises(error):
        act(uow, key, actor("BOB"))
    with pytest.raises(ExternalNotExpected):
        deciding.answer_external(uow, key, actor("BOB"), ExternalAnswer.CONTINUE)


@pytest.mark.parametrize("decide", [deciding.approve, deciding.reject])
def test_a_decision_about_an_earlier_request_is_not_meant_for_the_latest(sent, key, decide):
    requesting.cancel_approval_request(sent, key, actor())
    requesting.send_approval_request(sent, key, actor())

    with pytest.raises(RequestOutdated, match=r"asked in request 1 of .* request 2 is the latest"):
        decide(sent, key, actor("BOB"), comment="x", request=1)
    decide(sent, key, actor("BOB"), comment="x", request=2)


def test_a_request_is_handed_over(sent, key):
    assert deciding.delegate(sent, key, actor("BOB")).message == deciding.DELEGATED
    assert deciding.approver_meant(sent, key, actor("DEE")) == "DEE"


def test_an_external_flow_answers(key):
    flow = workflow(kind=WorkflowKind.EXTERNAL, response_user="BOB")
    uow = office(flow, people=CAST, documents=[order()])
    requesting.send_approval_request(uow, key, actor())
    deciding.answer_external(uow, key, actor("BOB"), ExternalAnswer.CONTINUE)

    assert uow.document(key).status is DocumentStatus.RELEASED


def test_a_comment_is_kept_and_told(sent, key):
    (event,) = deciding.comment(sent, key, actor("BOB"), "why?").events

    assert event.tell == ("ANN",)
    assert [comment.text for _, comment in sent.stored.comments] == ["why?"]


# --- many at once --------------------------------------------------------------------------


def three_orders(company=None):
    """PO-1 and PO-3 wait for Bob, PO-2 for nobody."""
    orders = [order(number=f"PO-{number}") for number in (1, 2, 3)]
    uow = office(workflow(), people=CAST, documents=orders, company=company)
    for one in (orders[0], orders[2]):
        requesting.send_approval_request(uow, one.key, actor())
    return uow, [one.key for one in orders]


def approve_all(uow, keys):
    return deciding.decide_many(uow, keys, lambda key: deciding.approve(uow, key, actor("BOB")))


def test_one_refusal_does_not_stop_the_others_of_a_selection():
    uow, keys = three_orders()

    first, second, third = approve_all(uow, keys)

    assert isinstance(first, Outcome)
    assert isinstance(second, Refusal)
    assert isinstance(second.error, NoRequestToApprove)
    assert isinstance(third, Outcome)
    assert uow.document(keys[2]).status is DocumentStatus.RELEASED


def test_as_in_business_central_a_selection_may_be_all_or_nothing():
    uow, keys = three_orders(COMPANY_BC)
    before = uow.snapshot()

    with pytest.raises(NoRequestToApprove):
        approve_all(uow, keys)
    assert uow.snapshot() == before

    assert len(approve_all(uow, [keys[0], keys[2]])) == 2
    assert uow.document(keys[2]).status is DocumentStatus.RELEASED


def test_in_a_list_a_person_means_the_own_entry_or_else_the_open_one(sent, key):
    assert deciding.approver_meant(sent, key, actor("BOB")) == "BOB"
    assert deciding.approver_meant(sent, key, actor("EVA")) == "BOB"


def test_in_a_list_a_document_that_was_never_sent_means_oneself(uow, key):
    assert deciding.approver_meant(uow, key, actor("EVA")) == "EVA"


def test_the_answer_of_a_flow_does_not_decide_on_a_later_request(key):
    flow = workflow(kind=WorkflowKind.EXTERNAL, response_user="BOB")
    uow = office(flow, people=CAST, documents=[order()])
    requesting.send_approval_request(uow, key, actor())
    requesting.cancel_approval_request(uow, key, actor())
    handling.change_document(uow, key, actor(), {"amount": Decimal(99_999)})
    requesting.send_approval_request(uow, key, actor())

    with pytest.raises(RequestOutdated):
        deciding.answer_external(uow, key, actor("BOB"), ExternalAnswer.CONTINUE, request=1)
    assert uow.document(key).status is DocumentStatus.PENDING_APPROVAL
    deciding.answer_external(uow, key, actor("BOB"), ExternalAnswer.CONTINUE, request=2)
    assert uow.document(key).status is DocumentStatus.RELEASED
