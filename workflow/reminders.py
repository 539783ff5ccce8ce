"""When an approver is reminded: on some working days before and after his answer is due.

A workflow says it as ``-1,0,1,3,7``: a working day before, on the day itself, and one, three and
seven working days later; then never again. It may also say ``daily``, for every working day once
the due date has passed, or ``off``.
"""

import re
from dataclasses import dataclass
from typing import Final

OFF: Final = "off"
DAILY: Final = "daily"
MOST: Final = 5  # reminders of one request; whoever ignores five ignores the sixth
FARTHEST_BEFORE: Final = 5
FARTHEST_AFTER: Final = 60
NUMBERS: Final = re.compile(r"-?\d{1,2}(,-?\d{1,2})*")


class BadCadence(ValueError):
    """The words name no days."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"is off, daily or up to {MOST} rising numbers from -{FARTHEST_BEFORE} to"
            f" {FARTHEST_AFTER} such as -1,0,1,3,7, not {text!r}"
        )


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """On which working days before (negative) and after the due date somebody is reminded."""

    days: tuple[int, ...] = ()
    daily: bool = False  # every working day after it

    @classmethod
    def of(cls, text: str) -> "Cadence":
        """
        Raises:
            BadCadence
        """
        if text in {OFF, DAILY}:
            return cls(daily=text == DAILY)
        if not NUMBERS.fullmatch(text):
            raise BadCadence(text)
        days = tuple(map(int, text.split(",")))
        rising = days == tuple(sorted(set(days)))
        near = days[0] >= -FARTHEST_BEFORE and days[-1] <= FARTHEST_AFTER
        if not rising or not near or len(days) > MOST:
            raise BadCadence(text)
        return cls(days=days)

    def passed(self, *, to_go: int, late: int) -> int:
        """How many of its days have come, so many working days before and after the due date."""
        if self.daily:
            return late
        return sum(to_go <= -day if day <= 0 else late >= day for day in self.days)
