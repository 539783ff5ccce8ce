"""Each decision where Countersign deliberately differs from Business Central: what happens here.

The numbers are those of docs/quirks.md. None of these tests uses the profile ``bc``, except to
show the difference; what belongs to email, pages and storage is tested there.
"""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from memory_store import office
from people import (
    ANN,
    BOB,
    CAST,
    CID,
    DEE,
    MONDAY,
    Setup,
    Story,
    actor,
    cast,
    only,
    order,
    workflow,
)
from workflow.approvers import plan_approvers
from workflow.changes import change_document
from workflow.comments import new_comment
from workflow.errors import (
    ApproverNotSet,
    ContentChanged,
    DelegateOnlyOpen,
    FieldLocked,
    GroupMemberNotInSetup,
    LimitAndUnlimited,
    NoCancelRight,
    NoDelegateRight,
    NotAdministrator,
    NotReleased,
    OwnRequest,
    ReasonRequired,
    ReleaseNeedsApproval,
    SelfApprover,
    SelfSubstitute,
    TextTooLong,
    UserNotInSetup,
)
from workflow.events import (
    ApprovalRequested,
    DelegationFailed,
    DocumentDeleted,
    DocumentReleased,
    RequestApproved,
    RequestCanceled,
    RequestDelegated,
    RequestRejected,
)
from workflow.notification_setup import (
    NotificationMethod,
    NotificationSetup,
    NotificationType,
    setup_for,
)
from workflow.options import BC, COMPANY_BC, COMPANY_PRODUCT, PRODUCT, BeforeRelease
from workflow.releasing import check_may_leave, is_restricted, reopen
from workflow.service import handling, requesting, running, setting_up
from workflow.service.outcomes import Refusal
from workflow.setup_checks import check_setup
from workflow.statuses import ApproverLimitType, ApproverType, DocumentStatus, Reason

GROUP = {"approver_type": ApproverType.USER_GROUP, "group": "G"}
SYSTEM = actor("SYSTEM", MONDAY + timedelta(days=1), background=True)


def group_story(**options):
    groups = {"G": [("BOB", 1), ("CID", 1), ("DEE", 1), ("EVA", 2)]}
    story = Story(setup=Setup(*CAST, groups=groups), **GROUP, **options)
    story.send()
    return story


# --- Q1: a stage completes by its own rule -------------------------------------------------


@pytest.mark.parametrize(("rule", "needed"), [(None, 3), ("any", 1), ("2", 2)])
def test_q1_the_next_stage_opens_only_when_the_rule_of_the_stage_is_met(rule, needed):
    story = group_story(**({} if rule is None else {"stage_rule": rule}))

    for count, approver in enumerate(("CID", "DEE", "BOB")[:needed], 1):
        assert story.asked != ["EVA"]
        events = story.approve(approver)
        assert any(isinstance(e, ApprovalRequested) for e in events) is (count == needed)
    assert story.asked == ["EVA"]


# --- Q2: nobody gets a request he may not decide -------------------------------------------


@pytest.mark.parametrize("field", ["substitute", "approver"])
def test_q2_delegation_never_lands_on_the_requester(field):
    bob = {"substitute": "", "approver": "", field: "ANN"}
    story = Story(setup=cast(bob=bob))
    story.send()
    story.delegate("BOB")

    assert story.asked == ["EVA"]


def test_q2_delegation_never_lands_on_somebody_who_edited_the_document():
    document = order()
    change_document(document, None, actor("DEE"), {"counterparty_no": "V-11"})
    story = Story(document)
    story.send()
    story.delegate("BOB")

    assert story.asked == ["CID"]


@pytest.mark.parametrize("days", [1, 2, 3, 4])
def test_q2_neither_substitution_nor_escalation_over_time_lands_on_them(days):
    people = cast(
        bob={"substitute": "ANN"},
        cid={"approver": "ANN", "substitute": "EVA"},
        ann={"approver": "BOB"},
    )
    story = Story(order(editors=frozenset({"EVA"})), setup=people, delegate_after="1D")
    story.send()
    for _ in range(days):
        story.today += timedelta(days=1)
        story.run_delegation()
        assert story.asked[0] not in {"ANN", "EVA"}


def test_q2_an_editor_is_not_asked_in_the_first_place():
    document = order()
    change_document(document, None, actor("BOB"), {"amount": Decimal(600)})
    story = Story(document)
    story.send()

    assert story.asked == ["CID"]


