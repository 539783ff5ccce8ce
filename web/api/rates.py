"""How often one key may ask: so many times a minute, counted in this process."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from web.api.refusals import TooManyRequests

MINUTE: Final = timedelta(minutes=1)


@dataclass
class _Bucket:
    left: float
    at: datetime


class Rate:
    """A bucket for each key that fills again, up to one minute's worth."""

    def __init__(self, per_minute: int, clock: Callable[[], datetime]) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def take(self, key_id: str) -> None:
        """
        Raises:
            TooManyRequests
        """
        now = self._clock()
        with self._lock:
            bucket = self._buckets.setdefault(key_id, _Bucket(self._per_minute, now))
            refill = max(now - bucket.at, timedelta(0)) / MINUTE * self._per_minute
            bucket.left, bucket.at = min(bucket.left + refill, self._per_minute), now
            if bucket.left < 1:
                wait = (1 - bucket.left) / self._per_minute * MINUTE.total_seconds()
                raise TooManyRequests(math.ceil(wait))
            bucket.left -= 1
