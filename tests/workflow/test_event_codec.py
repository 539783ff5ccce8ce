"""Whatever is recorded can be read again, by this version and by later ones."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from example_events import delegation_failed
from workflow.due_dates import NaiveMoment
from workflow.event_codec import (
    EVENT_CLASSES,
    UnknownEventKind,
    UnreadableEvent,
    from_payload,
    kind_of,
    read_event,
    to_payload,
)
from workflow.events import ApprovalRequestSent, ApprovalUserRemoved, Event

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
st.register_type_strategy(str, TEXTS)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("event_class", EVENT_CLASSES.values(), ids=EVENT_CLASSES)
@settings(max_examples=max(3, settings.default.max_examples // 10))
@given(data=st.data())
def test_every_event_comes_back_as_it_was(event_class, data):
    event = data.draw(st.builds(event_class, **drawn_for_all(event_class)))

    assert from_payload(kind_of(event), to_payload(event)) == event


def drawn_for_all(event_class):
    """Fields with a default are not to keep it."""
    return {field.name: ... for field in fields(event_class)}


def test_amounts_and_moments_are_stored_exactly():
    event = ApprovalUserRemoved(
        at=datetime(2026, 3, 2, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=1))),
        actor="ANN",
        subject="BOB",
    )

    assert json.loads(to_payload(event))["at"] == "2026-03-02T11:00:00.000001+00:00"


def test_a_moment_without_a_time_zone_is_refused():
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - that is the point
    with pytest.raises(NaiveMoment):
        to_payload(ApprovalUserRemoved(at=naive, actor="ANN", subject="BOB"))


def test_an_old_payload_gets_the_defaults_of_new_fields(example):
    plain = json.loads(to_payload(example))
    del plain["external"], plain["tell"]

    assert from_payload("ApprovalRequestSent", json.dumps(plain)) == example


def test_a_field_that_is_not_known_any_more_is_passed_over(example):
    plain = json.loads(to_payload(example)) | {"colour": "red"}

    assert from_payload("ApprovalRequestSent", json.dumps(plain)) == example


def test_an_unknown_event_is_refused():
    with pytest.raises(UnknownEventKind, match="DocumentFramed"):
        from_payload("DocumentFramed", "{}")


def test_every_kind_of_event_is_known():
    recorded = {Event, *descendants(Event)} - {UnreadableEvent}  # which is only ever read

    assert set(EVENT_CLASSES.values()) == recorded


@pytest.mark.parametrize(
    ("kind", "payload", "problem"),
    [
        ("DocumentFramed", "{}", "'DocumentFramed', which this version does not know"),
        ("ApprovalRequestSent", "{}", "another form than this version knows"),
        ("ApprovalRequestSent", "{", "another form than this version knows"),
        ("ApprovalRequestSent", "[]", "another form than this version knows"),
    ],
)
def test_what_cannot_be_read_says_so_and_keeps_who_and_when(kind, payload, problem):
    event = read_event(kind, payload, at=NOON, actor="ANN")

    assert isinstance(event, UnreadableEvent)
    assert (event.kind, event.at, event.actor, event.tell) == (kind, NOON, "ANN", ())
    assert problem in event.problem


def test_what_can_be_read_is_read(example):
    read = read_event("ApprovalRequestSent", to_payload(example), at=NOON, actor="BOB")

    assert read == example


def test_why_nobody_took_over_is_read_as_an_older_version_recorded_it():
    stored = json.loads(to_payload(delegation_failed()))
    older = {name: stored[name] for name in stored.keys() - {"template", "values"}}

    read = from_payload("DelegationFailed", json.dumps(older))

    assert read.reason == read.why == delegation_failed().why


def descendants(kind):
    return {found for child in kind.__subclasses__() for found in ({child} | descendants(child))}


@pytest.fixture
def example():
    return from_payload(
        "ApprovalRequestSent",
        json.dumps(
            {
                "at": "2026-03-02T12:00:00+00:00",
                "actor": "ANN",
                "document": {
                    "area": "purchase",
                    "document_type": "order",
                    "number": "PO-1",
                    "description": "",
                    "external_document_no": "",
                    "counterparty_no": "",
                    "counterparty_name": "",
                    "document_date": date(2026, 3, 1).isoformat(),
                    "currency": "",
                    "amount": "1500.50",
                    "amount_including_vat": "1800",
                    "amount_lcy": "1500.5",
                    "line_count": 0,
                    "lines": [],
                },
                "requester": "ANN",
                "run_no": 1,
                "workflow_code": "PO",
                "workflow_version": 1,
            }
        ),
    )


def test_the_example_is_what_it_says(example):
    assert isinstance(example, ApprovalRequestSent)
    assert example.document.amount == Decimal("1500.5")
