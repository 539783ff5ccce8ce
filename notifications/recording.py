"""What became of emails, on its way into the database: one commit for each letter.

That a letter was sent is recorded together with the hand-over of the next one. Until then the
database says what it says while the answer is awaited, that the letter is in hand: if the worker
dies now, it is uncertain.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from notifications.ports import (
    AttemptEnd,
    ClaimedEmail,
    EmailState,
    Finishing,
    HandedOver,
    Outbox,
)
from notifications.preparing import all_it_asks

# Of its lease a letter may have used so much, or what became of it does not wait for the next one,
# which may take ten minutes before its own end.
MAY_WAIT: Final = 1 / 4


class Recording:
    """For one worker. *count* hears of every email that was recorded."""

    def __init__(
        self,
        outbox: Outbox,
        *,
        owner: str,
        lease: timedelta,
        count: Callable[[EmailState], None],
    ) -> None:
        self._outbox = outbox
        self._owner = owner
        self._lease = lease
        self._count = count
        self._waits: Finishing | None = None

    def end(self, email_id: int, end: AttemptEnd) -> None:
        """Of a letter that was plainly sent later: with the next one, or when `record` says so."""
        self.record()
        self._waits = Finishing(email_id=email_id, end=end)
        if not end.is_plain or end.attempt.duration > self._lease * MAY_WAIT:
            self.record()

    def hand_over(self, email: ClaimedEmail, now: datetime) -> HandedOver:
        """Whether the letter's end may be sent. After an error the letter before still waits."""
        before = self._waits
        done = self._outbox.hand_over(
            email.id,
            owner=self._owner,
            now=now,
            lease=self._lease,
            finishing=before,
            asking=all_it_asks(email),
        )
        self._waits = None
        if before is not None and done.finished:
            self._count(before.end.state)
        return done

    def record(self) -> None:
        """Now, what still waits."""
        waits, self._waits = self._waits, None
        if waits and self._outbox.finish(waits.email_id, owner=self._owner, end=waits.end):
            self._count(waits.end.state)
        # Otherwise the lease was lost, and another worker reports on it.
