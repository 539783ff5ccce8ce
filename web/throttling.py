"""How long somebody waits after wrong passwords: longer each time, and never for ever.

A lock would let anybody lock others out; so the right password always works after the wait.
"""

import math
from datetime import datetime, timedelta
from typing import Final

from workflow.user_accounts import FAILURES_FORGOTTEN_AFTER, SignInFailures

FREE_FOR_ACCOUNT: Final = 5
FREE_FROM_ADDRESS: Final = 20  # an office has one address
LONGEST: Final = timedelta(minutes=15)


def seconds_to_wait(failures: SignInFailures, free: int, now: datetime) -> int:
    """Doubles with each failure after the free ones."""
    if failures.last_at is None or now - failures.last_at >= FAILURES_FORGOTTEN_AFTER:
        return 0
    more = failures.count - free
    if more < 0:
        return 0
    wait = min(timedelta(seconds=2.0 ** min(more, 12)), LONGEST)
    return max(math.ceil((failures.last_at + wait - now).total_seconds()), 0)
