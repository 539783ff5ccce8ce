"""How often something may be done: so many times a minute, by everybody together."""

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Final

from workflow.errors import WorkflowError

MINUTE: Final = timedelta(minutes=1)


class TooOften(WorkflowError):
    code = "TOO_OFTEN"
    template = "That was done {} times within a minute."
    advice = "Wait a minute, and do it once more."


class PerMinute:
    """Counts within this process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun: deque[datetime] = deque()
        self._lock = threading.Lock()

    def begin(self, now: datetime) -> None:
        """
        Raises:
            TooOften
        """
        with self._lock:
            while self._begun and now - self._begun[0] >= MINUTE:
                self._begun.popleft()
            if len(self._begun) >= self._most:
                raise TooOften(self._most)
            self._begun.append(now)
