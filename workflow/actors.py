"""Who does something, and when: passed into every step, so that nothing reads a clock."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Actor:
    """One person acting at one moment."""

    user: str
    at: datetime  # aware
    today: date  # the same moment as a date in the company's time zone
    via: str = ""  # the API key of a program that does it for him; empty: nobody's
    background: bool = False  # a scheduled run: then even the actor himself is told
    sets_up: bool = False  # a role of his account lets him change the setup

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a moment needs a time zone")
