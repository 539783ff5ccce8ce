"""Recording events: the audit trail, and the inbox of those somebody is to hear of."""

from collections.abc import Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.documents import id_of
from db.tables import event_inbox, events, webhook_endpoints
from notifications.webhook_messages import type_of
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
_HEARD = sa.exists().where(webhook_endpoints.c.enabled)
# By the event's number in its document, which the database need not be asked for first.
_OF_DOCUMENT = sa.and_(
    events.c.document_id == bindparam("of_document"), events.c.seq == bindparam("number")
)
_INSERT_INBOX = sa.insert(event_inbox).from_select(
    ["event_id"], sa.select(events.c.id).where(_OF_DOCUMENT)
)
_INSERT_INBOX_IF_HEARD = sa.insert(event_inbox).from_select(
    ["event_id"], sa.select(events.c.id).where(_OF_DOCUMENT, _HEARD)
)
_INSERT_INBOX_ONE = sa.insert(event_inbox)
_SOMEBODY_HEARS = sa.select(_HEARD)


def record_events(
    connection: Connection, document: Document, recorded: Iterable[DocumentEvent]
) -> None:
    """Give the events the document's next numbers; the document is to be saved afterwards."""
    facts = list(recorded)
    record_events_of(connection, id_of(document), str(document.key), document.event_count, facts)
    document.event_count += len(facts)


def record_events_of(
    connection: Connection,
    document_id: int,
    subject: str,
    last: int,
    recorded: Iterable[DocumentEvent],
) -> None:
    """*last* is the number of the document's last event."""
    facts = list(recorded)
    numbers = range(last + 1, last + len(facts) + 1)
    rows = [
        {"document_id": document_id, "seq": number, "subject": subject, **_columns(event)}
        for number, event in zip(numbers, facts, strict=True)
    ]
    if rows:
        connection.execute(_INSERT_EVENTS, rows)
    for statement, wanted in (
        (_INSERT_INBOX, _has_readers),
        (_INSERT_INBOX_IF_HEARD, _may_be_heard),
    ):
        told = [
            {"of_document": row["document_id"], "number": row["seq"]}
            for row, event in zip(rows, facts, strict=True)
            if wanted(event)
        ]
        if told:
            connection.execute(statement, told)


def recorded_events(connection: Connection, document: Document, kind: type[E]) -> list[E]:
    """Oldest first; what this version cannot read is left out."""
    rows = connection.execute(_OF_KIND, {"of_document": id_of(document), "of_kind": kind.__name__})
    found = [read_event(row.kind, row.payload, at=row.at, actor=row.actor) for row in rows]
    return [event for event in found if isinstance(event, kind)]


def record_setup_events(connection: Connection, recorded: Iterable[SetupEvent]) -> None:
    facts = list(recorded)
    heard = any(map(_may_be_heard, facts)) and connection.execute(_SOMEBODY_HEARS).scalar_one()
    told = {id(event) for event in facts if event.tell or (heard and _may_be_heard(event))}
    rows = [_setup_columns(event) for event in facts if id(event) not in told]
    if rows:
        connection.execute(_INSERT_EVENTS, rows)
    for event in facts:
        if id(event) in told:
            number = connection.execute(_INSERT_ONE, _setup_columns(event)).scalar_one()
            connection.execute(_INSERT_INBOX_ONE, {"event_id": number})


def _has_readers(event: Event) -> bool:
    return event.has_readers


def _may_be_heard(event: Event) -> bool:
    """Nobody is to be told of it, but webhooks say it too."""
    return not event.has_readers and type_of(event) is not None


def _setup_columns(event: SetupEvent) -> dict[str, Any]:
    return {"document_id": None, "seq": None, "subject": event.subject, **_columns(event)}


def _columns(event: Event) -> dict[str, Any]:
    return {
        "kind": kind_of(event),
        "at": event.at,
        "actor": event.actor,
        "payload": to_payload(event),
    }