def test_q2_a_substitute_acts_with_the_authority_he_stands_in_for_and_both_are_named():
    story = Story()
    story.send()
    story.delegate("BOB")

    approved = only(RequestApproved, story.approve("DEE"))

    assert DEE.purchase_limit == 0
    assert (approved.actor, approved.entry.authority_of) == ("DEE", "BOB")
    assert story.document.status is DocumentStatus.RELEASED


# --- Q3, Q26: restriction is derived -------------------------------------------------------


def test_q3_a_document_stores_no_restriction():
    assert "restricted" not in {field.name for field in fields(order())}


def test_q3_a_document_is_restricted_while_pending_and_after_a_rejection_while_its_workflow_runs():
    story = Story()
    assert not is_restricted(story.document, workflow_enabled=True)
    story.send()
    assert is_restricted(story.document, workflow_enabled=False)
    story.reject("BOB")
    assert is_restricted(story.document, workflow_enabled=True)
    assert not is_restricted(story.document, workflow_enabled=False)


def test_q26_an_order_that_needs_approval_does_not_wait_for_its_prepayment_before_it():
    uow = office(workflow(), people=CAST, documents=[order(prepayment_unpaid=True)])

    with pytest.raises(ReleaseNeedsApproval):
        handling.release(uow, order().key, actor())
    assert uow.document(order().key).status is DocumentStatus.OPEN


# --- Q4, Q5: automatic delegation ----------------------------------------------------------


def handed_on(story, days):
    """Who is asked after each of so many daily runs."""
    asked = []
    for _ in range(days):
        story.today += timedelta(days=1)
        story.run_delegation()
        asked += story.asked
    return asked


def test_q4_the_delegation_clock_starts_anew_at_each_hand_over():
    story = Story(delegate_after="2D")
    story.send()

    assert handed_on(story, 4) == ["BOB", "DEE", "DEE", "CID"]


def test_q4_after_three_hand_overs_the_first_eligible_administrator_has_it_and_keeps_it():
    relay = cast(dee={"substitute": "GUS", "approver": ""}, cid={"approver": ""})
    relay.people["GUS"] = replace(DEE, user_id="GUS", approver="CID")
    story = Story(order(editors=frozenset({"EVA"})), setup=relay, delegate_after="1D")
    relay.people["GIL"] = replace(DEE, user_id="GIL", administrator=True)
    story.send()

    assert handed_on(story, 3) == ["DEE", "GUS", "CID"]
    story.today += timedelta(days=1)
    handed = only(RequestDelegated, story.run_delegation())
    assert story.asked == ["FINN"]  # Eva edited the document
    assert handed.tell == ("FINN", "GIL")  # the other administrator gets a notice
    story.today += timedelta(days=1)
    assert isinstance(story.run_delegation()[0], DelegationFailed)
    assert story.asked == ["FINN"]


def test_q5_one_bad_entry_never_stops_the_run():
    people = cast(bob={"substitute": "", "approver": ""}, finn={"administrator": False})
    orders = [order(number=number) for number in ("PO-1", "PO-2", "PO-3")]
    uow = office(workflow(delegate_after="1D"), people=people.by_id(), documents=orders)
    for one in orders:
        requesting.send_approval_request(uow, one.key, actor())
    uow.stored.documents[orders[0].key].editors = frozenset({"EVA"})
    uow.stored.documents[orders[1].key].run.workflow_code = "LOST"

    report = running.run_delegation(uow, [one.key for one in orders], SYSTEM)

    assert [type(event) for event in report.events] == [DelegationFailed, RequestDelegated]
    assert [type(one) for one in report.refused] == [Refusal]
    assert report.done == 1


# --- Q6: overdue ---------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "reminded"), [(0, 0), (1, 1), (5, 0), (6, 0), (7, 1)])
def test_q6_overdue_is_before_today_with_one_reminder_each_working_day(days, reminded):
    uow = office(workflow(), people=CAST, documents=[order()])
    requesting.send_approval_request(uow, order().key, actor())
    day = actor("SYSTEM", MONDAY + timedelta(days=days), background=True)

    assert running.run_overdue(uow, [order().key], day).done == reminded
    assert running.run_overdue(uow, [order().key], day).done == 0


