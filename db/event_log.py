"""Recording events: the audit trail, and the inbox of those somebody is to be told of."""

from collections.abc import Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.documents import id_of
from db.tables import event_inbox, events
from workflow.documents import Document
from workflow.event_codec import kind_of, read_event, to_payload
from workflow.events import DocumentEvent, Event, SetupEvent

E = TypeVar("E", bound=DocumentEvent)

_OF_KIND = (
    sa.select(events.c.kind, events.c.payload, events.c.at, events.c.actor)
    .where(events.c.document_id == bindparam("of_document"), events.c.kind == bindparam("of_kind"))
    .order_by(events.c.seq)
)
_INSERT_EVENTS = sa.insert(events)
_INSERT_ONE = sa.insert(events).returning(events.c.id)
_INSERT_INBOX_ONE = sa.insert(event_inbox)
# By the event's number in its document, which the database need not be asked for first.
_INSERT_INBOX = sa.insert(event_inbox).from_select(
    ["event_id"],
    sa.select(events.c.id).where(
        events.c.document_id == bindparam("of_document"), events.c.seq == bindparam("number")
    ),
)


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
    if rows:
        connection.execute(_INSERT_EVENTS, rows)
    told = [
        {"of_document": row["document_id"], "number": row["seq"]}
        for row, event in zip(rows, facts, strict=True)
        if event.has_readers
    ]
    if told:
        connection.execute(_INSERT_INBOX, told)


def recorded_events(connection: Connection, document: Document, kind: type[E]) -> list[E]:
    """Oldest first; what this version cannot read is left out."""
    rows = connection.execute(_OF_KIND, {"of_document": id_of(document), "of_kind": kind.__name__})
    found = [read_event(row.kind, row.payload, at=row.at, actor=row.actor) for row in rows]
    return [event for event in found if isinstance(event, kind)]


def record_setup_events(connection: Connection, recorded: Iterable[SetupEvent]) -> None:
    facts = list(recorded)
    rows = [_setup_columns(event) for event in facts if not event.tell]
    if rows:
        connection.execute(_INSERT_EVENTS, rows)
    for event in facts:
        if event.tell:
            number = connection.execute(_INSERT_ONE, _setup_columns(event)).scalar_one()
            connection.execute(_INSERT_INBOX_ONE, {"event_id": number})


def _setup_columns(event: SetupEvent) -> dict[str, Any]:
    return {"document_id": None, "seq": None, "subject": event.subject, **_columns(event)}


def _columns(event: Event) -> dict[str, Any]:
    return {
        "kind": kind_of(event),
        "at": event.at,
        "actor": event.actor,
        "payload": to_payload(event),
    }
