"""Sending a document for approval and canceling the request."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from people import MONDAY, Story, cast, only, order
from workflow.approval_entries import RunState
from workflow.counterparties import Counterparty, available_credit, credit_limit_exceeded
from workflow.definitions import WorkflowKind
from workflow.errors import (
    ExternalCannotCancel,
    NoCancelRight,
    NoQualifiedApprover,
    NoRequests,
    NoRequestToCancel,
    NothingToRelease,
    StepNotAllowed,
)
from workflow.events import (
    ApprovalRequested,
    ApprovalRequestSent,
    DocumentReleased,
    RequestCanceled,
)
from workflow.requests import approver_plan
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentStatus, LimitType


def test_sending_locks_the_document_and_asks_the_first_approver(story):
    events = story.send()

    assert story.document.status is DocumentStatus.PENDING_APPROVAL
    assert story.entries == [(1, "ANN", "approved"), (2, "BOB", "open")]
    assert [type(event) for event in events] == [ApprovalRequestSent, ApprovalRequested]
    assert only(ApprovalRequested, events).tell == ("BOB",)


def test_the_request_carries_everything_its_email_says():
    story = Story(order(5000, description="Desks"), due="5D")

    asked = only(ApprovalRequested, story.send())

    assert (asked.entry.stage, asked.entry.stages) == (1, 2)
    assert asked.entry.due_date == MONDAY + timedelta(days=5)
    assert asked.next_approvers == ("CID",)
    assert [(step.what, step.user) for step in asked.history] == [("sent", "ANN")]
    assert (asked.requester, asked.document.description) == ("ANN", "Desks")
    assert asked.document.lines[0].item_no == "CHAIR"


def test_a_document_within_the_requesters_own_limit_is_released_at_once():
    story = Story(setup=cast(ann={"purchase_limit": Decimal(500)}))

    released = only(DocumentReleased, story.send())

    assert (released.how, released.tell) == ("automatically", ())
    assert story.document.status is DocumentStatus.RELEASED
    assert story.document.run.state is RunState.APPROVED


def test_a_refused_request_leaves_the_document_open():
    story = Story(setup=cast(cid={"purchase_limit": Decimal(0)}), document=order(5000))

    with pytest.raises(NoQualifiedApprover):
        story.send()

    assert (story.document.status, story.document.run) == (DocumentStatus.OPEN, None)


def test_only_an_open_document_can_be_sent(story):
    story.send()

    with pytest.raises(StepNotAllowed, match="Send approval request is not possible"):
        story.send()


def test_a_document_without_lines_is_not_released_even_where_nobody_has_to_agree():
    rich = {"purchase_limit": None}

    with pytest.raises(NothingToRelease):
        Story(order(lines=()), setup=cast(ann=rich)).send()


def test_the_entries_keep_the_amount_by_the_basis_of_the_workflow():
    vat = {"amount_including_vat": Decimal(605), "amount_including_vat_lcy": Decimal(605)}
    story = Story(order(**vat), amount_basis="including_vat")
    story.send()

    assert {entry.amount_lcy for entry in story.document.run.entries} == {Decimal(605)}
    assert story.document.run.amount_lcy == Decimal(605)


@pytest.mark.parametrize(
    ("limit_type", "kept"),
    [
        (ApproverLimitType.CHAIN, LimitType.APPROVAL_LIMITS),
        (ApproverLimitType.FIRST_QUALIFIED, LimitType.APPROVAL_LIMITS),
        (ApproverLimitType.DIRECT, LimitType.NO_LIMITS),
    ],
)
def test_the_entries_say_whether_limits_were_compared(limit_type, kept):
    story = Story(limit_type=limit_type)
    story.send()

    assert {entry.limit_type for entry in story.document.run.entries} == {kept}


def test_each_request_is_a_run_of_its_own(story):
    story.send()
    story.cancel()
    story.send()

    assert (story.document.run.run_no, story.asked) == (2, ["BOB"])


def test_a_document_that_was_never_sent_has_no_run(story):
    with pytest.raises(NoRequests):
        _ = story.by("ANN").run


# --- canceling -----------------------------------------------------------------------------


def test_canceling_opens_the_document_and_tells_those_who_were_asked():
    story = Story(order(5000))
    story.send()
    story.approve("BOB")

    canceled = only(RequestCanceled, story.cancel())

    assert set(canceled.tell) == {"BOB", "CID"}
    assert story.document.status is DocumentStatus.OPEN
    assert {status for *_, status in story.entries} == {"canceled"}


def test_those_whose_turn_never_came_hear_nothing_of_a_canceled_request():
    story = Story(order(5000))
    story.send()

    assert "CID" not in only(RequestCanceled, story.cancel()).tell


def test_an_administrator_may_cancel_and_the_requester_is_told(story):
    story.send()

    assert "ANN" in only(RequestCanceled, story.cancel("EVA")).tell


@pytest.mark.parametrize("stranger", ["BOB", "DEE", "NOBODY"])
def test_nobody_else_may_cancel(story, stranger):
    story.send()

    with pytest.raises(NoCancelRight, match=f"{stranger} may not cancel"):
        story.cancel(stranger)


def test_there_has_to_be_a_request_to_cancel(story):
    with pytest.raises(NoRequestToCancel):
        story.cancel()
    story.send()
    story.cancel()
    with pytest.raises(NoRequestToCancel):
        story.cancel()


def test_an_external_flow_is_canceled_by_the_requester_or_an_administrator_too():
    story = Story(kind=WorkflowKind.EXTERNAL, response_user="BOB")
    story.send()

    with pytest.raises(ExternalCannotCancel):
        story.cancel("BOB")
    story.cancel("EVA")
    assert story.document.status is DocumentStatus.OPEN


# --- credit limits -------------------------------------------------------------------------

SALE = {"area": Area.SALES, "counterparty_no": "C-1"}


def customer(limit, exposure=0):
    return Counterparty(
        area=Area.SALES,
        number="C-1",
        credit_limit_lcy=Decimal(limit),
        exposure_lcy=Decimal(exposure),
    )


@pytest.mark.parametrize(
    ("limit", "exposure", "exceeded"),
    [(1000, 500, False), (1000, "500.01", True), (0, 99999, False), (499, 0, True)],
)
def test_using_a_credit_limit_up_exactly_does_not_exceed_it(limit, exposure, exceeded):
    assert credit_limit_exceeded(order(500, **SALE), customer(limit, exposure)) is exceeded


def test_purchases_have_no_credit_limit():
    assert available_credit(order(), customer(1)) is None
    assert not credit_limit_exceeded(order(), customer(1))


@pytest.mark.parametrize("self_approval", ["within_limit", "never", "as_bc"])
def test_a_customer_within_the_credit_limit_needs_no_approval(self_approval):
    story = Story(
        order(500, **SALE),
        counterparty=customer(1000),
        credit_limit_check=True,
        self_approval=self_approval,
    )

    assert only(DocumentReleased, story.send()).how == "automatically"
    assert story.entries == [(1, "ANN", "approved")]


def test_a_customer_over_the_credit_limit_needs_the_usual_approval():
    story = Story(order(500, **SALE), counterparty=customer(499), credit_limit_check=True)
    story.send()

    assert story.asked == ["BOB"]
    assert story.document.run.entries[1].available_credit_lcy == Decimal(-1)


@pytest.mark.parametrize(("unknown_customer", "asked"), [("approval", ["BOB"]), ("as_bc", [])])
def test_a_customer_nobody_knows_has_no_credit_except_as_in_business_central(
    unknown_customer, asked
):
    story = Story(order(500, **SALE), credit_limit_check=True, unknown_customer=unknown_customer)
    story.send()

    assert story.asked == asked


# --- who would have to approve -------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"limit_type": ApproverLimitType.DIRECT},
        {"approver_type": ApproverType.USER_GROUP, "group": "G"},
        {"kind": WorkflowKind.EXTERNAL, "response_user": "BOB"},
    ],
)
def test_who_would_approve_is_what_sending_asks(options):
    setup = cast()
    setup.groups = {"G": [("BOB", 1), ("CID", 2)]}
    story = Story(setup=setup, **options)

    plan = approver_plan(story.by("ANN"))

    assert (story.document.run, story.document.status) == (None, DocumentStatus.OPEN)
    story.send()
    assert [(one.sequence_no, one.user) for one in plan.approvers] == [
        (sequence_no, approver) for sequence_no, approver, _ in story.entries
    ]


# --- due dates -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "due"), [("stage", date(2026, 3, 9)), ("sent", date(2026, 3, 4))]
)
def test_a_later_stage_is_due_by_the_clock_of_the_workflow(clock, due):
    story = Story(order(5000), due="2D", clock=clock)
    story.send()
    story.today = date(2026, 3, 7)
    story.approve("BOB")

    assert story.document.run.entries[2].due_date == due