# --- Q7, Q8: words and ways ----------------------------------------------------------------


def test_q7_an_event_keeps_the_words_of_its_moment():
    story = Story(order(5000, counterparty_name="Desk & Co"))
    asked = only(ApprovalRequested, story.send())
    change_document(story.document, story.workflow, actor(), {"description": "later"})
    story.approve("BOB")
    story.reject("CID")

    assert asked.document.description == ""
    assert (asked.entry.stage, asked.next_approvers) == (1, ("CID",))
    assert asked.document.number == "PO-1"


def test_q8_the_recipients_own_setup_counts_and_else_the_default():
    default = NotificationSetup(type=NotificationType.APPROVAL, method=NotificationMethod.NOTE)
    anns = NotificationSetup(user="ANN", type=NotificationType.APPROVAL)
    rows = [anns, default]

    assert setup_for("ANN", NotificationType.APPROVAL, rows) is anns
    assert setup_for("BOB", NotificationType.APPROVAL, rows) is default
    assert setup_for("BOB", NotificationType.OVERDUE, rows).method is NotificationMethod.EMAIL


# --- Q9: every decision stays --------------------------------------------------------------


def test_q9_decisions_stay_on_record_when_the_entries_are_closed():
    story = Story(order(5000))
    story.send()
    approved = only(RequestApproved, story.approve("EVA", approver="BOB", comment="he is ill"))
    story.delegate("CID")
    story.reject(story.asked[0])

    assert {status for *_, status in story.entries} == {"rejected"}
    assert (approved.actor, approved.entry.approver, approved.comment) == (
        "EVA",
        "BOB",
        "he is ill",
    )
    assert story.document.run.entries[1].decided_by == "EVA"
    assert story.document.run.entries[2].authority_of == "CID"


# --- Q10: due dates ------------------------------------------------------------------------


def test_q10_a_due_date_starts_again_when_the_stage_opens():
    story = Story(order(5000), due="2D")
    story.send()
    created = story.document.run.entries[2].due_date
    story.today += timedelta(days=10)
    story.approve("BOB")

    assert created == MONDAY + timedelta(days=2)
    assert story.document.run.entries[2].due_date == MONDAY + timedelta(days=12)
    assert BC.clock == "sent"


# --- Q11: the requester's own entry --------------------------------------------------------


def test_q11_the_requesters_own_entry_is_stored_but_is_no_approval():
    story = Story()
    story.send()
    own, bobs = story.document.run.entries

    assert (own.reason, own.status, own.decided_by) == (Reason.REQUESTER, "approved", None)
    assert story.document.run.is_own(own)
    assert story.document.run.stage_of(bobs) == (1, 1)


def test_q11_own_authority_never_counts_where_limits_are_not_compared():
    specific = {"limit_type": ApproverLimitType.SPECIFIC, "specific_approver": "ANN"}
    story = Story(setup=cast(ann={"purchase_limit": None}), **specific)
    story.send()

    assert story.entries == [(1, "EVA", "open")]


@pytest.mark.parametrize("self_approval", ["within_limit", "never"])
def test_q11_nobody_decides_on_the_own_request(self_approval):
    story = Story(setup=cast(ann={"administrator": True}), self_approval=self_approval)
    story.send()

    with pytest.raises(OwnRequest):
        story.approve("ANN", approver="BOB", comment="it is urgent")


# --- Q12: limits ---------------------------------------------------------------------------


def test_q12_no_limit_is_unlimited_and_zero_is_none():
    assert CID.purchase_limit is None
    assert DEE.purchase_limit == Decimal(0)
    story = Story(order(10**12), setup=cast(bob={"approver": "DEE"}, dee={"approver": "CID"}))
    story.send()

    assert [name for _, name, _ in story.entries] == ["ANN", "BOB", "DEE", "CID"]


def test_q12_a_limit_and_unlimited_together_are_refused():
    uow = office(people=CAST)
    both = {"purchase_limit": Decimal(5), "unlimited_purchase": True}

    with pytest.raises(LimitAndUnlimited):
        setting_up.set_user(uow, "BOB", both, actor("EVA"))


def test_q12_limits_are_exact_decimals():
    exact = Setup(replace(ANN, approver="BOB"), replace(BOB, purchase_limit=Decimal("0.3")), CID)
    total = Decimal("0.1") + Decimal("0.2")
    plan = plan_approvers(order(total), workflow(), "ANN", exact)

    assert [one.user for one in plan.approvers] == ["ANN", "BOB"]


