"""Lists in parts: what the address asks for, which part it is, and where the others are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode

PART: Final = 50  # rows on one page
FURTHEST: Final = 100_000
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Query:
    """What stands behind the question mark; what means nothing is taken as not said."""

    fields: Mapping[str, str]

    def text(self, name: str, longest: int = 100) -> str:
        return self.fields.get(name, "").replace("\0", "").strip()[:longest]

    def flag(self, name: str) -> bool:
        return bool(self.text(name))

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        value = self.text(name)
        return kind(value) if value in set(kind) else None

    @property
    def part(self) -> int:
        """From 1."""
        number = self.text("page", 6)
        is_number = number.isascii() and number.isdigit()
        return min(max(int(number), 1), FURTHEST) if is_number else 1

    @property
    def offset(self) -> int:
        return (self.part - 1) * PART

    def address(self, path: str, **changes: object) -> str:
        """The same list with something else asked of it."""
        fields = {**self.fields, **{name: str(value) for name, value in changes.items()}}
        kept = {name: value for name, value in fields.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Where the parts before and after are; empty: there is none."""

    number: int
    before: str
    after: str

    @classmethod
    def of(cls, query: Query, path: str, *, more: bool) -> "Parts":
        part = query.part
        return cls(
            number=part,
            before=query.address(path, page=part - 1) if part > 1 else "",
            after=query.address(path, page=part + 1) if more else "",
        )
