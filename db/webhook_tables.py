"""Tables of the endpoints for webhooks, and of what is delivered to them."""

import sqlalchemy as sa

from db.columns import Moment
from db.mail_tables import events
from db.metadata import METADATA, NUMBER, new_id, number, one_of, only, text, yes_or_no
from notifications.webhooks import DeliveryState

webhook_endpoints = sa.Table(
    "webhook_endpoints",
    METADATA,
    new_id(),
    text("url"),
    text("types"),  # with commas; empty: all
    text("acts_as"),  # the user of an external flow; empty: it may not answer
    text("secret"),  # encrypted
    text("old_secret"),  # likewise; empty when there is none
    sa.Column("old_secret_until", Moment),
    yes_or_no("enabled"),
    text("disabled_why"),
    sa.Column("failing_since", Moment),  # NULL: the latest message got through
    sa.Column("created_at", Moment, nullable=False),
    text("created_by"),
    sqlite_autoincrement=True,
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    METADATA,
    new_id(),
    text("webhook_id", unique=True),  # what the receiver knows it by
    sa.Column("event_id", NUMBER, sa.ForeignKey(events.c.id), nullable=False),
    sa.Column("endpoint_id", NUMBER, sa.ForeignKey(webhook_endpoints.c.id), nullable=False),
    text("type"),
    yes_or_no("asks"),  # an external flow, about a request
    text("body"),  # the same at every attempt
    sa.Column("created_at", Moment, nullable=False),
    one_of("state", DeliveryState),
    sa.Column("next_attempt_at", Moment),  # NULL: never again
    sa.Column("owner", sa.Text),  # who is sending it
    sa.Column("lease_until", Moment),  # after that somebody else may
    number("attempts"),  # finished ones since it was made or replayed
    sa.UniqueConstraint("event_id", "endpoint_id"),
    only("state", DeliveryState),
    sqlite_autoincrement=True,
)
# Literal values: with parameters SQLite would not see that a query needs no more than the index.
WAITING = webhook_deliveries.c.state.in_(
    [sa.literal_column(f"'{state}'") for state in (DeliveryState.QUEUED, DeliveryState.SENDING)]
)
sa.Index(
    "ix_webhook_deliveries_waiting",
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.next_attempt_at,
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)
sa.Index(None, webhook_deliveries.c.endpoint_id)

webhook_attempts = sa.Table(
    "webhook_attempts",
    METADATA,
    new_id(),
    sa.Column(
        "delivery_id", NUMBER, sa.ForeignKey(webhook_deliveries.c.id), nullable=False, index=True
    ),
    sa.Column("at", Moment, nullable=False),
    number("duration_ms"),
    sa.Column("status", sa.Integer),  # NULL: there was no answer
    text("text"),
    sqlite_autoincrement=True,
)
