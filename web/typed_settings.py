"""Settings that were typed on a page: only what differs, and everything that is wrong at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from notifications.mail_settings import WrongSetting

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Typed(Generic[T]):
    """What came of it."""

    after: T  # without what was wrong
    wrong: Mapping[str, str]  # by setting, why it cannot be


def typed(
    before: Mapping[str, str],
    fields: Mapping[str, str],
    change: Callable[[Mapping[str, str]], T],
) -> Typed[T]:
    """*before*: what the page showed in each field; *change* refuses with ``WrongSetting``."""
    given = {key: fields[key] for key in before if key in fields and fields[key] != before[key]}
    wrong: dict[str, str] = {}
    while True:
        try:
            return Typed(after=change(given), wrong=wrong)
        except WrongSetting as error:
            wrong[error.key] = error.reason
            del given[error.key]
