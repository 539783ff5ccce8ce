"""Everything the pages need from outside, in one object; ``app`` puts it together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from notifications.readers import Company
from web.mail_services import MailServices
from web.ports import HealthFacts, People, Readings
from workflow.actors import Actor
from workflow.ports import UnitOfWork
from workflow.user_accounts import UserAccounts


@dataclass(frozen=True, kw_only=True)
class Services:
    read: Readings
    people: People
    accounts: UserAccounts
    uow: Callable[[], UnitOfWork]
    reading: Callable[[], UnitOfWork]  # waits for no writer
    actor: Callable[[str], Actor]  # that person acting now
    clock: Callable[[], datetime]
    company: Company
    mail: MailServices
    health: Callable[[], HealthFacts]
    base_url: str = ""  # where people reach the pages; empty: wherever the server listens
    start_page: str = ""  # the demo's, where one may become somebody; else empty

    @property
    def over_https(self) -> bool:
        return self.base_url.startswith("https://")
