"""Recording events: the audit trail, and the inbox of those somebody is to hear of."""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.documents import id_of
from db.prepared import Prepared
from db.tables import event_inbox, events, webhook_endpoints
from db.waking import MAIL, WEBHOOKS, wake, wake_if
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
_INSERT_EVENTS = Prepared(sa.insert(events))
_INSERT_ONE = sa.insert(events).returning(events.c.id)
_HEARD = sa.exists().where(webhook_endpoints.c.enabled)
_NAMES = ("document_id", "seq", "subject", "kind", "at", "actor", "payload")
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
    rows: list[dict[str, Any]] = [
        {"document_id": document_id, "seq": number, "subject": subject, **_columns(event)}
        for number, event in zip(numbers, facts, strict=True)
    ]
    if rows:
        values = {f"{name}_{place}": row[name] for place, row in enumerate(rows) for name in _NAMES}
        _inserting(len(rows)).changed(connection, values)
    told = [
        (number, int(event.has_readers))
        for number, event in zip(numbers, facts, strict=True)
        if event.has_readers or _may_be_heard(event)
    ]
    if told:
        values = {"of_document": document_id}
        for place, (number, read) in enumerate(told):
            values |= {f"number_{place}": number, f"read_{place}": read}
        taken_in = _telling(len(told)).changed(connection, values)
        if any(read for _, read in told):
            wake(connection, MAIL, WEBHOOKS)
        else:
            wake_if(connection, taken_in, WEBHOOKS)


@cache
def _inserting(count: int) -> Prepared:
    """So many events at once."""
    rows: list[dict[str, Any]] = [
        {name: bindparam(f"{name}_{place}") for name in _NAMES} for place in range(count)
    ]
    return Prepared(sa.insert(events).values(rows))


@cache
def _telling(count: int) -> Prepared:
    """So many events at once, by their numbers in the document: their ids are not known here.

    Those that somebody reads, and the others where webhooks hear of them.
    """
    wanted = [
        sa.and_(
            events.c.seq == bindparam(f"number_{place}"),
            sa.or_(bindparam(f"read_{place}", type_=sa.Integer) == 1, _HEARD),
        )
        for place in range(count)
    ]
    found = sa.select(events.c.id).where(
        events.c.document_id == bindparam("of_document"), sa.or_(*wanted)
    )
    return Prepared(sa.insert(event_inbox).from_select(["event_id"], found.order_by(events.c.seq)))


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
    _INSERT_EVENTS.change_many(connection, rows)
    for event in facts:
        if id(event) in told:
            number = connection.execute(_INSERT_ONE, _setup_columns(event)).scalar_one()
            connection.execute(_INSERT_INBOX_ONE, {"event_id": number})
            wake(connection, MAIL, WEBHOOKS)


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
