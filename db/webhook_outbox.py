"""Delivering webhooks: each is sent by one worker at a time, until its lease ends."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.event_log import record_setup_events
from db.key_ring import KeyRing
from db.resting_senders import ADMINISTRATORS
from db.short_transactions import ShortTransactions
from db.tables import events, webhook_attempts, webhook_deliveries, webhook_endpoints
from db.webhook_endpoints import disable_endpoint, secrets_of
from db.webhook_tables import WAITING
from notifications.refused_senders import DELIVERY
from notifications.webhook_retries import NEVER_LATER
from notifications.webhook_targets import host_of
from notifications.webhooks import ClaimedDelivery, DeliveryState, DisabledWhy, Posted
from workflow.event_codec import read_event
from workflow.events import DocumentEvent, WebhookDisabled

# A moment has come; or it never will, because a clock that was ahead has set it.
_REACHED = {
    moment: sa.or_(moment <= bindparam("now"), moment > bindparam("never"))
    for moment in (webhook_deliveries.c.next_attempt_at, webhook_deliveries.c.lease_until)
}
_IS_DUE = sa.and_(
    WAITING,  # implied by the rest, and what the index covers
    sa.or_(
        sa.and_(
            webhook_deliveries.c.state == DeliveryState.QUEUED,
            _REACHED[webhook_deliveries.c.next_attempt_at],
        ),
        sa.and_(
            webhook_deliveries.c.state == DeliveryState.SENDING,
            _REACHED[webhook_deliveries.c.lease_until],
        ),
    ),
)
_DUE_ENDPOINTS = (
    sa.select(webhook_endpoints.c.id)
    .where(
        webhook_endpoints.c.enabled,
        sa.exists().where(webhook_deliveries.c.endpoint_id == webhook_endpoints.c.id, _IS_DUE),
    )
    .order_by(webhook_endpoints.c.id)
)
# Locked and then updated, in two statements, as emails are.
_NEXT = (
    sa.select(webhook_deliveries.c.id)
    .where(webhook_deliveries.c.endpoint_id == bindparam("its_endpoint"), _IS_DUE)
    .order_by(webhook_deliveries.c.next_attempt_at, webhook_deliveries.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    sa.update(webhook_deliveries)
    .where(webhook_deliveries.c.id == bindparam("this"))
    .values(
        state=DeliveryState.SENDING, owner=bindparam("new_owner"), lease_until=bindparam("until")
    )
    .returning(webhook_deliveries)
)
_ENDPOINT = sa.select(webhook_endpoints).where(
    webhook_endpoints.c.id == bindparam("its_endpoint"), webhook_endpoints.c.enabled
)
_FINISH = (
    sa.update(webhook_deliveries)
    .where(
        webhook_deliveries.c.id == bindparam("this"),
        webhook_deliveries.c.state == DeliveryState.SENDING,
        webhook_deliveries.c.owner == bindparam("its_owner"),
    )
    .values(
        state=bindparam("new_state"),
        next_attempt_at=bindparam("again_at"),
        owner=None,
        lease_until=None,
        attempts=webhook_deliveries.c.attempts + 1,
    )
)
_THIS_ENDPOINT = sa.update(webhook_endpoints).where(
    webhook_endpoints.c.id == bindparam("its_endpoint")
)
_GOT_THROUGH = _THIS_ENDPOINT.where(webhook_endpoints.c.failing_since.is_not(None)).values(
    failing_since=None
)
_FAILS = _THIS_ENDPOINT.where(webhook_endpoints.c.failing_since.is_(None)).values(
    failing_since=bindparam("since")
)
# The latest of its events that is about a document: letters are.
_ABOUT = (
    sa.select(events.c.kind, events.c.payload, events.c.at, events.c.actor)
    .select_from(webhook_deliveries.join(events))
    .where(
        webhook_deliveries.c.endpoint_id == bindparam("its_endpoint"),
        events.c.document_id.is_not(None),
    )
    .order_by(webhook_deliveries.c.id.desc())
    .limit(1)
)


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "never": now + NEVER_LATER}


class SqlWebhookOutbox(ShortTransactions):
    """The mail's ``WebhookOutbox``; any number of workers may use the same database."""

    def __init__(self, engine: sa.Engine, secret_keys: Callable[[], tuple[str, ...]]) -> None:
        super().__init__(engine)
        self._ring = KeyRing(secret_keys)

    def due_endpoints(self, now: datetime) -> Sequence[int]:
        with self._single_reads.connect() as connection:
            return connection.scalars(_DUE_ENDPOINTS, _moments(now)).all()

    def claim(
        self, endpoint_id: int, now: datetime, *, owner: str, lease: timedelta
    ) -> ClaimedDelivery | None:
        which = {"its_endpoint": endpoint_id}
        with self._engine.begin() as connection:
            endpoint = connection.execute(_ENDPOINT, which).one_or_none()
            if endpoint is None:
                return None
            number = connection.scalar(_NEXT, {**which, **_moments(now)})
            if number is None:
                return None
            claim = {"this": number, "new_owner": owner, "until": now + lease}
            row = connection.execute(_CLAIM, claim).one()
        return ClaimedDelivery(
            id=row.id,
            webhook_id=row.webhook_id,
            event_id=row.event_id,
            type=row.type,
            body=row.body.encode(),
            attempts=row.attempts,
            endpoint_id=endpoint_id,
            url=endpoint.url,
            secrets=secrets_of(endpoint, self._ring, now),
            failing_since=endpoint.failing_since,
        )

    def finish(  # noqa: PLR0913 - what became of it
        self,
        delivery: ClaimedDelivery,
        posted: Posted,
        *,
        owner: str,
        state: DeliveryState,
        next_attempt_at: datetime | None,
        disabled_why: DisabledWhy | None,
    ) -> bool:
        values = {
            "this": delivery.id,
            "its_owner": owner,
            "new_state": state,
            "again_at": next_attempt_at,
        }
        with self._engine.begin() as connection:
            if connection.execute(_FINISH, values).rowcount != 1:
                return False
            connection.execute(sa.insert(webhook_attempts), _attempt_columns(delivery, posted))
            which = {"its_endpoint": delivery.endpoint_id}
            if posted.accepted:
                connection.execute(_GOT_THROUGH, which)
            else:
                connection.execute(_FAILS, {**which, "since": posted.at})
            if disabled_why and disable_endpoint(connection, delivery.endpoint_id, disabled_why):
                _tell_administrators(connection, delivery, disabled_why, posted.at)
            return True


def _attempt_columns(delivery: ClaimedDelivery, posted: Posted) -> dict[str, object]:
    return {
        "delivery_id": delivery.id,
        "at": posted.at,
        "duration_ms": posted.duration_ms,
        "status": posted.status,
        "text": posted.text,
    }


def _tell_administrators(
    connection: Connection, delivery: ClaimedDelivery, why: DisabledWhy, now: datetime
) -> None:
    row = connection.execute(_ABOUT, {"its_endpoint": delivery.endpoint_id}).one_or_none()
    event = row and read_event(row.kind, row.payload, at=row.at, actor=row.actor)
    if not isinstance(event, DocumentEvent):
        return  # the page shows it
    warning = WebhookDisabled(
        at=now,
        actor=DELIVERY,
        subject=host_of(delivery.url),
        tell=tuple(connection.scalars(ADMINISTRATORS)),
        document=event.document,
        requester="",
        run_no=0,
        host=host_of(delivery.url),
        endpoint=delivery.endpoint_id,
        gone=why is DisabledWhy.GONE,
    )
    record_setup_events(connection, [warning])
