"""From events to deliveries: one for each endpoint that wants the event's type."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection, Row

from db.inserts import insert_new
from db.notification_rows import RECORDED
from db.tables import documents, events, webhook_deliveries, webhook_endpoints
from db.waking import WEBHOOKS, wake
from notifications.webhook_messages import ANSWERS, asks_flow, body_of, type_of, wants
from notifications.webhooks import DeliveryState
from workflow.event_codec import read_event

BETWEEN: Final = ","
_ENDPOINTS = sa.select(
    webhook_endpoints.c.id, webhook_endpoints.c.types, webhook_endpoints.c.acts_as
).where(webhook_endpoints.c.enabled)
_EVENTS = (
    sa.select(*RECORDED, events.c.seq, documents.c.version)
    .select_from(events.outerjoin(documents, documents.c.id == events.c.document_id))
    .where(events.c.id.in_(bindparam("these", expanding=True)))
    .order_by(events.c.id)
)
Endpoints = Sequence[Row[*tuple[Any, ...]]]


def make_deliveries(
    connection: Connection,
    event_ids: Collection[int],
    base_url: str,
    endpoint_id: int | None = None,
) -> None:
    """To every enabled endpoint, or to one of them; what is there already is not made again."""
    endpoints = [
        row
        for row in connection.execute(_ENDPOINTS)
        if endpoint_id is None or row.id == endpoint_id
    ]
    if not endpoints:
        return
    recorded = connection.execute(_EVENTS, {"these": list(event_ids)})
    rows = [row for event in recorded for row in _deliveries(event, endpoints, base_url)]
    if rows:
        connection.execute(insert_new(connection, webhook_deliveries), rows)
        wake(connection, WEBHOOKS)


def types_of(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(BETWEEN) if name)


def _deliveries(
    row: Row[*tuple[Any, ...]], endpoints: Endpoints, base_url: str
) -> Iterable[dict[str, Any]]:
    event = read_event(row.kind, row.payload, at=row.at, actor=row.actor)
    event_type = type_of(event)
    if event_type is None:
        return
    for endpoint in endpoints:
        if not wants(types_of(endpoint.types), event_type):
            continue
        webhook_id = f"msg_{secrets.token_hex(16)}"
        asks = asks_flow(event) and bool(endpoint.acts_as)
        yield {
            "webhook_id": webhook_id,
            "event_id": row.recorded_id,
            "endpoint_id": endpoint.id,
            "type": event_type,
            "asks": asks,
            "body": body_of(
                event,
                event_type,
                event_id=row.recorded_id,
                sequence=row.seq,
                version=row.version,
                message_id=webhook_id,
                answer_to=f"{base_url}{ANSWERS}{webhook_id}" if asks else "",
            ),
            "created_at": event.at,
            "state": DeliveryState.QUEUED,
            "next_attempt_at": event.at,
            "attempts": 0,
        }
