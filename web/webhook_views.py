"""What the pages show of webhook endpoints and of what was sent to them."""

from collections.abc import Collection
from dataclasses import dataclass

from notifications.formatting import one_line
from notifications.readers import Reader
from notifications.webhook_messages import KNOWN_TYPES
from notifications.webhooks import DeliveryReading, DeliveryState, DisabledWhy, Endpoint


@dataclass(frozen=True, kw_only=True)
class EndpointView:
    id: int
    url: str
    types: str
    acts_as: str
    enabled: bool
    disabled_why: str
    failing_since: str
    created: str


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    id: int
    type: str
    about: str
    state: str
    state_caption: str
    attempts: int
    outcome: str  # the status code, or why there is none
    duration: str
    at: str
    next_at: str
    webhook_id: str
    body: str
    may_be_replayed: bool


def endpoint_view(endpoint: Endpoint, reader: Reader) -> EndpointView:
    since = endpoint.failing_since
    return EndpointView(
        id=endpoint.id,
        url=one_line(endpoint.url.partition("?")[0]),  # behind it may be a secret
        types=", ".join(endpoint.types) or reader.gettext("All events"),
        acts_as=reader.name_of(endpoint.acts_as) if endpoint.acts_as else "",
        enabled=endpoint.enabled,
        disabled_why=_why(endpoint.disabled_why, reader),
        failing_since=reader.formats.moment(since) if since else "",
        created=reader.formats.moment(endpoint.created_at),
    )


def event_choices(wanted: Collection[str]) -> list[tuple[str, bool]]:
    """Every event type, and whether it is chosen."""
    return [(name, name in wanted) for name in KNOWN_TYPES]


def _why(why: DisabledWhy | None, reader: Reader) -> str:
    captions = {
        DisabledWhy.BY_HAND: reader.gettext("Somebody disabled it."),
        DisabledWhy.GONE: reader.gettext("It answered that it wants no more."),
        DisabledWhy.FAILING: reader.gettext("For three days nothing got through."),
    }
    return captions[why] if why else ""


def delivery_view(delivery: DeliveryReading, body: str, reader: Reader) -> DeliveryView:
    captions = {
        DeliveryState.QUEUED: reader.gettext("Waits"),
        DeliveryState.SENDING: reader.gettext("Being sent"),
        DeliveryState.DELIVERED: reader.gettext("Delivered"),
        DeliveryState.FAILED: reader.gettext("Given up"),
        DeliveryState.DISABLED: reader.gettext("Waits for the endpoint"),
    }
    status, duration = delivery.last_status, delivery.last_duration_ms
    moment = reader.formats.moment
    return DeliveryView(
        id=delivery.id,
        type=delivery.type,
        about=one_line(delivery.subject),
        state=delivery.state,
        state_caption=captions[delivery.state],
        attempts=delivery.attempts,
        outcome=(delivery.last_text or "") if status is None else str(status),
        duration="" if duration is None else f"{duration} ms",
        at=moment(delivery.last_at or delivery.created_at),
        next_at=moment(delivery.next_attempt_at) if delivery.next_attempt_at else "",
        webhook_id=delivery.webhook_id,
        body=body,
        may_be_replayed=delivery.state in {DeliveryState.DELIVERED, DeliveryState.FAILED},
    )
