"""What an administrator does: people, groups, workflows and the company's options."""

from dataclasses import replace
from decimal import Decimal

import pytest

from memory_store import office
from people import BOB, CAST, actor, order, workflow
from workflow.date_formulas import BadDateFormula
from workflow.errors import (
    BadValue,
    NotAdministrator,
    OwnAuthority,
    SalespersonPurchaserCodeTaken,
    UserIsAsked,
    UserNotFound,
    WorkflowDuplicate,
    WorkflowEnabledIsLocked,
    WorkflowExists,
    WorkflowIncomplete,
    WorkflowInUse,
    WorkflowNotFound,
)
from workflow.events import ApprovalUserChanged, EMailChanged, UserGroupChanged, WorkflowSaved
from workflow.notification_setup import NotificationMethod, NotificationSetup, NotificationType
from workflow.options import COMPANY_BC, COMPANY_PRODUCT
from workflow.service import deciding, requesting, setting_up
from workflow.statuses import ApproverType, DocumentType

EVA = actor("EVA")
NOTES_FOR_ALL = NotificationSetup(type=NotificationType.APPROVAL, method=NotificationMethod.NOTE)
INVOICES = workflow(code="PI", document_type=DocumentType.INVOICE)


def kept(uow):
    """The setup events so far."""
    return [event for key, _, event in uow.stored.events if key is None]


def test_a_change_of_a_user_is_an_event_with_both_values(uow):
    setting_up.set_user(uow, "BOB", {"purchase_limit": None}, EVA)

    (event,) = kept(uow)
    assert isinstance(event, ApprovalUserChanged)
    assert [(edit.field, edit.before, edit.after) for edit in event.changes] == [
        ("purchase_limit", "1000", "unlimited")
    ]
    assert uow.stored.people["BOB"] == replace(BOB, purchase_limit=None)


def test_a_changed_address_is_told_where_mail_went_until_now(uow):
    setting_up.set_user(uow, "BOB", {"email": "bob@evil.example"}, EVA)

    changed, told = kept(uow)
    assert [edit.field for edit in changed.changes] == ["email"]
    assert isinstance(told, EMailChanged)
    assert told.tell == (BOB.email, "bob@evil.example")
    assert (told.before, told.after, told.actor) == (BOB.email, "bob@evil.example", "EVA")


@pytest.mark.parametrize("fields", [{"full_name": "Robert"}, {"email": BOB.email}])
def test_whose_address_stays_is_told_nothing(uow, fields):
    setting_up.set_user(uow, "BOB", fields, EVA)

    assert not any(isinstance(event, EMailChanged) for event in kept(uow))


def test_a_first_address_takes_nobodys_mail_away(uow):
    setting_up.set_user(uow, "NEW", {"email": "new@example.com"}, EVA)
    setting_up.set_user(uow, "BOB", {"email": ""}, EVA)

    told = [event.tell for event in kept(uow) if isinstance(event, EMailChanged)]
    assert told == [(BOB.email,)]


def test_a_change_that_changes_nothing_is_no_event(uow):
    setting_up.set_user(uow, "BOB", {"full_name": "Bob"}, EVA)

    assert kept(uow) == []


def test_a_new_user_starts_without_any_authority(uow):
    assert setting_up.set_user(uow, "NEW", {}, EVA).purchase_limit == 0
    assert len(kept(uow)) == 1


def test_a_salesperson_code_belongs_to_one_user(uow):
    with pytest.raises(SalespersonPurchaserCodeTaken, match=r"B .* already assigned .* BOB"):
        setting_up.set_user(uow, "ANN", {"salesperson_purchaser_code": "B"}, EVA)


@pytest.mark.parametrize(
    ("user", "fields"),
    [
        ("EVA", {"purchase_limit": Decimal(1)}),
        ("EVA", {"sales_limit": None}),
        ("NEW", {"purchase_limit": Decimal(1)}),
        ("NEW", {"administrator": True}),
    ],
)
def test_nobody_raises_the_own_authority_not_even_an_administrator(uow, user, fields):
    with pytest.raises(OwnAuthority):
        setting_up.set_user(uow, user, fields, actor(user))
    setting_up.set_user(uow, user, fields, actor("FINN"))