# --- Q13, Q14: who hears -------------------------------------------------------------------


def test_q13_the_requester_hears_of_every_outcome():
    story = Story()
    story.send()
    assert only(DocumentReleased, story.approve("BOB")).tell == ("ANN",)
    reopen(story.document, actor())
    story.send()
    assert only(RequestRejected, story.reject("BOB")).tell == ("ANN",)
    story.send()
    assert "ANN" in only(RequestCanceled, story.cancel("EVA")).tell


@pytest.mark.parametrize(
    ("switch", "released", "rejected"),
    [
        ({"notices": "rejection_only"}, (), ("ANN",)),
        ({"notify_sender_on_reject": False}, ("ANN",), ()),
    ],
)
def test_q13_the_workflow_has_switches_for_it(switch, released, rejected):
    story = Story(**switch)
    story.send()
    assert only(DocumentReleased, story.approve("BOB")).tell == released
    reopen(story.document, actor())
    story.send()
    assert only(RequestRejected, story.reject("BOB")).tell == rejected


def test_q14_deleting_a_pending_document_tells_the_approvers_and_archives_its_entries():
    uow = office(workflow(), people=CAST, documents=[order()])
    requesting.send_approval_request(uow, order().key, actor())

    deleted = only(DocumentDeleted, handling.delete(uow, order().key, actor()).events)

    assert "BOB" in deleted.tell
    ((archived, _),) = uow.stored.archived
    assert {str(entry.status) for entry in archived.run.entries} == {"canceled"}


# --- Q15: leaving the company --------------------------------------------------------------


def test_q15_a_document_leaves_only_after_its_release():
    story = Story()
    story.send()
    before_release = story.workflow.options.before_release
    with pytest.raises(NotReleased):
        check_may_leave(story.document, before_release)
    story.approve("BOB")
    check_may_leave(story.document, before_release)


def test_q15_where_no_workflow_is_concerned_the_company_decides():
    for company in (COMPANY_PRODUCT, COMPANY_BC):
        uow = office(people=CAST, documents=[order()], company=company)
        if company.before_release is BeforeRelease.REFUSE:
            with pytest.raises(NotReleased):
                handling.check_may_leave(uow, order().key)
        else:
            handling.check_may_leave(uow, order().key)


# --- Q16, Q17: what was approved is what is released ---------------------------------------


def test_q16_significant_fields_are_locked_while_pending():
    story = Story()
    story.send()

    with pytest.raises(FieldLocked):
        change_document(story.document, story.workflow, actor(), {"amount": Decimal(1)})


def test_q16_a_workflow_may_let_a_change_void_the_request():
    story = Story(change_while_pending="void")
    story.send()
    change_document(story.document, story.workflow, actor(), {"amount": Decimal(1)})

    assert story.document.status is DocumentStatus.OPEN
    assert story.asked == []


def test_q17_an_approval_binds_to_a_hash_of_the_significant_fields():
    story = Story()
    story.send()
    story.document.counterparty_no = "V-99"  # nothing in the product does this

    with pytest.raises(ContentChanged):
        story.approve("BOB")


@pytest.mark.parametrize("change", ["reopen", "erp"])
def test_q17_a_changed_document_needs_the_whole_chain_again(change):
    uow = office(workflow(), people=CAST, documents=[order(5000)])
    key = order().key
    requesting.send_approval_request(uow, key, actor())
    story = Story(uow.document(key))
    story.approve("BOB")
    story.approve("CID")
    if change == "reopen":
        handling.reopen(uow, key, actor())
        handling.change_document(uow, key, actor(), {"amount": Decimal(4000)})
    else:
        handling.update_from_erp(uow, key, actor("ERP"), {"amount": Decimal(4000)})

    with pytest.raises(ReleaseNeedsApproval):
        handling.release(uow, key, actor())
    requesting.send_approval_request(uow, key, actor())
    names = [entry.approver for entry in uow.document(key).run.entries]
    assert names == ["ANN", "BOB", "CID"]


# --- Q18, Q19, Q20: people -----------------------------------------------------------------


