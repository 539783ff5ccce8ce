"""Releasing and reopening by hand, and the gates in front of using a document."""

from decimal import Decimal

import pytest

from people import Story, actor, cast, only, order, workflow
from workflow.approval_entries import RunState
from workflow.counterparties import Counterparty
from workflow.errors import (
    NothingToRelease,
    NotReleased,
    PostNeedsApproval,
    PrepaymentUnpaid,
    ReleaseNeedsApproval,
    ReopenBlocked,
    Restricted,
)
from workflow.events import ApprovalRequestSent, DocumentReleased, DocumentReopened
from workflow.options import BeforeRelease
from workflow.releasing import (
    check_counterparty,
    check_items,
    check_may_leave,
    check_use,
    is_restricted,
    release_by_hand,
    reopen,
)
from workflow.statuses import Area, DocumentStatus


def release(document, definition=None, *, workflow_enabled=True, as_sent=None):
    return release_by_hand(
        document, definition, actor("ANN"), workflow_enabled=workflow_enabled, as_sent=as_sent
    )


def approved(**options):
    story = Story(**options)
    story.as_sent = only(ApprovalRequestSent, story.send()).document
    story.approve("BOB")
    return story


def release_again(story):
    return release(story.document, story.workflow, as_sent=story.as_sent)


def test_a_document_that_no_workflow_concerns_is_released_by_hand():
    document = order()

    released = only(DocumentReleased, release(document))

    assert (released.how, document.status) == ("by hand", DocumentStatus.RELEASED)
    assert release(document) == []


def test_a_document_that_a_workflow_concerns_is_not_released_by_hand():
    with pytest.raises(ReleaseNeedsApproval):
        release(order(), workflow())


def test_a_document_without_lines_is_not_released():
    with pytest.raises(NothingToRelease, match="order with the number PO-1"):
        release(order(lines=()))


def test_a_pending_document_is_not_released_by_hand(story):
    story.send()

    with pytest.raises(Restricted, match="PO workflow"):
        release(story.document)


@pytest.mark.parametrize("enabled", [True, False])
def test_a_rejected_document_is_restricted_while_its_workflow_is_enabled(story, enabled):
    story.send()
    story.reject("BOB")

    assert is_restricted(story.document, workflow_enabled=enabled) is enabled
    if enabled:
        with pytest.raises(Restricted):
            release(story.document)
    else:
        release(story.document, workflow_enabled=False)
        assert story.document.status is DocumentStatus.RELEASED


@pytest.mark.parametrize("end", [Story.cancel, lambda story: story.approve("BOB")])
def test_a_canceled_or_approved_document_is_not_restricted(story, end):
    story.send()
    end(story)

    assert not is_restricted(story.document, workflow_enabled=True)


def test_an_order_waits_for_its_prepayment_and_is_released_when_it_is_paid():
    document = order(prepayment_unpaid=True)
    release(document)
    assert document.status is DocumentStatus.PENDING_PREPAYMENT
    with pytest.raises(PrepaymentUnpaid):
        release(document)

    document.prepayment_unpaid = False
    release(document)
    assert document.status is DocumentStatus.RELEASED


# --- reopening -----------------------------------------------------------------------------


def test_a_released_document_is_reopened_once():
    story = approved()

    assert isinstance(reopen(story.document, actor("BOB"))[0], DocumentReopened)
    assert reopen(story.document, actor("BOB")) == []
    assert story.document.run.state is RunState.APPROVED


def test_a_pending_document_is_not_reopened(story):
    story.send()

    with pytest.raises(ReopenBlocked):
        reopen(story.document, actor("ANN"))


def halved(document):
    document.amount = document.amount_including_vat = Decimal(250)
    document.amount_lcy = document.amount_including_vat_lcy = Decimal(250)


def doubled(document):
    document.amount = document.amount_including_vat = Decimal(1000)
    document.amount_lcy = document.amount_including_vat_lcy = Decimal(1000)


def with_more_vat(document):
    halved(document)
    document.amount_including_vat = document.amount_including_vat_lcy = Decimal(5000)


def at_another_rate(document):
    document.amount = document.amount_including_vat = Decimal(5000)
    document.amount_lcy = document.amount_including_vat_lcy = Decimal(400)