def test_an_administrator_may_lower_the_own_authority(uow):
    setting_up.set_user(uow, "EVA", {"administrator": False}, EVA)


def test_as_in_business_central_an_administrator_may_raise_the_own_authority(uow):
    uow.stored.company = COMPANY_BC
    setting_up.set_user(uow, "EVA", {"purchase_limit": Decimal(2000)}, EVA)


def test_a_user_who_is_named_by_others_can_be_removed(uow):
    setting_up.remove_user(uow, "BOB", EVA)

    assert uow.stored.people["ANN"].approver == "BOB"
    with pytest.raises(UserNotFound):
        setting_up.remove_user(uow, "BOB", EVA)


def test_whoever_is_asked_is_removed_only_after_a_second_thought(uow):
    requesting.send_approval_request(uow, order().key, actor("ANN"))

    with pytest.raises(UserIsAsked, match="BOB is asked to approve"):
        setting_up.remove_user(uow, "BOB", EVA)
    setting_up.remove_user(uow, "BOB", EVA, anyway=True)
    assert "BOB" not in uow.stored.people


# --- who may -------------------------------------------------------------------------------

SETTING_UP = {
    "user": lambda uow, by: setting_up.set_user(uow, "ANN", {"phone": "1"}, by),
    "removal": lambda uow, by: setting_up.remove_user(uow, "ANN", by),
    "group": lambda uow, by: setting_up.set_group(uow, "G", [("BOB", 1)], by),
    "workflow": lambda uow, by: setting_up.save_workflow(uow, INVOICES, by),
    "enabling": lambda uow, by: setting_up.enable_workflow(uow, "OLD", by),
    "disabling": lambda uow, by: setting_up.disable_workflow(uow, "PO", by),
    "deleting": lambda uow, by: setting_up.delete_workflow(uow, "OLD", by),
    "notes": lambda uow, by: setting_up.set_notification_setup(uow, NOTES_FOR_ALL, by),
    "company": lambda uow, by: setting_up.set_company(uow, COMPANY_BC, by),
}


@pytest.fixture
def two_workflows():
    """The workflow of the purchase orders, and a disabled one for invoices."""
    uow = office(workflow(), replace(INVOICES, code="OLD"), people=CAST, documents=[order()])
    uow.stored.enabled = {"PO"}
    return uow


every_change = pytest.mark.parametrize("change", SETTING_UP.values(), ids=SETTING_UP)


@every_change
def test_whoever_is_no_administrator_changes_no_setup(two_workflows, change):
    before = two_workflows.snapshot()

    with pytest.raises(NotAdministrator):
        change(two_workflows, actor("BOB"))
    assert two_workflows.snapshot() == before


@every_change
@pytest.mark.parametrize("by", ["EVA", "OPERATOR"])
def test_the_setup_belongs_to_the_administrators_and_the_operator(two_workflows, change, by):
    change(two_workflows, actor(by))

    assert [event.actor for event in kept(two_workflows)] == [by]


@every_change
def test_as_long_as_there_is_no_administrator_everybody_sets_up(two_workflows, change):
    people = two_workflows.stored.people
    two_workflows.stored.people = {name: people[name] for name in ("ANN", "BOB")}
    change(two_workflows, actor("BOB"))

    assert len(kept(two_workflows)) == 1


# --- how people are told -------------------------------------------------------------------


def test_everybody_chooses_for_himself_how_he_is_told(uow):
    setting_up.set_notification_setup(uow, replace(NOTES_FOR_ALL, user="BOB"), actor("BOB"))

    (event,) = kept(uow)
    assert (event.subject, event.changes[-1].after) == ("BOB", "note")
    with uow:
        assert uow.users.notification_setup() == [replace(NOTES_FOR_ALL, user="BOB")]


def test_nobody_chooses_for_another_how_he_is_told(uow):
    row = replace(NOTES_FOR_ALL, user="BOB")

    with pytest.raises(NotAdministrator):
        setting_up.set_notification_setup(uow, row, actor("ANN"))
    setting_up.set_notification_setup(uow, row, EVA)
    with pytest.raises(UserNotFound):
        setting_up.set_notification_setup(uow, replace(row, user="GONE"), EVA)


# --- groups --------------------------------------------------------------------------------


