"""A request that was answered before its mail went out is not mailed any more."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app import passes
from app.bootstrap import Application
from app.catcher import Catcher
from app.settings import read_settings
from notifications.mail_setup import MailSetup
from scripted_server import ScriptedServer
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.service import deciding, handling, requesting, setting_up
from workflow.statuses import Area, DocumentType
from workflow.workflow_templates import template

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
PO_1 = DocumentKey(Area.PURCHASE, DocumentType.ORDER, "PO-1")
PO_2 = DocumentKey(Area.PURCHASE, DocumentType.ORDER, "PO-2")


class Office:
    """Ann asks, Bob may approve to 1,000, Dee stands in for Bob; the mail server is off."""

    def __init__(self, database_url: str, catcher: Catcher) -> None:
        self.now = TUESDAY
        self.application = Application(
            read_settings(database_url=database_url), clock=lambda: self.now
        )
        self.catcher = catcher
        self.uow = self.application.uow()
        self.save_setup(server="")
        setup = self.as_("SETUP")
        people = {
            "ANN": {"approver": "BOB"},
            "BOB": {"approver": "CID", "substitute": "DEE", "purchase_limit": Decimal(1000)},
            "CID": {"purchase_limit": None},
            "DEE": {},
        }
        for user_id, fields in people.items():
            email = f"{user_id.lower()}@example.com"
            setting_up.set_user(self.uow, user_id, {**fields, "email": email}, setup)
        setting_up.save_workflow(self.uow, template("POAPW").workflow(), setup)
        setting_up.enable_workflow(self.uow, "POAPW", setup)
        self.ask(PO_1)

    def ask(self, key):
        amount = Decimal(400)
        order = Document(
            key=key,
            amount=amount,
            amount_including_vat=amount,
            amount_lcy=amount,
            amount_including_vat_lcy=amount,
            lines=(DocumentLine(line_no=10000, amount=amount),),
        )
        handling.receive(self.uow, order, self.as_("ANN"))
        requesting.send_approval_request(self.uow, key, self.as_("ANN"))

    def as_(self, user):
        return self.application.actor(user)

    def save_setup(self, server, port=25):
        setup = MailSetup(server=server, port=port, send_as="erp@example.com")
        self.application.mail_setups.save(setup)

    def switch_on(self):
        """The mail that waited goes out now; who got it."""
        self.save_setup(server=self.catcher.host, port=self.catcher.port)
        report = passes.deliver(self.application)
        return report.delivery, sorted(mail.recipients[0] for mail in self.catcher.mails())


@pytest.fixture
def office(database_url, tmp_path):
    with Catcher(tmp_path / "mails") as catcher:
        office = Office(database_url, catcher)
        passes.deliver(office.application)  # the request is queued
        yield office
        office.application.close()


def test_an_open_request_is_mailed(office):
    delivery, recipients = office.switch_on()

    assert (delivery.sent, delivery.superseded) == (1, 0)
    assert recipients == ["bob@example.com"]


def test_an_approved_request_is_not(office):
    deciding.approve(office.uow, PO_1, office.as_("BOB"))
    delivery, recipients = office.switch_on()

    assert delivery.superseded == 1
    assert "bob@example.com" not in recipients
    (email,) = office.application.read.outbox_list(state="superseded")
    assert email.last_text == "What this email asks for was answered before it was sent."


def test_a_canceled_request_is_not_but_the_approver_hears_of_it(office):
    requesting.cancel_approval_request(office.uow, PO_1, office.as_("ANN"))
    delivery, recipients = office.switch_on()

    assert delivery.superseded == 1
    assert recipients == ["bob@example.com"]


def test_a_request_of_a_document_that_is_gone_is_not(office):
    handling.delete(office.uow, PO_1, office.as_("ANN"))
    delivery, _ = office.switch_on()

    assert delivery.superseded == 1


def test_a_delegated_request_is_mailed_to_the_substitute_only(office):
    deciding.delegate(office.uow, PO_1, office.as_("BOB"))
    delivery, recipients = office.switch_on()

    assert delivery.superseded == 1
    assert "bob@example.com" not in recipients
    assert "dee@example.com" in recipients


def test_a_request_that_was_canceled_and_sent_again_is_mailed_once(office):
    requesting.cancel_approval_request(office.uow, PO_1, office.as_("ANN"))
    requesting.send_approval_request(office.uow, PO_1, office.as_("ANN"))
    delivery, _ = office.switch_on()
    subjects = [mail.message["Subject"] for mail in office.catcher.mails()]

    assert delivery.superseded == 1
    assert len([subject for subject in subjects if subject.startswith("Approve")]) == 1


def test_a_reminder_tells_only_of_what_is_still_open(office):
    office.now += timedelta(days=3)
    assert passes.remind(office.application).done == 1
    deciding.approve(office.uow, PO_1, office.as_("BOB"))
    delivery, _ = office.switch_on()

    assert delivery.superseded == 3  # the request, the reminder and the escalation


def test_a_retry_is_not_mailed_either_once_it_is_answered(office):
    office.save_setup(server="127.0.0.1", port=1)  # nobody listens there
    assert passes.deliver(office.application).delivery.retried == 1
    office.application.outbox.retry(1, office.now)
    deciding.approve(office.uow, PO_1, office.as_("BOB"))

    assert office.switch_on()[0].superseded == 1


def test_a_reminder_of_the_requester_is_mailed_while_the_request_is_open(office):
    requesting.nudge(office.uow, PO_1, office.as_("ANN"))
    delivery, recipients = office.switch_on()

    assert delivery.sent == 2
    assert recipients == ["bob@example.com", "bob@example.com"]


def test_a_reminder_of_the_requester_is_not_mailed_after_the_answer(office):
    requesting.nudge(office.uow, PO_1, office.as_("ANN"))
    passes.deliver(office.application)
    deciding.approve(office.uow, PO_1, office.as_("BOB"))
    delivery, recipients = office.switch_on()

    assert "bob@example.com" not in recipients
    assert delivery.superseded == 2


@pytest.mark.parametrize("letter", [1, 2])
@pytest.mark.parametrize("point", ["mail", "rcpt", "data"])
def test_a_decision_while_the_letter_is_handed_over_keeps_back_its_end(office, letter, point):
    """Also of a second letter, whose hand-over records what became of the first."""
    office.ask(PO_2)
    decided = [PO_1, PO_2][letter - 1]

    def decide():
        if server.reached.count(point) == letter:
            deciding.approve(office.application.uow(), decided, office.as_("BOB"))

    with ScriptedServer(at={point: decide}, pipelining=True) as server:
        office.save_setup(server="127.0.0.1", port=server.port)
        delivery = passes.deliver(office.application).delivery

    assert (delivery.sent, delivery.superseded) == (1, 1)
    assert len(server.accepted) == 1
    (email,) = office.application.read.outbox_list(state="superseded")
    assert email.last_text == "What this email asks for was answered before it was sent."
