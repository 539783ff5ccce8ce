"""When a webhook is sent again, and when it or its endpoint is given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from notifications.retries import JITTER, spread
from notifications.webhooks import ClaimedDelivery, DeliveryState, DisabledWhy, Posted

DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
LONGEST_WAIT: Final = timedelta(hours=24)  # whatever the endpoint asks for
NEVER_LATER: Final = timedelta(hours=30)  # with its jitter: what is later, a wrong clock has set
# Of nothing but failures. All tries of one message take longer: none is given up in silence.
DISABLED_AFTER: Final = timedelta(days=3)
ASKS_TO_WAIT: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, kw_only=True)
class WebhookEnding:
    """What becomes of a delivery after an attempt, and of its endpoint."""

    state: DeliveryState
    next_attempt_at: datetime | None = None
    disabled_why: DisabledWhy | None = None  # None: the endpoint stays as it is


def ending_of(delivery: ClaimedDelivery, posted: Posted, now: datetime) -> WebhookEnding:
    if posted.accepted:
        return WebhookEnding(state=DeliveryState.DELIVERED)
    if posted.status == HTTPStatus.GONE:
        return WebhookEnding(state=DeliveryState.FAILED, disabled_why=DisabledWhy.GONE)
    since = delivery.failing_since
    failing = since is not None and now - since >= DISABLED_AFTER
    why = DisabledWhy.FAILING if failing else None
    failures = delivery.attempts + 1
    if failures > len(DELAYS):
        return WebhookEnding(state=DeliveryState.FAILED, disabled_why=why)
    delay = DELAYS[failures - 1] * (1 + JITTER * abs(spread(delivery.webhook_id, failures)))
    due = now + max(delay, wait_asked_for(posted, now))
    return WebhookEnding(state=DeliveryState.QUEUED, next_attempt_at=due, disabled_why=why)


def wait_asked_for(posted: Posted, now: datetime) -> timedelta:
    """Retry-After in seconds or as a date; nothing where it makes no sense."""
    text = posted.retry_after.strip()
    if posted.status not in ASKS_TO_WAIT or not text:
        return timedelta(0)
    try:
        if text.isascii() and text.isdigit():
            asked = timedelta(seconds=int(text[:9]))
        else:
            asked = parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)
    return min(max(asked, timedelta(0)), LONGEST_WAIT)
