"""An office with a clock that is turned by hand, a real mail server, and a day's work to do.

Ann asks, Bob may approve to 1,000 and answers to Cid, Dee stands in for Bob, Eva administrates.
"""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from app import passes
from app.bootstrap import Application
from app.catcher import Catcher, CaughtMail
from app.settings import read_settings
from notifications.mail_setup import MailSetup
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.notification_setup import NotificationSetup, NotificationType
from workflow.schedules import INSTANTLY, NotificationSchedule
from workflow.service import deciding, handling, requesting, setting_up
from workflow.statuses import Area, DocumentType
from workflow.workflow_templates import template

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)  # 10:00 in Amsterdam
PEOPLE = {
    "ANN": {"approver": "BOB"},
    "BOB": {"approver": "CID", "substitute": "DEE", "purchase_limit": Decimal(1000)},
    "CID": {"purchase_limit": None},
    "DEE": {},
    "EVA": {"administrator": True},
}


def key(number: str) -> DocumentKey:
    return DocumentKey(Area.PURCHASE, DocumentType.ORDER, number)


class Office:
    """Its methods are what people do; ``at`` says when."""

    def __init__(
        self, database_url: str, catcher: Catcher, now: datetime = TUESDAY, due: str = ""
    ) -> None:
        self.now = now
        self.catcher = catcher
        self.application = Application(
            read_settings(database_url=database_url), clock=lambda: self.now
        )
        self.uow = self.application.uow()
        setup = MailSetup(
            server=catcher.host,
            port=catcher.port,
            user_name="erp@example.com",
            send_as="approvals@example.com",
            allow_sender_substitution=True,
        )
        self.application.mail_setups.save(setup)
        for user_id, fields in PEOPLE.items():
            known = {"full_name": user_id.title(), "email": f"{user_id.lower()}@example.com"}
            setting_up.set_user(self.uow, user_id, {**known, **fields}, self.as_("SETUP"))
        self.use_workflow(due)

    def use_workflow(self, due: str = "") -> None:
        workflow = replace(template("POAPW").workflow(), due=due)
        setting_up.save_workflow(self.uow, workflow, self.as_("EVA"))
        setting_up.enable_workflow(self.uow, "POAPW", self.as_("EVA"))

    def as_(self, user: str):
        return self.application.actor(user)

    def told(self, user: str | None, schedule: NotificationSchedule = INSTANTLY) -> None:
        """By email, at the times of the schedule."""
        for kind in NotificationType:
            row = NotificationSetup(user=user, type=kind, schedule=schedule)
            setting_up.set_notification_setup(self.uow, row, self.as_("EVA"))

    def send(self, number: str, amount: int = 400, requester: str = "ANN") -> None:
        money = Decimal(amount)
        order = Document(
            key=key(number),
            amount=money,
            amount_including_vat=money,
            amount_lcy=money,
            amount_including_vat_lcy=money,
            counterparty_name=f"Vendor of {number}",
            lines=(DocumentLine(line_no=10000, amount=money),),
        )
        handling.receive(self.uow, order, self.as_(requester))
        requesting.send_approval_request(self.uow, key(number), self.as_(requester))

    def approve(self, number: str, user: str = "BOB") -> None:
        deciding.approve(self.uow, key(number), self.as_(user))

    def deliver(self):
        """One pass over the mail; its report."""
        return passes.deliver(self.application).delivery

    def mails(self, user: str = "") -> list[CaughtMail]:
        """What arrived, of one person or of all, the oldest first."""
        address = f"{user.lower()}@example.com"
        return [mail for mail in self.catcher.mails() if not user or address in mail.recipients]
