"""Everything the pages need from outside, in one object; ``app`` puts it together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from notifications.readers import Company
from web.ports import People, Readings, WebUnitOfWork
from workflow.actors import Actor
from workflow.api_keys import ApiKeys
from workflow.ports import UnitOfWork
from workflow.user_accounts import UserAccounts


@dataclass(frozen=True, kw_only=True)
class Services:
    read: Readings
    people: People
    accounts: UserAccounts
    api_keys: ApiKeys
    uow: Callable[[], WebUnitOfWork]
    reading: Callable[[], UnitOfWork]  # waits for no writer
    actor: Callable[[str], Actor]  # that person acting now
    clock: Callable[[], datetime]
    company: Company
    writes_per_minute: int = 120  # with one API key
    reads_per_minute: int = 1200
    base_url: str = ""  # where people reach the pages; empty: wherever the server listens

    @property
    def over_https(self) -> bool:
        return self.base_url.startswith("https://")
