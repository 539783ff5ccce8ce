"""Who is told about what, and in whose name."""

import pytest

from example_events import (
    EVERY_MESSAGE,
    about,
    delegated,
    email_changed,
    emailed,
    overdue,
    password_link_made,
    requested,
)
from notifications.messages import OUTSIDE, Message, UnknownEvent, messages_for
from workflow.events import (
    ApprovalRequestSent,
    CommentAdded,
    DelegationFailed,
    DocumentConverted,
    DocumentDeleted,
    DocumentEvent,
    DocumentPosted,
    DocumentReceived,
    DocumentReopened,
    Event,
    RequestCanceled,
    SetupEvent,
)
from workflow.statuses import DocumentType


def told(event: Event) -> list[tuple[str, str, str]]:
    return [(m.message, m.recipient, m.requester) for m in messages_for(event)]


def test_an_approver_is_asked_in_the_name_of_the_requester():
    assert messages_for(requested()) == [
        Message(message="approval_requested", recipient="BOB", requester="ANN")
    ]


def test_the_new_approver_is_asked_and_the_others_only_hear_of_it():
    assert told(delegated()) == [
        ("request_delegated", "DEE", "ANN"),
        ("delegation_notice", "ANN", ""),
        ("delegation_notice", "CID", ""),
    ]


def test_nobody_gets_mail_from_himself():
    canceled = RequestCanceled(**about("CID", "BOB", "ANN"))

    assert told(canceled) == [("request_canceled", "BOB", "ANN"), ("request_canceled", "ANN", "")]


def test_a_person_named_twice_is_told_once_and_the_order_is_kept():
    deleted = DocumentDeleted(**about("CID", "DEE", "BOB", "DEE"), was_pending=True)

    assert [m.recipient for m in messages_for(deleted)] == ["DEE", "BOB"]


def test_the_requester_is_told_of_the_posting_in_nobodys_name():
    posted = DocumentPosted(**about("CID", "ANN"), posted=("posted_invoice",))

    assert told(posted) == [("document_posted", "ANN", "")]


def test_an_event_that_names_nobody_gives_no_message():
    assert messages_for(CommentAdded(**about("CID"), text="to myself")) == []


def test_a_warning_to_administrators_is_in_nobodys_name():
    failed = DelegationFailed(**about("system", "CID"), entry=overdue().entry, why="Nobody.")

    assert told(failed) == [("delegation_failed", "CID", "")]


@pytest.mark.parametrize(
    "event",
    [
        DocumentReceived(**about("ANN", "BOB")),
        ApprovalRequestSent(**about("ANN", "BOB"), workflow_code="BUY", workflow_version=1),
        DocumentReopened(**about("ANN", "BOB")),
        DocumentConverted(
            **about("ANN", "BOB"), new_document_type=DocumentType.ORDER, new_number="1"
        ),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_only_goes_on_record_is_told_to_nobody(event):
    assert messages_for(event) == []


def test_an_unknown_event_is_refused():
    with pytest.raises(UnknownEvent, match="Event"):
        messages_for(Event(at=requested().at, actor="ANN"))


def test_every_kind_of_event_has_been_thought_of():
    unknown = []
    for kind in (*DocumentEvent.__subclasses__(), *SetupEvent.__subclasses__()):
        event = object.__new__(kind)
        object.__setattr__(event, "tell", ())
        object.__setattr__(event, "to_address", "")
        try:
            messages_for(event)
        except UnknownEvent:
            unknown.append(kind.__name__)

    assert unknown == [], "say in notifications/messages.py who is told"


def test_the_examples_make_mail_for_somebody():
    inside = [pair for pair in EVERY_MESSAGE if pair[0].message not in OUTSIDE]

    assert all(message.recipient in event.tell for message, event in inside)


def test_a_document_goes_outside_in_nobodys_name():
    assert told(emailed()) == [("document_to_counterparty", "orders@bakker.example", "")]


def test_a_changed_address_is_told_to_the_old_one_and_the_new_one_in_nobodys_name():
    assert told(password_link_made()) == [("password_link_made", "ann@contoso.com", "")]
    assert told(email_changed()) == [
        ("email_changed", "ann@contoso.com", ""),
        ("email_changed", "ann.lee@contoso.com", ""),
    ]