def test_q18_any_number_of_administrators_may_act():
    for administrator in ("EVA", "FINN"):
        story = Story()
        story.send()
        story.approve(administrator, approver="BOB", comment="he is ill")
        assert story.document.status is DocumentStatus.RELEASED


def test_q19_a_substitute_stands_in_between_his_dates_only():
    away = {"substitute_from": MONDAY, "substitute_to": MONDAY + timedelta(days=1)}
    for days, expected in ((0, "DEE"), (1, "DEE"), (2, "CID")):
        story = Story(setup=cast(bob=away))
        story.send()
        story.today += timedelta(days=days)
        story.delegate("BOB")
        assert story.asked == [expected]


@pytest.mark.parametrize(
    ("field", "error"), [("approver", SelfApprover), ("substitute", SelfSubstitute)]
)
def test_q20_only_naming_oneself_is_refused_at_setup(field, error):
    uow = office(people=CAST)

    with pytest.raises(error):
        setting_up.set_user(uow, "BOB", {field: "BOB"}, actor("EVA"))
    setting_up.set_user(uow, "BOB", {field: "GONE"}, actor("EVA"))
    setting_up.set_user(uow, "CID", {"approver": "ANN"}, actor("EVA"))
    assert {warning.field for warning in check_setup(uow.stored.people.values())} >= {field}


@pytest.mark.parametrize(
    ("gone", "fields", "error"),
    [
        ("BOB", {}, ApproverNotSet),
        ("BOB", GROUP, GroupMemberNotInSetup),
        (
            "BOB",
            {"limit_type": ApproverLimitType.SPECIFIC, "specific_approver": "BOB"},
            UserNotInSetup,
        ),
        ("ANN", GROUP, UserNotInSetup),
    ],
)
def test_q20_a_missing_name_is_a_refusal_of_its_own_when_sending_and_when_asking_who(
    gone, fields, error
):
    groups = {"G": [("BOB", 1)]}
    people = [user for user in CAST if user.user_id != gone]
    uow = office(workflow(**fields), people=people, documents=[order()], groups=groups)

    with pytest.raises(error):
        requesting.who_would_approve(uow, order().key, actor())
    with pytest.raises(error):
        requesting.send_approval_request(uow, order().key, actor())


def test_q20_a_missing_substitute_is_passed_over():
    story = Story(setup=cast(bob={"substitute": "GONE"}))
    story.send()
    story.delegate("BOB")

    assert story.asked == ["CID"]


# --- Q21: amounts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "last"), [({}, "BOB"), ({"amount_basis": "including_vat"}, "CID")]
)
def test_q21_limits_are_compared_without_vat_unless_the_workflow_says_otherwise(options, last):
    vat = {"amount_including_vat": Decimal(1210), "amount_including_vat_lcy": Decimal(1210)}
    story = Story(order(1000, **vat), **options)
    story.send()

    assert story.entries[-1][1] == last


# --- Q22, Q24, Q25: rights and reasons -----------------------------------------------------


def test_q22_every_right_is_checked_by_the_workflow_itself():
    story = Story()
    story.send()

    with pytest.raises(NoCancelRight):
        story.cancel("CID")
    with pytest.raises(NoDelegateRight):
        story.delegate("CID", approver="BOB")
    with pytest.raises(NotAdministrator):
        story.approve("CID", approver="BOB", comment="me too")
    with pytest.raises(DelegateOnlyOpen):
        story.delegate("ANN", approver="ANN")


def test_q25_comments_have_up_to_2000_characters():
    assert new_comment(order(), actor(), "x" * 2000)
    with pytest.raises(TextTooLong):
        new_comment(order(), actor(), "x" * 2001)


def test_q25_a_rejection_needs_a_reason():
    story = Story()
    story.send()

    with pytest.raises(ReasonRequired):
        story.reject("BOB", comment=" ")


# --- the profile ---------------------------------------------------------------------------


def test_the_profile_bc_sets_every_choice_the_other_way():
    same = {
        name for name in PRODUCT.__dataclass_fields__ if getattr(PRODUCT, name) == getattr(BC, name)
    }

    assert same == {
        "change_while_pending",  # Business Central refuses too
        "reapproval",  # Business Central wants the whole chain again, too
        "stage_rule",  # "all" means what it says only here: the machinery itself is better
        "amount_basis",
        "notify_sender_on_reject",
        "email_on_release",  # not in Business Central
        "attach_pdf",  # not in Business Central
    }