def test_a_group_has_its_members_in_their_order(uow):
    setting_up.set_group(uow, "G", [("BOB", 1), ("GONE", 2)], EVA)

    (event,) = kept(uow)
    assert isinstance(event, UserGroupChanged)
    assert event.members == ("BOB:1", "GONE:2")


@pytest.mark.parametrize("members", [[("BOB", 0)], [("BOB", 1), ("BOB", 2)]])
def test_a_group_has_each_member_once_and_counts_from_one(uow, members):
    with pytest.raises(BadValue):
        setting_up.set_group(uow, "G", members, EVA)


# --- workflows -----------------------------------------------------------------------------


def test_a_workflow_is_stored_enabled_changed_and_deleted(uow):
    assert setting_up.save_workflow(uow, INVOICES, EVA).version == 1
    setting_up.enable_workflow(uow, "PI", EVA)
    with pytest.raises(WorkflowEnabledIsLocked):
        setting_up.delete_workflow(uow, "PI", EVA)
    setting_up.disable_workflow(uow, "PI", EVA)
    changed = replace(INVOICES, due="5D")
    assert setting_up.save_workflow(uow, changed, EVA, replacing=True).version == 2
    setting_up.delete_workflow(uow, "PI", EVA)
    with pytest.raises(WorkflowNotFound):
        setting_up.enable_workflow(uow, "PI", EVA)


@pytest.mark.parametrize("field", ["due", "delegate_after"])
@pytest.mark.parametrize("formula", ["banana", "-2D"])
def test_a_workflow_whose_days_make_no_sense_is_not_stored(uow, field, formula):
    before = uow.snapshot()

    with pytest.raises(BadDateFormula):
        setting_up.save_workflow(uow, replace(INVOICES, **{field: formula}), EVA)
    assert uow.snapshot() == before


def test_an_equal_workflow_is_not_stored_again(uow):
    setting_up.save_workflow(uow, INVOICES, EVA)
    setting_up.save_workflow(uow, INVOICES, EVA)

    assert [type(event) for event in kept(uow)] == [WorkflowSaved]


def test_an_enabled_workflow_is_not_changed(uow):
    with pytest.raises(WorkflowEnabledIsLocked):
        setting_up.save_workflow(uow, workflow(due="5D"), EVA, replacing=True)


def test_a_different_workflow_of_the_same_code_is_replaced_only_when_told_so(uow):
    setting_up.save_workflow(uow, INVOICES, EVA)

    with pytest.raises(WorkflowExists):
        setting_up.save_workflow(uow, replace(INVOICES, due="5D"), EVA)


def test_a_workflow_that_is_incomplete_or_a_duplicate_is_not_enabled(uow):
    setting_up.save_workflow(uow, workflow(code="G", approver_type=ApproverType.USER_GROUP), EVA)
    setting_up.save_workflow(uow, workflow(code="PO2"), EVA)

    with pytest.raises(WorkflowIncomplete):
        setting_up.enable_workflow(uow, "G", EVA)
    with pytest.raises(WorkflowDuplicate):
        setting_up.enable_workflow(uow, "PO2", EVA)


@pytest.mark.parametrize("finished", [False, True])
def test_a_workflow_that_a_document_started_with_is_not_deleted(uow, key, finished):
    requesting.send_approval_request(uow, key, actor())
    if finished:
        deciding.approve(uow, key, actor("BOB"))
    setting_up.disable_workflow(uow, "PO", EVA)

    with pytest.raises(WorkflowInUse):
        setting_up.delete_workflow(uow, "PO", EVA)


def test_a_workflow_of_a_code_that_was_used_before_goes_on_with_its_versions(uow):
    setting_up.save_workflow(uow, INVOICES, EVA)
    setting_up.delete_workflow(uow, "PI", EVA)

    assert setting_up.save_workflow(uow, replace(INVOICES, due="5D"), EVA).version == 2


def test_the_companys_options_are_changed_with_an_event(uow):
    setting_up.set_company(uow, COMPANY_PRODUCT, EVA)
    assert kept(uow) == []
    setting_up.set_company(uow, COMPANY_BC, EVA)

    (event,) = kept(uow)
    assert "working_days_only" in {edit.field for edit in event.changes}
