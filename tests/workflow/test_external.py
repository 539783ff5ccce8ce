"""An external flow that decides in the place of approvers."""

import pytest

from people import Story, only, order
from workflow.approval_entries import RunState
from workflow.definitions import WorkflowKind
from workflow.errors import (
    ExternalAlreadyAnswered,
    ExternalCannotCancel,
    ExternalNotExpected,
    ExternalWrongUser,
    OwnRequest,
)
from workflow.events import ApprovalRequestSent, DocumentReleased, ExternalAnswerReceived
from workflow.external import ExternalAnswer, answer
from workflow.options import BC
from workflow.statuses import DocumentStatus


@pytest.fixture
def flow():
    story = Story(kind=WorkflowKind.EXTERNAL, response_user="BOB")
    sent = only(ApprovalRequestSent, story.send())
    assert sent.external
    return story


def test_sending_waits_for_the_flow_and_asks_nobody(flow):
    assert flow.document.status is DocumentStatus.PENDING_APPROVAL
    assert flow.document.run.entries == []


def test_the_answer_continue_releases_the_document(flow):
    events = answer(flow.by("BOB"), ExternalAnswer.CONTINUE)

    assert only(DocumentReleased, events).tell == ("ANN",)
    assert flow.document.status is DocumentStatus.RELEASED


@pytest.mark.parametrize(("notices", "told"), [("outcomes", ("ANN",)), ("rejection_only", ())])
def test_the_answer_reject_opens_the_document(notices, told):
    flow = Story(kind=WorkflowKind.EXTERNAL, response_user="BOB", notices=notices)
    flow.send()

    received = only(ExternalAnswerReceived, answer(flow.by("BOB"), ExternalAnswer.REJECT))

    assert received.tell == told
    assert flow.document.status is DocumentStatus.OPEN
    assert flow.document.run.state is RunState.REJECTED


@pytest.mark.parametrize("user", ["ANN", "EVA"])
def test_the_requester_or_an_administrator_answers_cancel(flow, user):
    answer(flow.by(user), ExternalAnswer.CANCEL)

    assert flow.document.run.state is RunState.CANCELED


def test_the_flow_itself_cannot_cancel(flow):
    with pytest.raises(ExternalCannotCancel):
        answer(flow.by("BOB"), ExternalAnswer.CANCEL)


@pytest.mark.parametrize("given", [ExternalAnswer.CONTINUE, ExternalAnswer.REJECT])
def test_only_the_user_of_the_flow_answers(flow, given):
    with pytest.raises(ExternalWrongUser, match=r"EVA cannot act .* \(BOB\)"):
        answer(flow.by("EVA"), given)


@pytest.mark.parametrize("given", [ExternalAnswer.CONTINUE, ExternalAnswer.REJECT])
@pytest.mark.parametrize("part", ["requester", "editor"])
def test_the_user_of_the_flow_does_not_answer_for_himself(part, given):
    editors = frozenset({"BOB"}) if part == "editor" else frozenset()
    flow = Story(order(editors=editors), kind=WorkflowKind.EXTERNAL, response_user="BOB")
    flow.send("BOB" if part == "requester" else "ANN")

    with pytest.raises(OwnRequest):
        answer(flow.by("BOB"), given)
    assert flow.document.status is DocumentStatus.PENDING_APPROVAL


def test_in_business_central_the_user_of_the_flow_may_answer_for_himself():
    flow = Story(
        order(editors=frozenset({"BOB"})),
        kind=WorkflowKind.EXTERNAL,
        response_user="BOB",
        options=BC,
    )
    flow.send("BOB")
    answer(flow.by("BOB"), ExternalAnswer.CONTINUE)

    assert flow.document.status is DocumentStatus.RELEASED


def test_the_flow_answers_once(flow):
    answer(flow.by("BOB"), ExternalAnswer.CONTINUE)

    with pytest.raises(ExternalAlreadyAnswered):
        answer(flow.by("BOB"), ExternalAnswer.CONTINUE)


def test_a_request_that_people_decide_expects_no_answer(story):
    story.send()

    with pytest.raises(ExternalNotExpected):
        answer(story.by("BOB"), ExternalAnswer.CONTINUE)
