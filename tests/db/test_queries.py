"""Lists show what each person may see, in a useful order."""

from decimal import Decimal

import pytest

from workflow.documents import DocumentKey
from workflow.service import deciding, requesting, running
from workflow.statuses import Area, DocumentStatus, DocumentType, EntryStatus


@pytest.fixture
def sent(company, received, actor):
    def send(number="PO-1", *, days=0, **fields):
        key = received(number, **fields)
        requesting.send_approval_request(company, key, actor("ANN", days=days))
        return key

    return send


def numbers(entries):
    return [entry.document.number for entry in entries]


def test_documents_are_listed_by_number_and_can_be_filtered(reads, received, sent):
    sent("PO-2")
    received("PO-1", requester="EVE", counterparty_name="Fabrikam")
    pending = reads.documents_list(status=DocumentStatus.PENDING_APPROVAL)

    assert [one.key.number for one in reads.documents_list()] == ["PO-1", "PO-2"]
    assert [one.key.number for one in pending] == ["PO-2"]
    assert [one.key.number for one in reads.documents_list(requester="ANN")] == ["PO-2"]
    assert reads.documents_list(requester="EVE")[0].counterparty_name == "Fabrikam"
    assert reads.documents_list(area=Area.SALES) == []
    assert len(reads.documents_list(document_type=DocumentType.ORDER, limit=1)) == 1


def test_a_number_names_every_document_that_has_it(reads, received):
    invoice = DocumentKey(Area.PURCHASE, DocumentType.INVOICE, "PO-1")
    order = received("PO-1")
    received("PO-1", key=invoice)

    assert reads.find_by_number("PO-1") == [invoice, order]
    assert reads.find_by_number("PO-9") == []


def test_an_approver_sees_what_waits_for_him_longest_overdue_first(reads, sent):
    sent("PO-1", days=3)
    sent("PO-2", days=0)

    assert numbers(reads.requests_to_approve("BOB")) == ["PO-2", "PO-1"]
    assert reads.requests_to_approve("CID") == []  # his turn comes later
    assert numbers(reads.requests_sent("ANN")) == ["PO-2", "PO-1"]
    (entry, _) = reads.requests_to_approve("BOB")
    assert (entry.requester, entry.amount, entry.limit) == ("ANN", Decimal("1500.50"), 1000)


def test_people_see_entries_they_are_part_of_and_administrators_see_all(reads, sent):
    sent()

    seen = {user: len(reads.visible_entries(user)) for user in ("ANN", "BOB", "CID", "DEE")}
    assert seen == {"ANN": 3, "BOB": 1, "CID": 3, "DEE": 0}


def test_due_today_is_not_overdue(reads, sent, actor):
    sent()
    due, late = actor("BOB", days=5).today, actor("BOB", days=6).today

    assert reads.overdue_entries("BOB", due) == []
    assert reads.overdue(due) == []
    assert numbers(reads.overdue_entries("BOB", late)) == ["PO-1"]
    assert reads.overdue_entries("DEE", late) == []


def test_overdue_documents_are_named_once(reads, sent, actor):
    first, second = sent("PO-1", days=1), sent("PO-2")

    assert reads.overdue(actor("BOB", days=9).today) == [second, first]


def test_documents_for_delegation_are_those_that_may_be_handed_over(company, reads, sent, actor):
    key = sent()
    due = reads.due_for_delegation(actor("BOB", days=2).today)
    report = running.run_delegation(company, due, actor("JOB", days=2))

    assert due == [key]
    assert report.done == 1
    assert numbers(reads.requests_to_approve("DEE")) == ["PO-1"]


def test_entries_of_all_requests_are_kept(company, reads, sent, actor):
    key = sent()
    deciding.reject(company, key, actor("BOB"), comment="too dear")
    requesting.send_approval_request(company, key, actor("ANN"))
    entries = reads.entries_of(key)

    assert [entry.run_no for entry in entries] == [1, 1, 1, 2, 2, 2]
    assert [comment.text for comment in reads.comments_of(key)] == ["too dear"]
    assert reads.comments_of(key, run_no=2) == []


def test_the_fact_box_shows_the_last_entry_that_is_not_the_requesters(reads, sent, received):
    key = sent()
    entry = reads.factbox(key)

    assert (entry.approver, entry.status) == ("CID", EntryStatus.CREATED)
    assert reads.factbox(received("PO-2")) is None


def test_events_come_back_as_they_were_recorded(company, reads, received, actor):
    key = received()
    outcome = requesting.send_approval_request(company, key, actor("ANN"))
    recorded = reads.events_of(key)

    assert tuple(one.event for one in recorded[1:]) == outcome.events
    assert [one.actor for one in recorded] == ["ANN", "ANN", "ANN"]
    assert [one.at for one in recorded] == [one.event.at for one in recorded]