def turned_round(document):
    document.amount = document.amount_including_vat = Decimal(-500)
    document.amount_lcy = document.amount_including_vat_lcy = Decimal(-500)


def other_vendor(document):
    document.counterparty_no = "V-99"


def described(document):
    document.description = "Chairs, please"


def other_item(document):
    (line,) = document.lines
    document.lines = (type(line)(line_no=10000, item_no="DESK", amount=line.amount),)


@pytest.mark.parametrize(
    ("reapproval", "edit", "forgiven"),
    [
        ("all", described, False),
        ("if_changed", described, True),
        ("if_changed", halved, False),
        ("if_changed", other_vendor, False),
        ("if_increased", described, True),
        ("if_increased", halved, True),
        ("if_increased", doubled, False),
        ("if_increased", with_more_vat, False),
        ("if_increased", at_another_rate, False),
        ("if_increased", turned_round, False),
        ("if_increased", other_vendor, False),
        ("if_increased", other_item, False),
    ],
)
def test_a_reopened_document_needs_a_new_run_unless_its_workflow_forgives_the_edit(
    reapproval, edit, forgiven
):
    story = approved(reapproval=reapproval)
    reopen(story.document, actor("ANN"))
    edit(story.document)

    if forgiven:
        release_again(story)
        assert story.document.status is DocumentStatus.RELEASED
    else:
        with pytest.raises(ReleaseNeedsApproval):
            release_again(story)


def test_an_increase_is_measured_by_the_amount_basis_of_the_workflow():
    vat = {"amount_including_vat": Decimal(605), "amount_including_vat_lcy": Decimal(605)}
    story = approved(document=order(**vat), reapproval="if_increased", amount_basis="including_vat")
    reopen(story.document, actor("ANN"))
    story.document.amount = story.document.amount_lcy = Decimal(600)
    story.document.amount_including_vat = Decimal(726)
    story.document.amount_including_vat_lcy = Decimal(726)

    with pytest.raises(ReleaseNeedsApproval):
        release_again(story)


def test_a_rejected_document_is_never_forgiven():
    story = Story(reapproval="if_changed")
    story.send()
    story.reject("BOB")

    with pytest.raises(ReleaseNeedsApproval):
        release(story.document, story.workflow)


def test_a_reopened_document_is_released_again_when_the_requesters_limit_was_raised():
    story = approved(setup=cast())
    reopen(story.document, actor("ANN"))
    story.setup.change("ANN", purchase_limit=Decimal(500))
    story.send()

    assert story.document.status is DocumentStatus.RELEASED


# --- before it is used ---------------------------------------------------------------------


def test_an_open_document_that_a_workflow_concerns_cannot_be_used():
    with pytest.raises(PostNeedsApproval, match="Purchase order PO-1 must be approved"):
        check_use(order(), workflow(), workflow_enabled=True)


def test_a_pending_document_cannot_be_used(story):
    story.send()

    with pytest.raises(Restricted):
        check_use(story.document, story.workflow, workflow_enabled=True)


def test_a_released_document_and_one_that_no_workflow_concerns_can_be_used():
    check_use(approved().document, workflow(), workflow_enabled=True)
    check_use(order(), None, workflow_enabled=False)


@pytest.mark.parametrize(
    ("area", "title"), [(Area.PURCHASE, "Vendor V-10"), (Area.SALES, "Customer V-10")]
)
def test_a_restricted_vendor_or_customer_stands_in_the_way(area, title):
    party = Counterparty(area=area, number="V-10", restricted=True)

    with pytest.raises(Restricted, match=title):
        check_counterparty(party, order())


def test_a_restricted_item_stands_in_the_way():
    with pytest.raises(Restricted, match="Item CHAIR"):
        check_items(["CHAIR"], order())
    check_items([], order())
    check_counterparty(Counterparty(area=Area.PURCHASE, number="V-10"), order())
    check_counterparty(None, order())


@pytest.mark.parametrize("status", [s for s in DocumentStatus if s is not DocumentStatus.RELEASED])
def test_a_document_leaves_the_company_only_when_it_is_released(status):
    document = order(status=status)

    with pytest.raises(NotReleased):
        check_may_leave(document, BeforeRelease.REFUSE)
    check_may_leave(document, BeforeRelease.ALLOW)
    check_may_leave(order(status=DocumentStatus.RELEASED), BeforeRelease.REFUSE)
