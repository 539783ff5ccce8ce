"""Where a document goes when it is finished: posted, converted or deleted."""

import pytest

from people import Story, actor, only, order
from workflow.approval_entries import RunState
from workflow.content import content_hash
from workflow.errors import CannotBeConverted, CannotBePosted, PrepaymentUnpaid
from workflow.events import DocumentConverted, DocumentDeleted, DocumentPosted
from workflow.posting import converted, delete, post
from workflow.statuses import Area, DocumentStatus, DocumentType

QUOTE, INVOICE = DocumentType.QUOTE, DocumentType.INVOICE


@pytest.mark.parametrize(
    ("area", "document_type", "kinds"),
    [
        (Area.PURCHASE, DocumentType.ORDER, ("posted_receipt", "posted_invoice")),
        (Area.SALES, DocumentType.ORDER, ("posted_shipment", "posted_invoice")),
        (Area.PURCHASE, DocumentType.CREDIT_MEMO, ("posted_credit_memo",)),
    ],
)
def test_posting_produces_the_posted_documents_of_its_kind(area, document_type, kinds):
    document = order(area=area, document_type=document_type, status=DocumentStatus.RELEASED)

    assert only(DocumentPosted, post(document, None, actor())).posted == kinds


@pytest.mark.parametrize("document_type", [QUOTE, DocumentType.BLANKET_ORDER])
def test_quotes_and_blanket_orders_cannot_be_posted(document_type):
    with pytest.raises(CannotBePosted, match="becomes another document first"):
        post(order(document_type=document_type), None, actor())


def test_an_order_with_an_unpaid_prepayment_cannot_be_posted():
    waiting = order(status=DocumentStatus.PENDING_PREPAYMENT, prepayment_unpaid=True)

    with pytest.raises(PrepaymentUnpaid):
        post(waiting, None, actor())
    waiting.prepayment_unpaid = False
    assert post(waiting, None, actor())


@pytest.mark.parametrize(
    ("notices", "poster", "told"),
    [
        ("outcomes", "CID", ("ANN",)),
        ("every_step", "CID", ("ANN",)),
        ("rejection_only", "CID", ()),
        ("outcomes", "ANN", ()),
    ],
)
def test_the_requester_hears_of_the_posting_as_the_workflow_says(notices, poster, told):
    story = Story(notices=notices)
    story.send()
    story.approve("BOB")

    posted = only(DocumentPosted, post(story.document, story.workflow, actor(poster)))

    assert posted.tell == told


def test_a_request_that_was_withdrawn_has_nobody_who_waits_for_the_posting():
    story = Story()
    story.send()
    story.cancel()

    assert only(DocumentPosted, post(story.document, story.workflow, actor("CID"))).tell == ()


# --- quotes --------------------------------------------------------------------------------


def test_a_quote_becomes_an_open_order_that_needs_its_own_approval():
    story = Story(order(document_type=QUOTE, editors=frozenset({"ANN"})))
    story.send()
    story.approve("BOB")

    new, events = converted(story.document, DocumentType.ORDER, "PO-9", actor())

    assert (new.key.document_type, new.key.number) == (DocumentType.ORDER, "PO-9")
    assert (new.status, new.editors) == (DocumentStatus.OPEN, {"ANN"})
    assert new.run.content_hash != content_hash(new)
    assert only(DocumentConverted, events).new_number == "PO-9"


@pytest.mark.parametrize(
    ("area", "document_type", "becomes"),
    [
        (Area.PURCHASE, QUOTE, INVOICE),
        (Area.PURCHASE, DocumentType.ORDER, INVOICE),
        (Area.SALES, QUOTE, DocumentType.CREDIT_MEMO),
    ],
)
def test_other_documents_become_nothing(area, document_type, becomes):
    with pytest.raises(CannotBeConverted):
        converted(order(area=area, document_type=document_type), becomes, "", actor())


def test_a_sales_quote_may_become_an_invoice_which_starts_without_a_run():
    story = Story(order(area=Area.SALES, document_type=QUOTE))
    story.send()
    story.approve("BOB")

    new, _ = converted(story.document, INVOICE, "", actor())

    assert (new.key.document_type, new.key.number, new.run) == (INVOICE, "PO-1", None)


# --- deleting ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delete_pending", "told"), [("cancel", {"BOB", "ANN"}), ("silent", set())]
)
def test_deleting_a_pending_document_ends_its_request(delete_pending, told):
    story = Story(delete_pending=delete_pending)
    story.send()

    deleted = only(DocumentDeleted, delete(story.document, story.workflow, actor("EVA")))

    assert deleted.was_pending
    assert set(deleted.tell) == told
    assert story.document.run.state is RunState.CANCELED
    assert story.asked == []


def test_deleting_an_open_document_tells_nobody():
    deleted = only(DocumentDeleted, delete(order(), None, actor()))

    assert (deleted.was_pending, deleted.tell) == (False, ())
