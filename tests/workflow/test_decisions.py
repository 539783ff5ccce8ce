"""Approving and rejecting, alone, in a chain, in a group and in somebody's place."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from people import CAST, Setup, Story, cast, only, order, person
from workflow.approval_entries import RunState
from workflow.errors import (
    AlreadyDecided,
    ApproveOnlyOpen,
    AuthorityLost,
    ContentChanged,
    NoRequestToApprove,
    NoRequestToReject,
    NotAdministrator,
    NothingToDecide,
    OwnRequest,
    ReasonRequired,
    RejectOnlyOpen,
    UserSetupMissing,
)
from workflow.events import (
    ApprovalNoLongerNeeded,
    ApprovalRequested,
    DocumentReleased,
    RequestApproved,
    RequestRejected,
)
from workflow.options import BC
from workflow.statuses import ApproverType, DocumentStatus

GROUP = {"approver_type": ApproverType.USER_GROUP, "group": "G"}


def group_story(*members, **options):
    setup = Setup(*CAST, person("GUS"), groups={"G": list(members)})
    return Story(setup=setup, **GROUP, **options)


FLAT = (("BOB", 1), ("CID", 1), ("DEE", 1))


def test_the_last_approval_releases_the_document_and_tells_the_requester(story):
    story.send()

    released = only(DocumentReleased, story.approve("BOB"))

    assert (released.how, released.tell) == ("approved", ("ANN",))
    assert story.document.status is DocumentStatus.RELEASED
    assert story.document.run.state is RunState.APPROVED


def test_an_approval_with_others_to_come_opens_the_next_stage():
    story = Story(order(5000))
    story.send()

    events = story.approve("BOB", comment="fine")

    approved = only(RequestApproved, events)
    assert (approved.actor, approved.comment, approved.pending) == ("BOB", "fine", 1)
    asked = only(ApprovalRequested, events)
    assert asked.tell == ("CID",)
    assert [(step.what, step.user) for step in asked.history] == [
        ("sent", "ANN"),
        ("approved", "BOB"),
    ]
    assert story.asked == ["CID"]


@pytest.mark.parametrize(
    ("notices", "told"), [("rejection_only", ()), ("outcomes", ()), ("every_step", ("ANN",))]
)
def test_the_requester_hears_of_each_step_only_where_the_workflow_says_so(notices, told):
    story = Story(order(5000), notices=notices)
    story.send()

    assert only(RequestApproved, story.approve("BOB")).tell == told


def test_a_rejection_ends_the_request_and_tells_the_requester_why():
    story = Story(order(5000))
    story.send()
    story.approve("BOB")

    rejected = only(RequestRejected, story.reject("CID", comment="not this year"))

    assert (rejected.tell, rejected.comment) == (("ANN",), "not this year")
    assert story.document.status is DocumentStatus.OPEN
    assert story.document.run.state is RunState.REJECTED
    assert {status for *_, status in story.entries} == {"rejected"}


def test_the_requester_is_not_told_of_a_rejection_where_the_workflow_says_so():
    story = Story(notify_sender_on_reject=False)
    story.send()

    assert only(RequestRejected, story.reject("BOB")).tell == ()


def test_colleagues_who_were_asked_hear_that_a_rejection_made_their_answer_unnecessary():
    story = group_story(*FLAT)
    story.send()

    events = story.reject("CID")

    spared = [e.tell for e in events if isinstance(e, ApprovalNoLongerNeeded)]
    assert spared == [("BOB",), ("DEE",)]


# --- groups --------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "needed"), [("all", 3), ("any", 1), ("2", 2), ("9", 3)])
@pytest.mark.parametrize("order_of_arrival", list(permutations(["BOB", "CID", "DEE"])))
def test_a_stage_is_complete_with_the_approvals_it_needs_in_whatever_order(
    rule, needed, order_of_arrival
):
    story = group_story(*FLAT, stage_rule=rule)
    story.send()

    for count, approver in enumerate(order_of_arrival, 1):
        story.approve(approver)
        released = story.document.status is DocumentStatus.RELEASED
        assert released is (count == needed)
        if released:
            break
    spared = [status for *_, status in story.entries if status == "canceled"]
    assert len(spared) == 3 - needed
    assert story.asked == []


def test_those_whose_approval_is_not_needed_any_more_are_told():
    story = group_story(*FLAT, stage_rule="any")
    story.send()

    spared = [e for e in story.approve("CID") if isinstance(e, ApprovalNoLongerNeeded)]

    assert [event.tell for event in spared] == [("BOB",), ("DEE",)]


def test_the_next_stage_opens_only_when_the_stage_before_it_is_complete():
    story = group_story(("BOB", 1), ("CID", 1), ("DEE", 2))
    story.send()
    assert story.asked == ["BOB", "CID"]
    story.approve("CID")
    assert story.asked == ["BOB"]
    story.approve("BOB")
    assert story.asked == ["DEE"]


# --- which request -------------------------------------------------------------------------


@pytest.mark.parametrize("decide", [Story.approve, Story.reject])
def test_only_somebody_who_is_asked_can_decide(story, decide):
    story.send()

    with pytest.raises(NothingToDecide):
        decide(story, "CID")


def test_a_request_that_waits_for_its_turn_cannot_be_decided_yet():
    story = Story(order(5000))
    story.send()

    with pytest.raises(NoRequestToApprove):
        story.approve("CID")
    with pytest.raises(ApproveOnlyOpen):
        story.approve("CID", approver="CID")
    with pytest.raises(RejectOnlyOpen):
        story.reject("CID", approver="CID")
    with pytest.raises(NoRequestToReject):
        story.reject("EVA", approver="FINN")


def test_a_decision_is_given_once(story):
    story.send()
    story.approve("BOB")

    with pytest.raises(NoRequestToApprove):
        story.approve("BOB")
    with pytest.raises(ApproveOnlyOpen):
        story.approve("BOB", approver="BOB")
    assert story.document.status is DocumentStatus.RELEASED


# --- in somebody's place -------------------------------------------------------------------


def test_an_administrator_decides_in_the_place_of_an_approver_and_is_on_record(story):
    story.send()

    approved = only(RequestApproved, story.approve("EVA", approver="BOB", comment="he is ill"))

    entry = story.document.run.entries[1]
    assert (entry.approver, entry.decided_by, entry.authority_of) == ("BOB", "EVA", "BOB")
    assert (approved.actor, approved.entry.approver) == ("EVA", "BOB")


def test_deciding_in_somebodys_place_needs_a_reason(story):
    story.send()

    with pytest.raises(ReasonRequired, match="in the place of BOB"):
        story.approve("EVA", approver="BOB", comment="  ")
    with pytest.raises(ReasonRequired):
        story.reject("EVA", approver="BOB", comment="")
    assert story.asked == ["BOB"]


def test_only_administrators_decide_in_somebodys_place(story):
    story.send()

    with pytest.raises(NotAdministrator):
        story.approve("CID", approver="BOB", comment="me too")
    with pytest.raises(UserSetupMissing):
        story.approve("STRANGER", approver="BOB", comment="me too")


def test_nobody_decides_on_the_own_request_not_even_an_administrator():
    story = Story(setup=cast(ann={"administrator": True}))
    story.send()

    with pytest.raises(OwnRequest):
        story.approve("ANN", approver="BOB", comment="trust me")
    with pytest.raises(OwnRequest):
        story.reject("ANN", approver="BOB")


def test_an_administrator_who_edited_the_document_does_not_decide_on_it():
    story = Story(order(editors=frozenset({"EVA"})))
    story.send()

    with pytest.raises(OwnRequest):
        story.approve("EVA", approver="BOB", comment="trust me")


def test_in_business_central_an_administrator_decides_on_the_own_request():
    story = Story(setup=cast(ann={"administrator": True}), options=BC)
    story.send()
    story.approve("ANN", approver="BOB")

    assert story.document.status is DocumentStatus.RELEASED


def test_one_person_gives_one_approval():
    story = Story(order(5000))
    story.send()
    story.approve("EVA", approver="BOB", comment="he is ill")

    with pytest.raises(AlreadyDecided):
        story.approve("EVA", approver="CID", comment="he is ill too")
    story.approve("FINN", approver="CID", comment="he is ill too")
    assert story.document.status is DocumentStatus.RELEASED


# --- what has to be true at the decision ---------------------------------------------------


def test_a_limit_lowered_meanwhile_is_noticed_at_the_last_approval(story):
    story.send()
    story.setup.change("BOB", purchase_limit=Decimal(499))

    with pytest.raises(AuthorityLost, match="BOB"):
        story.approve("BOB")


def test_where_limits_are_compared_only_when_sent_a_lowered_limit_changes_nothing():
    story = Story(authority_check="at_send")
    story.send()
    story.setup.change("BOB", purchase_limit=Decimal(0))
    story.approve("BOB")

    assert story.document.status is DocumentStatus.RELEASED


def test_somebody_taken_out_of_the_setup_approves_nothing_any_more(story):
    story.send()
    del story.setup.people["BOB"]

    with pytest.raises(UserSetupMissing):
        story.approve("BOB")
    story.reject("BOB")  # saying no is always safe
    assert story.document.status is DocumentStatus.OPEN


def test_what_was_approved_is_what_is_released(story):
    story.send()
    story.document.amount = Decimal(501)  # past every lock: straight in the database

    with pytest.raises(ContentChanged):
        story.approve("BOB")


@pytest.mark.parametrize(("reason", "refused"), [("required", True), ("optional", False)])
def test_a_rejection_needs_a_reason_unless_the_workflow_says_otherwise(reason, refused):
    story = Story(reject_reason=reason)
    story.send()

    if refused:
        with pytest.raises(ReasonRequired, match="why do you reject"):
            story.reject("BOB", comment="")
        assert story.asked == ["BOB"]
    else:
        story.reject("BOB", comment="")
        assert story.document.status is DocumentStatus.OPEN


def test_an_unpaid_prepayment_is_awaited_after_the_last_approval():
    story = Story(order(prepayment_unpaid=True))
    story.send()

    released = only(DocumentReleased, story.approve("BOB"))

    assert released.status is story.document.status is DocumentStatus.PENDING_PREPAYMENT


def test_quorums_below_one_are_no_quorums():
    for rule in ("0", "00", "07", "100", "²", "most", ""):
        with pytest.raises(ValueError, match="all, any or a number from 1 to 99"):
            replace(BC, stage_rule=rule)
