"""Handing a request over: by hand, when its time is up, and to whom it never goes."""

from datetime import timedelta
from decimal import Decimal

import pytest

from people import CAST, MONDAY, Setup, Story, cast, only, order, person
from workflow.errors import (
    ApproverNotSet,
    AuthorityLost,
    DelegateOnlyOpen,
    NoDelegateRight,
    NoRequestToDelegate,
    NoSubstitute,
    UserSetupMissing,
)
from workflow.events import ApprovalNoLongerNeeded, DelegationFailed, RequestDelegated
from workflow.options import BC
from workflow.statuses import DocumentStatus


def sent(setup=None, document=None, **options):
    story = Story(document or order(), setup=setup, **options)
    story.send()
    return story


def test_the_substitute_takes_over_with_the_authority_of_the_approver():
    story = sent()

    handed = only(RequestDelegated, story.delegate("BOB"))

    entry = story.document.run.entries[1]
    assert (entry.approver, entry.authority_of, entry.hops) == ("DEE", "BOB", 1)
    assert (handed.from_approver, handed.tell, handed.automatic) == ("BOB", ("DEE",), False)
    story.approve("DEE")
    assert story.document.status is DocumentStatus.RELEASED


def test_the_approver_who_handed_over_is_out():
    story = sent()
    story.delegate("BOB")

    with pytest.raises(NoRequestToDelegate):
        story.delegate("BOB")


@pytest.mark.parametrize("user", ["ANN", "BOB", "EVA"])
def test_requester_approver_and_administrator_may_hand_over(user):
    story = sent()
    story.delegate(user, approver="BOB")

    assert story.asked == ["DEE"]


def friends():
    """Dee names Fay, Fay names Gus, Gus names Hal."""
    names = {"DEE": "FAY", "FAY": "GUS", "GUS": "HAL", "HAL": ""}
    return Setup(*CAST, *(person(user, substitute=names[user]) for user in names))


def test_after_three_hand_overs_the_requester_picks_nobody_any_more():
    story = sent(friends())
    takers = []
    for _ in range(4):
        story.delegate("ANN", approver=story.asked[0])
        takers += story.asked

    assert takers == ["DEE", "FAY", "GUS", "EVA"]


def test_an_administrator_hands_over_as_often_as_he_likes():
    story = sent(friends())
    for _ in range(4):
        story.delegate("EVA", approver=story.asked[0])

    assert story.asked == ["HAL"]


@pytest.mark.parametrize("user", ["CID", "DEE", "NOBODY"])
def test_nobody_else_may_hand_over(user):
    with pytest.raises(NoDelegateRight):
        sent().delegate(user, approver="BOB")


def test_only_an_open_request_can_be_handed_over():
    story = sent(document=order(5000))

    with pytest.raises(DelegateOnlyOpen):
        story.delegate("EVA", approver="CID")


@pytest.mark.parametrize(
    ("bob", "expected"),
    [
        ({}, "DEE"),
        ({"substitute": ""}, "CID"),
        ({"substitute": "", "approver": ""}, "EVA"),
        ({"substitute": "GONE", "approver": ""}, "EVA"),
        ({"substitute_from": MONDAY, "substitute_to": MONDAY}, "DEE"),
        ({"substitute_from": MONDAY + timedelta(days=1)}, "CID"),
        ({"substitute_to": MONDAY - timedelta(days=1)}, "CID"),
    ],
)
def test_the_substitute_goes_before_the_approver_and_both_before_an_administrator(bob, expected):
    story = sent(cast(bob=bob))
    story.delegate("BOB")

    assert story.asked == [expected]


def test_without_anybody_to_take_it_the_request_stays():
    nobody = {"administrator": False}
    story = sent(cast(bob={"substitute": "", "approver": ""}, eva=nobody, finn=nobody))

    with pytest.raises(NoSubstitute, match="BOB"):
        story.delegate("BOB")
    assert story.asked == ["BOB"]


