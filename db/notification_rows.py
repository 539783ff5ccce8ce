"""Recorded events and notifications as they are read from their tables.

An event that cannot be read is read as ``UnreadableEvent``: it must not hide the others.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Row

from db.tables import events, notifications
from notifications.ports import Notification, RecordedEvent
from workflow.event_codec import read_event

RECORDED = (
    events.c.id.label("recorded_id"),
    events.c.kind,
    events.c.at,
    events.c.actor,
    events.c.payload,
)
NOTIFICATIONS = sa.select(
    notifications.c.id,
    notifications.c.recipient,
    notifications.c.message,
    notifications.c.requester,
    notifications.c.email_id,
    notifications.c.collected,
    *RECORDED,
).select_from(notifications.join(events))


def recorded_from(row: Row[*tuple[object, ...]]) -> RecordedEvent:
    event = read_event(row.kind, row.payload, at=row.at, actor=row.actor)
    return RecordedEvent(id=row.recorded_id, event=event)


def notification_from(row: Row[*tuple[object, ...]]) -> Notification:
    return Notification(
        id=row.id,
        recipient=row.recipient,
        message=row.message,
        requester=row.requester,
        recorded=recorded_from(row),
        collected=row.collected,
    )
