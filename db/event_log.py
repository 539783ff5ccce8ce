"""Recording events: the audit trail, and the inbox of those somebody is to be told of."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.documents import id_of
from db.tables import event_inbox, events
from workflow.documents import Document
from workflow.event_codec import kind_of, to_payload
from workflow.events import DocumentEvent, Event, SetupEvent

_INSERT_EVENTS = sa.insert(events).returning(events.c.id, sort_by_parameter_order=True)
_INSERT_INBOX = sa.insert(event_inbox)


def record_events(
    connection: Connection, document: Document, recorded: Iterable[DocumentEvent]
) -> None:
    """Give the events the document's next numbers; the document is to be saved afterwards."""
    facts = list(recorded)
    numbers = range(document.event_count + 1, document.event_count + len(facts) + 1)
    rows = [
        {
            "document_id": id_of(document),
            "seq": number,
            "subject": str(document.key),
            **_columns(event),
        }
        for number, event in zip(numbers, facts, strict=True)
    ]
    document.event_count += len(facts)
    _insert(connection, facts, rows)


def record_setup_events(connection: Connection, recorded: Iterable[SetupEvent]) -> None:
    facts = list(recorded)
    rows = [
        {"document_id": None, "seq": None, "subject": event.subject, **_columns(event)}
        for event in facts
    ]
    _insert(connection, facts, rows)


def _columns(event: Event) -> dict[str, Any]:
    return {
        "kind": kind_of(event),
        "at": event.at,
        "actor": event.actor,
        "payload": to_payload(event),
    }


def _insert(connection: Connection, facts: list[Any], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    ids = connection.scalars(_INSERT_EVENTS, rows).all()
    told = [{"event_id": id_} for id_, event in zip(ids, facts, strict=True) if event.tell]
    if told:
        connection.execute(_INSERT_INBOX, told)
