"""The endpoints for webhooks; their secrets are encrypted with the secret keys."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from db.event_log import record_setup_events
from db.key_ring import KeyRing, SecretKeyChanged
from db.short_transactions import ShortTransactions
from db.tables import documents, events, webhook_attempts, webhook_deliveries, webhook_endpoints
from db.waking import WEBHOOKS, wake
from db.webhook_making import BETWEEN, make_deliveries, types_of
from notifications.webhooks import AskedFlow, DeliveryReading, DeliveryState, DisabledWhy, Endpoint
from workflow.documents import DocumentKey
from workflow.event_codec import from_payload
from workflow.events import ApprovalRequestSent, WebhookChanged

_LAST = (
    sa.select(sa.func.max(webhook_attempts.c.id))
    .where(webhook_attempts.c.delivery_id == webhook_deliveries.c.id)
    .correlate(webhook_deliveries)
    .scalar_subquery()
)
_DELIVERIES = sa.select(
    webhook_deliveries,
    events.c.subject,
    webhook_attempts.c.at.label("last_at"),
    webhook_attempts.c.status.label("last_status"),
    webhook_attempts.c.duration_ms.label("last_duration_ms"),
    webhook_attempts.c.text.label("last_text"),
).select_from(
    webhook_deliveries.join(events).outerjoin(webhook_attempts, webhook_attempts.c.id == _LAST)
)
_ASKED = (
    sa.select(
        documents.c.area,
        documents.c.document_type,
        documents.c.number,
        events.c.kind,
        events.c.payload,
        webhook_endpoints.c.acts_as,
        webhook_endpoints.c.enabled,
        webhook_endpoints.c.secret,
        webhook_endpoints.c.old_secret,
        webhook_endpoints.c.old_secret_until,
    )
    .select_from(
        webhook_deliveries.join(webhook_endpoints)
        .join(events, events.c.id == webhook_deliveries.c.event_id)
        .join(documents, documents.c.id == events.c.document_id)
    )
    .where(webhook_deliveries.c.asks, webhook_deliveries.c.webhook_id == sa.bindparam("this"))
)
_MAY_BE_REPLAYED = sa.and_(
    webhook_deliveries.c.state != DeliveryState.SENDING,
    webhook_deliveries.c.endpoint_id.in_(
        sa.select(webhook_endpoints.c.id).where(webhook_endpoints.c.enabled)
    ),
)
_READING: Final = tuple(DeliveryReading.__dataclass_fields__)
AT_ONCE: Final = 500  # events in one transaction, for which other writers wait


class SqlWebhookEndpoints(ShortTransactions):
    """The mail's ``WebhookEndpoints`` and ``AskedFlows``."""

    def __init__(
        self,
        engine: sa.Engine,
        secret_keys: Callable[[], tuple[str, ...]],
        *,
        base_url: str = "",
    ) -> None:
        super().__init__(engine, base_url=base_url)
        self._ring = KeyRing(secret_keys)

    def all(self) -> list[Endpoint]:
        statement = sa.select(webhook_endpoints).order_by(webhook_endpoints.c.id)
        with self._reading.connect() as connection:
            return [_endpoint(row) for row in connection.execute(statement)]

    def find(self, endpoint_id: int) -> Endpoint | None:
        statement = sa.select(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id)
        with self._reading.connect() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else _endpoint(row)

    def add(self, endpoint: Endpoint, secret: str, changed: WebhookChanged) -> int:
        row = {
            "url": endpoint.url,
            "types": BETWEEN.join(endpoint.types),
            "acts_as": endpoint.acts_as,
            "secret": self._ring.encrypted(secret),
            "old_secret": "",
            "enabled": endpoint.enabled,
            "disabled_why": endpoint.disabled_why or "",
            "created_at": endpoint.created_at,
            "created_by": endpoint.created_by,
        }
        with self._engine.begin() as connection:
            statement = sa.insert(webhook_endpoints).returning(webhook_endpoints.c.id)
            number: int = connection.execute(statement, row).scalar_one()
            record_setup_events(connection, [changed])
            return number

    def change(
        self,
        endpoint_id: int,
        *,
        url: str,
        types: Sequence[str],
        acts_as: str,
        changed: WebhookChanged,
    ) -> bool:
        values = {"url": url, "types": BETWEEN.join(types), "acts_as": acts_as}
        return self._change(endpoint_id, values, changed)

    def rotate(
        self, endpoint_id: int, secret: str, old_until: datetime, changed: WebhookChanged
    ) -> bool:
        values = {
            "old_secret": webhook_endpoints.c.secret,
            "old_secret_until": old_until,
            "secret": self._ring.encrypted(secret),
        }
        return self._change(endpoint_id, values, changed)

    def enable(self, endpoint_id: int, changed: WebhookChanged) -> bool:
        values = {"enabled": True, "disabled_why": "", "failing_since": None}
        again = {"state": DeliveryState.QUEUED, "next_attempt_at": changed.at, "attempts": 0}
        return self._change(endpoint_id, values, changed, {DeliveryState.DISABLED: again})

    def disable(self, endpoint_id: int, why: DisabledWhy, changed: WebhookChanged) -> bool:
        with self._engine.begin() as connection:
            record_setup_events(connection, [changed])
            return disable_endpoint(connection, endpoint_id, why)

    def remove(self, endpoint_id: int, changed: WebhookChanged) -> bool:
        of_it = webhook_deliveries.c.endpoint_id == endpoint_id
        with self._engine.begin() as connection:
            these = sa.select(webhook_deliveries.c.id).where(of_it)
            connection.execute(
                sa.delete(webhook_attempts).where(webhook_attempts.c.delivery_id.in_(these))
            )
            connection.execute(sa.delete(webhook_deliveries).where(of_it))
            removed = connection.execute(
                sa.delete(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id)
            )
            record_setup_events(connection, [changed])
            return removed.rowcount == 1

    # --- deliveries --------------------------------------------------------------------------

    def deliveries(self, endpoint_id: int, limit: int) -> list[DeliveryReading]:
        statement = (
            _DELIVERIES.where(webhook_deliveries.c.endpoint_id == endpoint_id)
            .order_by(webhook_deliveries.c.id.desc())
            .limit(limit)
        )
        with self._reading.connect() as connection:
            return [_reading(row) for row in connection.execute(statement)]

    def delivery(self, delivery_id: int) -> DeliveryReading | None:
        with self._reading.connect() as connection:
            row = connection.execute(
                _DELIVERIES.where(webhook_deliveries.c.id == delivery_id)
            ).one_or_none()
        return None if row is None else _reading(row)

    def body(self, delivery_id: int) -> str:
        statement = sa.select(webhook_deliveries.c.body).where(
            webhook_deliveries.c.id == delivery_id
        )
        with self._reading.connect() as connection:
            return connection.scalar(statement) or ""

    def replay(self, delivery_id: int, now: datetime, *, dry_run: bool) -> bool:
        with self._engine.connect() as connection:
            replayed = _replay(connection, webhook_deliveries.c.id == delivery_id, now) == 1
            if not dry_run:
                connection.commit()
            return replayed

    def replay_range(
        self, first: int, last: int, now: datetime, *, endpoint: Endpoint, dry_run: bool
    ) -> int:
        count, after = 0, first - 1
        while True:
            with self._engine.connect() as connection:
                ids = _next_events(connection, after, last)
                if not ids:
                    return count
                of_it = sa.and_(
                    webhook_deliveries.c.endpoint_id == endpoint.id,
                    webhook_deliveries.c.event_id.in_(ids),
                )
                make_deliveries(connection, ids, self._base_url, endpoint.id)
                count += _replay(connection, of_it, now)
                if not dry_run:
                    connection.commit()
            after = ids[-1]

    # --- answers -----------------------------------------------------------------------------

    def asked(self, webhook_id: str, now: datetime) -> AskedFlow | None:
        with self._reading.connect() as connection:
            row = connection.execute(_ASKED, {"this": webhook_id}).one_or_none()
        if row is None:
            return None
        event = from_payload(row.kind, row.payload)
        if not isinstance(event, ApprovalRequestSent):
            return None
        return AskedFlow(
            document=DocumentKey(row.area, row.document_type, row.number),
            request=event.run_no,
            acts_as=row.acts_as,
            enabled=row.enabled,
            secrets=secrets_of(row, self._ring, now),
        )

    def _change(
        self,
        endpoint_id: int,
        values: dict[str, Any],
        changed: WebhookChanged,
        waiting: dict[DeliveryState, dict[str, Any]] | None = None,
    ) -> bool:
        with self._engine.begin() as connection:
            updated = connection.execute(
                sa.update(webhook_endpoints)
                .where(webhook_endpoints.c.id == endpoint_id)
                .values(values)
            )
            for state, columns in (waiting or {}).items():
                connection.execute(
                    sa.update(webhook_deliveries)
                    .where(
                        webhook_deliveries.c.endpoint_id == endpoint_id,
                        webhook_deliveries.c.state == state,
                    )
                    .values(columns)
                )
            record_setup_events(connection, [changed])
            wake(connection, WEBHOOKS)
            return updated.rowcount == 1


