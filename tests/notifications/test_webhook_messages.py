"""What a webhook says about each event."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from example_events import DOCUMENT, ENTRY, about, every_event, webhook_disabled
from notifications.webhook_messages import (
    KNOWN_TYPES,
    LARGEST,
    MORE,
    TYPES,
    asks_flow,
    body_of,
    type_of,
    wants,
)
from workflow.event_codec import EVENT_CLASSES, UnreadableEvent
from workflow.events import (
    ApprovalRequestSent,
    CommentAdded,
    CompanyChanged,
    DocumentChanged,
    DocumentEvent,
    Event,
    FieldChange,
    RequestApproved,
    SetupEvent,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SENT = {"workflow_code": "PO", "workflow_version": 2}


def said(event, **more):
    facts = {"event_id": 7, "sequence": 3, "version": 5} | more
    return json.loads(body_of(event, type_of(event) or "none", **facts))


def test_somebody_decided_for_every_event_what_receivers_call_it():
    abstract = {Event, DocumentEvent, SetupEvent}

    assert set(TYPES) == set(EVENT_CLASSES.values()) - abstract


def test_the_facts_of_each_event_are_fields_it_has():
    for kind, names in MORE.items():
        assert set(names) <= set(kind.__dataclass_fields__), kind


@pytest.mark.parametrize(
    "name",
    [
        "document.submitted",
        "entry.opened",
        "entry.delegated",
        "entry.approved",
        "entry.rejected",
        "comment.added",
        "document.released",
        "document.canceled",
        "document.amended",
        "document.reopened",
        "document.posted",
        "document.deleted",
        "approval.overdue",
        "mail.bounced",
        "config.changed",
    ],
)
def test_the_types_that_receivers_rely_on_stay(name):
    assert name in KNOWN_TYPES


def test_an_approval_says_who_approved_what():
    approved = said(RequestApproved(**about("BOB", "ANN"), entry=ENTRY, comment="Fine", pending=1))

    assert approved["type"] == "entry.approved"
    assert datetime.fromisoformat(approved["timestamp"]).tzinfo is not None
    data = approved["data"]
    assert (data["event_id"], data["sequence"], data["document"]["version"]) == (7, 3, 5)
    assert (data["actor"], data["comment"], data["pending"]) == ("BOB", "Fine", 1)
    assert data["entry"]["approver"] == ENTRY.approver
    assert data["request"]["requester"] == "ANN"


@pytest.mark.parametrize("event", every_event())
def test_amounts_are_texts_and_equal_to_those_of_the_event(event):
    document = said(event)["data"]["document"]

    assert isinstance(document["amount"], str)
    assert Decimal(document["amount"]) == event.document.amount
    assert "lines" not in document


def test_the_setup_is_told_without_what_was_changed():
    changes = (FieldChange(field="currency", before="EUR", after="USD"),)
    message = said(CompanyChanged(at=AT, actor="CID", subject="company", changes=changes))

    assert message["type"] == "config.changed"
    assert message["data"] == {
        "event_id": 7,
        "kind": "CompanyChanged",
        "actor": "CID",
        "subject": "company",
    }


@pytest.mark.parametrize("letter", ["x", "€", "\0", "😀", '"'])
def test_no_message_reaches_twenty_kilobytes(letter):
    long = FieldChange(field=letter * 5000, before=letter * 5000, after=letter * 5000)
    named = {"counterparty_name": letter * 9000, "external_document_no": letter * 9000}
    document = replace(DOCUMENT, **named)
    for event in (
        CommentAdded(**about("BOB"), text=letter * 5000),
        DocumentChanged(
            **about("BOB", document=document),
            changes=(long,) * 200,
            significant=True,
        ),
    ):
        body = body_of(event, "x", event_id=1, sequence=1, version=1)

        assert len(body.encode()) < LARGEST
        json.loads(body)


def test_only_an_external_flow_is_told_where_to_answer():
    asked = ApprovalRequestSent(**about("ANN"), **SENT, external=True)
    answer = {"answer_to": "https://a.example/webhooks/answers/msg_1", "message_id": "msg_1"}

    assert asks_flow(asked)
    assert not asks_flow(ApprovalRequestSent(**about("ANN"), **SENT))
    assert said(asked, **answer)["data"]["answer"] == {
        "to": "https://a.example/webhooks/answers/msg_1",
        "in_reply_to": "msg_1",
        "choices": ["continue", "reject", "cancel"],
    }
    assert "answer" not in said(asked)["data"]


def test_an_event_of_a_later_version_has_no_type():
    assert type_of(UnreadableEvent(at=AT, actor="BOB", kind="New", problem="?")) is None
    assert type_of(webhook_disabled()) is None


def test_an_endpoint_without_types_wants_all_of_them():
    assert wants((), "entry.opened")
    assert wants(("entry.opened",), "entry.opened")
    assert not wants(("entry.closed",), "entry.opened")
