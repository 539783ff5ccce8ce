"""Editing a document: what is locked when, and what an edit does to its approvals."""

from decimal import Decimal

import pytest

from people import Story, actor, only, order
from workflow.approval_entries import RunState
from workflow.changes import change_document, change_salesperson_purchaser, update_from_erp
from workflow.errors import FieldLocked, SalespersonPurchaserLocked
from workflow.events import DocumentChanged, DocumentReopened
from workflow.statuses import Area, DocumentStatus


def change(document, fields, definition=None, user="ANN"):
    return change_document(document, definition, actor(user), fields)


def pending(**options):
    story = Story(order(5000), **options)
    story.send()
    story.approve("BOB")
    return story


def test_an_open_document_can_be_edited_and_remembers_its_editor():
    document = order()

    changed = only(DocumentChanged, change(document, {"counterparty_no": "V-11"}))

    (edit,) = changed.changes
    assert (edit.field, edit.before, edit.after) == ("counterparty_no", "V-10", "V-11")
    assert changed.significant
    assert document.editors == {"ANN"}


def test_an_edit_that_does_not_matter_for_the_approval_makes_nobody_an_editor():
    document = order()
    changed = only(DocumentChanged, change(document, {"description": "Chairs"}))

    assert not changed.significant
    assert document.editors == frozenset()


def test_an_edit_that_changes_nothing_is_no_edit():
    document = order()

    assert change(document, {"counterparty_no": "V-10", "amount": Decimal(500)}) == []
    assert document.editors == frozenset()


def test_fields_given_with_the_value_they_have_are_no_part_of_an_edit():
    document = order()

    change(document, {"counterparty_no": "V-10", "description": "Chairs"}, user="BOB")

    assert document.editors == frozenset()


@pytest.mark.parametrize("field", ["counterparty_no", "tax_area", "location", "payment_discount"])
def test_a_field_that_matters_is_locked_while_pending(field):
    story = pending()

    with pytest.raises(FieldLocked, match=f"'Pending Approval'; {field} cannot be changed"):
        change(story.document, {field: "X"}, story.workflow)


def test_a_field_that_matters_is_locked_while_released():
    with pytest.raises(FieldLocked, match="'Released'"):
        change(order(status=DocumentStatus.RELEASED), {"counterparty_no": "V-11"})


def test_other_fields_can_be_edited_while_pending():
    story = pending()
    change(story.document, {"description": "Chairs", "your_reference": "7"}, story.workflow)

    assert story.document.more == {"your_reference": "7"}
    assert story.document.status is DocumentStatus.PENDING_APPROVAL
    story.approve("CID")
    assert story.document.status is DocumentStatus.RELEASED


def test_where_the_workflow_says_so_an_edit_makes_the_pending_request_void():
    story = pending(change_while_pending="void")

    events = change(story.document, {"counterparty_no": "V-11"}, story.workflow)

    changed = only(DocumentChanged, events)
    assert changed.voided
    assert set(changed.tell) == {"BOB", "CID"}  # Ann edited it herself
    assert story.document.status is DocumentStatus.OPEN
    assert story.document.run.state is RunState.CANCELED


def test_only_a_field_that_matters_makes_the_pending_request_void():
    story = pending(change_while_pending="void")
    change(story.document, {"currency": "", "description": "Chairs"}, story.workflow)

    assert story.document.status is DocumentStatus.PENDING_APPROVAL


# --- from the ERP --------------------------------------------------------------------------


def test_a_released_document_that_the_erp_changes_is_open_again():
    document = order(status=DocumentStatus.RELEASED)

    events = update_from_erp(document, None, actor("ERP"), {"amount": Decimal(700)})

    assert [type(event) for event in events] == [DocumentReopened, DocumentChanged]
    assert document.status is DocumentStatus.OPEN


def test_a_released_document_that_the_erp_sends_again_stays_as_it_is():
    document = order(status=DocumentStatus.RELEASED)
    same = {"amount": Decimal("500.00"), "counterparty_no": "V-10"}

    assert update_from_erp(document, None, actor("ERP"), same) == []
    assert update_from_erp(document, None, actor("ERP"), {"description": "x"}) != []
    assert document.status is DocumentStatus.RELEASED


def test_the_erp_cannot_change_what_is_being_approved():
    story = pending()

    with pytest.raises(FieldLocked):
        update_from_erp(story.document, story.workflow, actor("ERP"), {"amount": Decimal(1)})


# --- salesperson and purchaser -------------------------------------------------------------


def test_a_document_goes_to_another_purchaser_while_nobody_is_asked():
    document = order()
    events = change_salesperson_purchaser(document, actor(), "B")

    assert only(DocumentChanged, events).changes[0].after == "B"
    assert change_salesperson_purchaser(document, actor(), "B") == []


@pytest.mark.parametrize(
    ("area", "name"), [(Area.PURCHASE, "Purchaser"), (Area.SALES, "Salesperson")]
)
def test_the_purchaser_is_locked_while_somebody_is_asked(area, name):
    story = Story(order(area=area))
    story.send()

    with pytest.raises(SalespersonPurchaserLocked, match=f"{name} Code"):
        change_salesperson_purchaser(story.document, actor(), "B")
    story.approve("BOB")
    change_salesperson_purchaser(story.document, actor(), "B")
