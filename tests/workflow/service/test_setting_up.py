"""What an administrator does: people, groups, workflows and the company's options."""

from dataclasses import replace
from decimal import Decimal

import pytest

from people import BOB, actor, workflow
from workflow.errors import (
    BadValue,
    OwnAuthority,
    SalespersonPurchaserCodeTaken,
    UserNotFound,
    WorkflowDuplicate,
    WorkflowEnabledIsLocked,
    WorkflowExists,
    WorkflowIncomplete,
    WorkflowInUse,
    WorkflowNotFound,
)
from workflow.events import ApprovalUserChanged, UserGroupChanged, WorkflowSaved
from workflow.options import COMPANY_BC, COMPANY_PRODUCT
from workflow.service import requesting, setting_up
from workflow.statuses import ApproverType, DocumentType

EVA = actor("EVA")


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
        ("BOB", {"purchase_limit": Decimal(1001)}),
        ("BOB", {"sales_limit": None}),
        ("BOB", {"administrator": True}),
        ("NEW", {"purchase_limit": Decimal(1)}),
    ],
)
def test_nobody_raises_the_own_authority(uow, user, fields):
    with pytest.raises(OwnAuthority):
        setting_up.set_user(uow, user, fields, actor(user))
    setting_up.set_user(uow, user, fields, EVA)


def test_everybody_may_lower_the_own_authority(uow):
    setting_up.set_user(uow, "BOB", {"purchase_limit": Decimal(1)}, actor("BOB"))


def test_as_in_business_central_the_own_authority_may_be_raised(uow):
    uow.stored.company = COMPANY_BC
    setting_up.set_user(uow, "BOB", {"purchase_limit": Decimal(2000)}, actor("BOB"))


def test_a_user_who_is_named_by_others_can_be_removed(uow):
    setting_up.remove_user(uow, "BOB", EVA)

    assert uow.stored.people["ANN"].approver == "BOB"
    with pytest.raises(UserNotFound):
        setting_up.remove_user(uow, "BOB", EVA)


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

INVOICES = workflow(code="PI", document_type=DocumentType.INVOICE)


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


def test_a_workflow_with_running_requests_is_not_deleted(uow, key):
    requesting.send_approval_request(uow, key, actor())
    setting_up.disable_workflow(uow, "PO", EVA)

    with pytest.raises(WorkflowInUse):
        setting_up.delete_workflow(uow, "PO", EVA)


def test_the_companys_options_are_changed_with_an_event(uow):
    setting_up.set_company(uow, COMPANY_PRODUCT, EVA)
    assert kept(uow) == []
    setting_up.set_company(uow, COMPANY_BC, EVA)

    (event,) = kept(uow)
    assert "working_days_only" in {edit.field for edit in event.changes}
