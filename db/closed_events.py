"""What is still recorded of documents that were posted or deleted: their events have stayed."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.event_log import record_events_of
from db.tables import documents, events
from workflow.documents import DocumentKey
from workflow.event_codec import read_event
from workflow.events import DocumentEvent

_LAST = (
    sa.select(
        events.c.document_id,
        events.c.seq,
        events.c.kind,
        events.c.payload,
        events.c.at,
        events.c.actor,
    )
    .where(
        events.c.subject == bindparam("of_subject"),
        events.c.document_id.is_not(None),
        sa.not_(sa.exists().where(documents.c.id == events.c.document_id)),
    )
    .order_by(events.c.id.desc())
    .limit(1)
)


def last_of_closed(connection: Connection, key: DocumentKey) -> DocumentEvent | None:
    row = connection.execute(_LAST, {"of_subject": str(key)}).one_or_none()
    if row is None:
        return None
    event = read_event(row.kind, row.payload, at=row.at, actor=row.actor)
    return event if isinstance(event, DocumentEvent) else None


def record_closed_events(
    connection: Connection, key: DocumentKey, recorded: Iterable[DocumentEvent]
) -> None:
    """Two at once would take the same number: then the second is a conflict, and comes again."""
    row = connection.execute(_LAST, {"of_subject": str(key)}).one()
    record_events_of(connection, row.document_id, str(key), row.seq, recorded)
