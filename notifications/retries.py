"""When an email that did not get through is tried again, and when it is given up."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

DELAYS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),  # and every four hours from then on
)
GIVE_UP_AFTER: Final = timedelta(hours=24)
UNCERTAIN_DELAY: Final = timedelta(minutes=10)  # so long a server may take after the final dot
# No email and no account waits longer by itself: a later moment comes from a clock that was wrong.
LONGEST_WAIT: Final = timedelta(hours=6)
JITTER: Final = 0.2  # share of the delay, so that many emails do not come back at once


def next_attempt_at(now: datetime, *, attempts: int, message_id: str) -> datetime:
    """After *attempts* failures. The jitter is the email's own: asking twice gives one answer."""
    delay = DELAYS[min(attempts, len(DELAYS)) - 1]
    return now + delay * (1 + JITTER * spread(message_id, attempts))


def is_given_up(now: datetime, *, created_at: datetime, attempts: int) -> bool:
    """A day old, and every delay was used: an email that only queued behind others is not."""
    return now - created_at >= GIVE_UP_AFTER and attempts > len(DELAYS)


def spread(message_id: str, attempts: int) -> float:
    """A number from -1 to 1 that looks random and never changes."""
    digest = hashlib.sha256(f"{message_id} {attempts}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**31 - 1
