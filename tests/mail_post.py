"""The outbox of one test on a real database, and a clock on its wall that is turned by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from db.outbox import SqlOutbox
from db.tables import email_attempts, emails
from db.unit_of_work import SqlUnitOfWork
from db.wordings import SqlWordings
from example_events import AT, COMPANY, People
from notifications.delivery import DeliveryReport, deliver_due
from notifications.mail_setup import MailSetup
from notifications.outbox import bundle_notifications, expand_events
from notifications.ports import EmailState
from notifications.transports import SmtpTransport
from workflow.documents import Document, DocumentKey
from workflow.events import Event
from workflow.statuses import Area, DocumentType

LEASE = timedelta(minutes=10)
DOMAIN = "contoso.com"


@dataclass
class Post:
    """The outbox of one test, and the clock on its wall."""

    engine: sa.Engine
    now: datetime = AT
    people: People = field(default_factory=People)

    def __post_init__(self) -> None:
        self.outbox = SqlOutbox(self.engine)
        self.numbers = iter(range(1, 1000))

    def clock(self) -> datetime:
        return self.now

    def record(self, *events: Event) -> None:
        key = DocumentKey(Area.PURCHASE, DocumentType.ORDER, str(next(self.numbers)))
        amounts = dict.fromkeys(
            ("amount", "amount_including_vat", "amount_lcy", "amount_including_vat_lcy"), Decimal(1)
        )
        with SqlUnitOfWork(self.engine) as work:
            work.documents.add(Document(key=key, **amounts))
            document = work.documents.get(key)
            work.record(document, events)
            work.documents.save(document)
            work.commit()

    def queue(self, *events: Event) -> int:
        """Record events and run passes 1 and 2; how many emails they made."""
        self.record(*events)
        while expand_events(self.outbox, now=self.now).events:
            pass
        return bundle_notifications(self.outbox, now=self.now, domain=DOMAIN)

    def deliver(self, setup: MailSetup | None, transport=None, owner="one") -> DeliveryReport:
        with transport or SmtpTransport(setup or MailSetup(), timeout=5) as used:
            return deliver_due(
                self.outbox,
                used,
                clock=self.clock,
                owner=owner,
                lease=LEASE,
                directory=self.people,
                setup=setup,
                company=COMPANY,
                wordings=SqlWordings(self.engine),
            )

    def rows(self):
        with self.engine.connect() as connection:
            return connection.execute(sa.select(emails).order_by(emails.c.id)).all()

    def states(self) -> list[EmailState]:
        return [row.state for row in self.rows()]

    def reasons(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(sa.select(email_attempts.c.text)))
