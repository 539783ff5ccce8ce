"""Everything the pages need from outside, in one object; ``app`` puts it together."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from notifications.readers import Company
from notifications.webhooks import AskedFlows, WebhookEndpoints
from web.entra import Entra
from web.mail_services import MailServices
from web.ports import HealthFacts, MetricFacts, People, Readings, WebUnitOfWork, WorkflowFiles
from workflow.actors import Actor
from workflow.api_keys import ApiKeys
from workflow.calendars import PublicHolidays, no_holidays
from workflow.interchange.column_mappings import ColumnMapping
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
    webhooks: WebhookEndpoints
    flows: AskedFlows
    clock: Callable[[], datetime]
    company: Company
    workflow_files: WorkflowFiles
    column_mappings: Collection[ColumnMapping] = ()  # whose files we know without being told
    webhook_targets: frozenset[str] = frozenset()  # on the inside, where webhooks may go
    holidays: PublicHolidays = no_holidays  # of a country, for the company's calendar
    writes_per_minute: int = 120  # with one API key
    reads_per_minute: int = 1200
    mail: MailServices
    health: Callable[[], HealthFacts]
    metrics: Callable[[], MetricFacts]
    metrics_token: str = ""  # who shows it may read the metrics; empty: nobody may
    base_url: str = ""  # where people reach the pages; empty: wherever the server listens
    entra: Entra | None = None  # signing in with Microsoft, where it is set up
    passwords: bool = True  # whether there are passwords of our own
    start_page: str = ""  # the demo's, where one may become somebody; else empty

    @property
    def over_https(self) -> bool:
        return self.base_url.startswith("https://")
