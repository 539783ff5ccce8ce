"""A document goes to its vendor or customer: to which address, when, and what is recorded."""

from dataclasses import replace
from datetime import date

import pytest

from people import Story, actor, order
from workflow.counterparties import Counterparty
from workflow.documents import DocumentLine
from workflow.errors import NoElectronicForm, NoEmailAddress
from workflow.events import (
    ApprovalRequested,
    DocumentEmailed,
    DocumentNotEmailed,
    DocumentReleased,
    RequestDelegated,
)
from workflow.mailing import email_document
from workflow.releasing import release_by_hand, reopen
from workflow.statuses import Area, AttachmentKind, DocumentStatus, DocumentType

VENDOR = Counterparty(
    area=Area.PURCHASE, number="V-10", email="orders@desks.example", language="nl"
)
SEVEN = tuple(DocumentLine(line_no=number, item_no=f"ITEM-{number}") for number in range(1, 8))


def of_kind(events, kind):
    return [event for event in events if isinstance(event, kind)]


def test_it_goes_to_the_address_of_the_vendor_with_every_line():
    document = order(lines=SEVEN, due_date=date(2026, 4, 1))

    (emailed,) = email_document(document, VENDOR, actor("ANN"))

    assert (emailed.to_address, emailed.language) == ("orders@desks.example", "nl")
    assert emailed.attachments == (AttachmentKind.PDF,)
    assert len(emailed.copy.lines) == 7
    assert emailed.copy.due_date == date(2026, 4, 1)
    assert (emailed.actor, emailed.tell) == ("ANN", ())


def test_an_address_that_is_named_goes_first_and_needs_no_vendor():
    (to_other,) = email_document(order(), VENDOR, actor("ANN"), to_address="zoe@desks.example")
    (to_unknown,) = email_document(order(), None, actor("ANN"), to_address="zoe@desks.example")

    assert to_other.to_address == to_unknown.to_address == "zoe@desks.example"
    assert (to_other.language, to_unknown.language) == ("nl", "")


@pytest.mark.parametrize("vendor", [None, replace(VENDOR, email="")])
def test_without_an_address_it_is_refused_and_says_whose_is_missing(vendor):
    with pytest.raises(NoEmailAddress, match=r"no email address of vendor V-10") as refused:
        email_document(order(), vendor, actor("ANN"))

    assert "countersign parties set" in refused.value.next_step


def test_ubl_is_attached_where_there_is_such_a_form():
    returned = order(document_type=DocumentType.RETURN_ORDER)

    (emailed,) = email_document(order(), VENDOR, actor("ANN"), ubl=True)

    assert emailed.attachments == (AttachmentKind.PDF, AttachmentKind.UBL)
    with pytest.raises(NoElectronicForm, match="no such form of a return order"):
        email_document(returned, VENDOR, actor("ANN"), ubl=True)


# By itself, when it is released ---------------------------------------------------------------


def test_the_last_approval_sends_it_out_where_the_workflow_wants_it():
    story = Story(counterparty=VENDOR, email_on_release=True)
    story.send()

    events = story.approve("BOB")

    assert [type(event) for event in events[-2:]] == [DocumentReleased, DocumentEmailed]
    assert events[-1].requester == "ANN"


def test_usually_it_is_not_sent_out_by_itself():
    story = Story(counterparty=VENDOR)
    story.send()

    assert of_kind(story.approve("BOB"), DocumentEmailed) == []


def test_it_is_not_sent_out_before_the_last_approval():
    story = Story(order(amount=5000), counterparty=VENDOR, email_on_release=True)

    assert of_kind(story.send(), DocumentEmailed) == []
    assert of_kind(story.approve("BOB"), DocumentEmailed) == []
    assert len(of_kind(story.approve("CID"), DocumentEmailed)) == 1


def test_a_missing_address_stops_no_release_and_the_requester_hears_of_it():
    story = Story(email_on_release=True)
    story.send()

    events = story.approve("BOB")

    (missed,) = of_kind(events, DocumentNotEmailed)
    assert missed.tell == ("ANN",)
    assert story.document.status is DocumentStatus.RELEASED


def test_an_order_that_waits_for_its_prepayment_is_not_sent_out_until_it_is_released():
    story = Story(order(prepayment_unpaid=True), counterparty=VENDOR, email_on_release=True)
    story.send()
    waiting = story.approve("BOB")
    story.document.prepayment_unpaid = False

    released = release_by_hand(
        story.document, story.workflow, actor("ANN"), workflow_enabled=True, counterparty=VENDOR
    )

    assert of_kind(waiting, DocumentEmailed) == []
    assert len(of_kind(released, DocumentEmailed)) == 1


def test_a_release_by_hand_that_no_workflow_covers_sends_nothing_out():
    document = order()

    released = release_by_hand(
        document, None, actor("ANN"), workflow_enabled=False, counterparty=VENDOR
    )

    assert [type(event) for event in released] == [DocumentReleased]
    assert [event.has_readers for event in reopen(document, actor("ANN"))] == [False]


# With the request for approval ----------------------------------------------------------------


def test_the_request_carries_every_line_where_the_workflow_attaches_the_pdf():
    story = Story(order(lines=SEVEN), attach_pdf=True)

    (asked,) = of_kind(story.send(), ApprovalRequested)
    (handed,) = of_kind(story.delegate("BOB"), RequestDelegated)

    assert len(asked.document.lines) == 5
    assert len(asked.copy.lines) == len(handed.copy.lines) == 7


def test_usually_the_request_carries_no_copy():
    (asked,) = of_kind(Story().send(), ApprovalRequested)

    assert asked.copy is None
