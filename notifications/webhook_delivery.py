"""Pass 4: what is due for webhook endpoints is claimed, signed, posted and marked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from notifications.webhook_retries import ending_of
from notifications.webhook_sending import Sender
from notifications.webhook_signing import headers_of
from notifications.webhooks import ClaimedDelivery, DeliveryState, Posted, WebhookOutbox

LEASE: Final = timedelta(minutes=2)  # longer than one message can take
AT_MOST: Final = 100  # for one endpoint in one pass, so that the others get their turn
UNREADABLE: Final = (
    "Its secret cannot be read: it was stored with another secret key. Add the key of that time,"
    " or make a new secret: countersign webhooks rotate."
)


@dataclass(frozen=True, kw_only=True)
class WebhookReport:
    delivered: int = 0
    retried: int = 0
    failed: int = 0
    stopped: str = ""  # why nothing is sent at all


def deliver_webhooks(
    outbox: WebhookOutbox,
    sender: Sender,
    *,
    clock: Callable[[], datetime],
    owner: str,
    stopping: Callable[[], bool] = lambda: False,
) -> WebhookReport:
    """Everything due. An endpoint that does not take one message gets no other in this pass."""
    ends: list[DeliveryState] = []
    for endpoint_id in outbox.due_endpoints(clock()):
        for _ in range(AT_MOST):
            if stopping():
                return _report(ends)
            claimed = outbox.claim(endpoint_id, clock(), owner=owner, lease=LEASE)
            if claimed is None:
                break
            ends.append(_deliver(outbox, sender, claimed, clock, owner))
            if ends[-1] is not DeliveryState.DELIVERED:
                break
    return _report(ends)


def _deliver(
    outbox: WebhookOutbox,
    sender: Sender,
    claimed: ClaimedDelivery,
    clock: Callable[[], datetime],
    owner: str,
) -> DeliveryState:
    posted = _post(sender, claimed, clock())
    ending = ending_of(claimed, posted, clock())
    outbox.finish(
        claimed,
        posted,
        owner=owner,
        state=ending.state,
        next_attempt_at=ending.next_attempt_at,
        disabled_why=ending.disabled_why,
    )
    return ending.state


def _post(sender: Sender, claimed: ClaimedDelivery, now: datetime) -> Posted:
    if not claimed.secrets:
        return Posted(at=now, duration_ms=0, text=UNREADABLE)
    headers = headers_of(claimed.secrets, message_id=claimed.webhook_id, at=now, body=claimed.body)
    return sender.post(claimed.url, headers, claimed.body)


def _report(ends: list[DeliveryState]) -> WebhookReport:
    return WebhookReport(
        delivered=ends.count(DeliveryState.DELIVERED),
        retried=ends.count(DeliveryState.QUEUED),
        failed=ends.count(DeliveryState.FAILED),
    )