def test_the_request_of_an_approver_who_left_the_setup_goes_to_an_administrator():
    story = sent()
    del story.setup.people["BOB"]
    story.delegate("FINN", approver="BOB")

    assert story.asked == ["EVA"]


@pytest.mark.parametrize(("limit", "enough"), [(None, True), (Decimal(499), False)])
def test_who_takes_over_from_one_who_left_the_setup_acts_with_his_own_authority(limit, enough):
    story = sent()
    del story.setup.people["BOB"]
    story.setup.change("EVA", purchase_limit=limit)
    story.delegate("FINN", approver="BOB")

    if enough:
        story.approve("EVA")
        assert story.document.status is DocumentStatus.RELEASED
    else:
        with pytest.raises(AuthorityLost, match="EVA"):
            story.approve("EVA")


def test_in_business_central_the_request_of_an_approver_who_left_the_setup_stays():
    story = sent(options=BC)
    del story.setup.people["BOB"]

    with pytest.raises(ApproverNotSet):
        story.delegate("EVA", approver="BOB")


def test_a_request_never_goes_to_somebody_who_is_asked_already():
    story = sent(cast(bob={"substitute": "CID"}), order(5000))  # Cid's turn is next
    story.delegate("BOB")

    assert story.asked == ["EVA"]


def test_where_only_somebody_later_in_the_chain_could_stand_in_the_request_goes_on_to_him():
    """An order of 5,000 is Cid's to decide anyway: nobody has to be found for Bob's part."""
    nobody = {"administrator": False}
    story = sent(cast(bob={"substitute": "CID"}, eva=nobody, finn=nobody), order(5000))
    only(ApprovalNoLongerNeeded, story.delegate("BOB"))

    assert story.asked == ["CID"]
    story.approve("CID")
    assert story.document.status is DocumentStatus.RELEASED


def test_business_central_takes_whoever_is_filled_in():
    to_ann = cast(bob={"substitute": "ANN"})
    story = sent(to_ann, options=BC)
    story.delegate("BOB")
    assert story.asked == ["ANN"]

    gone = sent(cast(bob={"substitute": "GONE"}), options=BC)
    with pytest.raises(UserSetupMissing, match="GONE"):
        gone.delegate("BOB")

    top = {"substitute": "", "approver": ""}
    nobody = {"administrator": False}
    alone = sent(cast(bob=top, eva=nobody, finn=nobody), options=BC)
    with pytest.raises(NoSubstitute):
        alone.delegate("BOB")

    first = sent(cast(bob=top), options=BC)
    first.delegate("BOB")
    assert first.asked == ["EVA"]


def test_the_requester_hears_of_a_hand_over_only_where_the_workflow_says_so():
    story = sent(notices="every_step")

    assert only(RequestDelegated, story.delegate("BOB")).tell == ("DEE", "ANN")


# --- when its time is up -------------------------------------------------------------------


def test_a_request_goes_to_the_substitute_when_its_time_is_up():
    story = sent(delegate_after="2D")
    story.today += timedelta(days=1)
    assert story.run_delegation() == []
    story.today += timedelta(days=1)

    handed = only(RequestDelegated, story.run_delegation())

    assert (handed.automatic, handed.tell, story.asked) == (True, ("DEE",), ["DEE"])


def test_a_request_without_a_delegation_formula_waits_for_ever():
    story = sent()
    story.today += timedelta(days=1000)

    assert story.run_delegation() == []


def test_a_request_that_nobody_can_take_is_reported_to_the_administrators_and_not_daily():
    editors = order(editors=frozenset({"EVA", "FINN"}))
    story = sent(cast(bob={"substitute": "", "approver": ""}), editors, delegate_after="2D")
    story.today += timedelta(days=2)

    failed = only(DelegationFailed, story.run_delegation())

    assert failed.tell == ("EVA", "FINN")
    assert "There is no substitute" in failed.why
    assert (failed.template, failed.values) == (NoSubstitute.template, ("BOB",))
    assert failed.reason == failed.why
    assert story.run_delegation() == []
    story.today += timedelta(days=2)
    assert len(story.run_delegation()) == 1
