"""Answers to other programs that are given again when a step is asked for a second time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol


class KeptPlace(NamedTuple):
    """What one answer was to: a program chooses its own key for each step."""

    api_key: str
    method: str
    path: str
    idempotency_key: str


@dataclass(frozen=True, kw_only=True)
class KeptAnswer:
    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FoundAnswer:
    """An answer that was kept, with the fingerprint of what was asked then."""

    fingerprint: str
    answer: KeptAnswer


class KeptAnswers(Protocol):
    """Within one unit of work: an answer is stored with its step, or neither is."""

    def claim(self, place: KeptPlace, fingerprint: str, now: datetime) -> FoundAnswer | None:
        """The answer that is there; else the place is taken until the transaction ends.

        Whoever asks for a place that another transaction has taken waits for its end.
        """
        ...

    def keep(self, place: KeptPlace, answer: KeptAnswer) -> None:
        """The answer to what claimed the place."""
        ...
