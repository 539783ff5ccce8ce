"""Webhook endpoints and what is delivered to them; ``db`` keeps both.

A recorded event becomes one delivery for each endpoint that wants its type, in the transaction
that takes the event off the inbox. Deliveries are claimed with a lease, posted and marked, each in
a transaction of its own: what a worker had in hand when it died is posted again, with the same id.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from workflow.documents import DocumentKey
from workflow.events import WebhookChanged


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up
    DISABLED = "disabled"  # waits until its endpoint is enabled again


class DisabledWhy(StrEnum):
    BY_HAND = "by_hand"
    GONE = "gone"  # it answered 410
    FAILING = "failing"  # nothing got through for days


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Somebody else's server that hears of events."""

    id: int
    url: str
    types: tuple[str, ...]  # none: every type
    acts_as: str  # the user of the external flow behind it; empty: it may not answer requests
    enabled: bool
    disabled_why: DisabledWhy | None  # None: it is enabled
    created_at: datetime
    created_by: str
    failing_since: datetime | None = None
    old_secret_until: datetime | None = None  # two signatures until then


@dataclass(frozen=True, kw_only=True)
class ClaimedDelivery:
    """One message on its way; nobody else sends it while the lease lasts."""

    id: int
    webhook_id: str
    event_id: int
    type: str
    body: bytes
    attempts: int  # finished ones
    endpoint_id: int
    url: str
    secrets: tuple[str, ...] = field(repr=False)  # none: they cannot be read
    failing_since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What came of posting it; the words of the answer are shown to nobody."""

    at: datetime
    duration_ms: int
    status: int | None = None  # None: there was no answer
    text: str = ""
    retry_after: str = ""

    @property
    def accepted(self) -> bool:
        return (
            self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES
        )


@dataclass(frozen=True, kw_only=True)
class DeliveryReading:
    """A delivery as lists show it."""

    id: int
    webhook_id: str
    event_id: int
    endpoint_id: int
    type: str
    subject: str
    created_at: datetime
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    last_at: datetime | None
    last_status: int | None
    last_duration_ms: int | None
    last_text: str | None


@dataclass(frozen=True, kw_only=True)
class AskedFlow:
    """An external flow that was asked about a document, by the id of the message that asked it."""

    document: DocumentKey
    request: int
    acts_as: str
    enabled: bool
    secrets: tuple[str, ...] = field(repr=False)


class WebhookEndpoints(Protocol):
    """The setup; what is changed is recorded with it."""

    def all(self) -> list[Endpoint]: ...

    def find(self, endpoint_id: int) -> Endpoint | None: ...

    def add(self, endpoint: Endpoint, secret: str, changed: WebhookChanged) -> int:
        """Its number; the one it comes with is not looked at."""
        ...

    def change(
        self,
        endpoint_id: int,
        *,
        url: str,
        types: Sequence[str],
        acts_as: str,
        changed: WebhookChanged,
    ) -> bool: ...

    def rotate(
        self, endpoint_id: int, secret: str, old_until: datetime, changed: WebhookChanged
    ) -> bool: ...

    def enable(self, endpoint_id: int, changed: WebhookChanged) -> bool:
        """What waited for it is sent."""
        ...

    def disable(self, endpoint_id: int, why: DisabledWhy, changed: WebhookChanged) -> bool: ...

    def remove(self, endpoint_id: int, changed: WebhookChanged) -> bool:
        """With all its deliveries."""
        ...

    def deliveries(self, endpoint_id: int, limit: int) -> list[DeliveryReading]:
        """The latest first."""
        ...

    def delivery(self, delivery_id: int) -> DeliveryReading | None: ...

    def body(self, delivery_id: int) -> str: ...

    def replay(self, delivery_id: int, now: datetime, *, dry_run: bool) -> bool:
        """Send it once more, under the same id. No when it is being sent or has to wait."""
        ...

    def replay_range(
        self, first: int, last: int, now: datetime, *, endpoint: Endpoint, dry_run: bool
    ) -> int:
        """Send it all about these events once more, also what was never made; how many."""
        ...


class AskedFlows(Protocol):
    def asked(self, webhook_id: str, now: datetime) -> AskedFlow | None:
        """Only where the message asked an external flow."""
        ...


class WebhookOutbox(Protocol):
    def due_endpoints(self, now: datetime) -> Sequence[int]:
        """That have something to be sent now."""
        ...

    def claim(
        self, endpoint_id: int, now: datetime, *, owner: str, lease: timedelta
    ) -> ClaimedDelivery | None: ...

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
        """Record the attempt and all that follows, if the lease is still this owner's."""
        ...