def disable_endpoint(connection: Connection, endpoint_id: int, why: DisabledWhy) -> bool:
    """What waits is kept, and sent when the endpoint is enabled again."""
    disabled = connection.execute(
        sa.update(webhook_endpoints)
        .where(webhook_endpoints.c.id == endpoint_id, webhook_endpoints.c.enabled)
        .values(enabled=False, disabled_why=why)
    )
    connection.execute(
        sa.update(webhook_deliveries)
        .where(
            webhook_deliveries.c.endpoint_id == endpoint_id,
            webhook_deliveries.c.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING]),
        )
        .values(state=DeliveryState.DISABLED, next_attempt_at=None, owner=None, lease_until=None)
    )
    return disabled.rowcount == 1


def secrets_of(row: Row[*tuple[Any, ...]], ring: KeyRing, now: datetime) -> tuple[str, ...]:
    """The new one first; none where they cannot be read."""
    rotating = row.old_secret_until is not None and now < row.old_secret_until
    stored = (row.secret, row.old_secret) if rotating else (row.secret,)
    try:
        return tuple(ring.decrypted(one) for one in stored if one)
    except SecretKeyChanged:
        return ()


def _next_events(connection: Connection, after: int, last: int) -> list[int]:
    statement = (
        sa.select(events.c.id)
        .where(events.c.id > after, events.c.id <= last)
        .order_by(events.c.id)
        .limit(AT_ONCE)
    )
    return list(connection.scalars(statement))


def _replay(connection: Connection, which: sa.ColumnElement[bool], now: datetime) -> int:
    wake(connection, WEBHOOKS)
    return connection.execute(
        sa.update(webhook_deliveries)
        .where(which, _MAY_BE_REPLAYED)
        .values(state=DeliveryState.QUEUED, next_attempt_at=now, attempts=0)
    ).rowcount


def _endpoint(row: Row[*tuple[Any, ...]]) -> Endpoint:
    return Endpoint(
        id=row.id,
        url=row.url,
        types=types_of(row.types),
        acts_as=row.acts_as,
        enabled=row.enabled,
        disabled_why=DisabledWhy(row.disabled_why) if row.disabled_why else None,
        created_at=row.created_at,
        created_by=row.created_by,
        failing_since=row.failing_since,
        old_secret_until=row.old_secret_until,
    )


def _reading(row: Row[*tuple[Any, ...]]) -> DeliveryReading:
    columns = row._mapping  # noqa: SLF001 - how SQLAlchemy calls a row's columns by name
    return DeliveryReading(**{name: columns[name] for name in _READING})
