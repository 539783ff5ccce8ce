"""What one pass over the outbox did, and why it ended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from notifications.ports import EmailState


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """What pass 3 did. While ``stopped`` says something, a pause does good before the next pass."""

    sent: int = 0
    retried: int = 0  # will be tried again
    refused: int = 0
    uncertain: int = 0
    corrupt: int = 0
    superseded: int = 0  # not sent: the request was answered meanwhile
    stopped: str = ""  # why the pass ended before the queue was empty; empty: it did not
    resumes_at: datetime | None = None  # until when the mail account is left alone
    waits: str = ""  # why the rest is sent later, although nothing is wrong

    @property
    def has_ended(self) -> bool:
        return bool(self.stopped or self.waits)

    def with_one_more(self, state: EmailState) -> Self:
        name = COUNTED_AS[state]
        return replace(self, **{name: getattr(self, name) + 1})


def together(reports: Sequence[DeliveryReport]) -> DeliveryReport:
    """Of passes made at once. What one of them waited for did not keep the others from ending."""
    stopped = next((report for report in reports if report.stopped), DeliveryReport())
    waits = [report.waits for report in reports]
    sums = {name: sum(getattr(report, name) for report in reports) for name in COUNTED_AS.values()}
    return replace(stopped, **sums, waits=waits[0] if all(waits) else "")


COUNTED_AS: Final = {
    EmailState.SENT: "sent",
    EmailState.QUEUED: "retried",
    EmailState.REFUSED: "refused",
    EmailState.UNCERTAIN: "uncertain",
    EmailState.CORRUPT: "corrupt",
    EmailState.SUPERSEDED: "superseded",
}
