"""The passes that nobody waits for, some time later than the requests they are about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app import passes
from app.bootstrap import Application
from app.settings import read_settings
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.service import handling, requesting, setting_up
from workflow.statuses import Area, DocumentType
from workflow.workflow_templates import template

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
PO_1 = DocumentKey(Area.PURCHASE, DocumentType.ORDER, "PO-1")


@pytest.fixture
def at(sqlite_database):
    """The application at a moment."""
    opened = []

    def moved(moment):
        opened.append(
            Application(read_settings(database_url=sqlite_database), clock=lambda: moment)
        )
        return opened[-1]

    yield moved
    for application in opened:
        application.close()


@pytest.fixture
def sent(at):
    """Ann asked Bob on Tuesday; he has a day, then Dee takes over."""
    application = at(TUESDAY)
    uow, setup = application.uow(), application.actor("SETUP")
    limit = {"purchase_limit": Decimal(1000)}
    people = {
        "ANN": {"approver": "BOB"},
        "BOB": {"approver": "CID", "substitute": "DEE", **limit},
        "CID": {"purchase_limit": None},
        "DEE": {},
    }
    for user_id, fields in people.items():
        setting_up.set_user(uow, user_id, {**fields, "email": f"{user_id}@example.com"}, setup)
    workflow = template("POAPW").workflow()
    setting_up.save_workflow(uow, workflow, setup)
    setting_up.enable_workflow(uow, "POAPW", setup)
    amount = Decimal(400)
    order = Document(
        key=PO_1,
        amount=amount,
        amount_including_vat=amount,
        amount_lcy=amount,
        amount_including_vat_lcy=amount,
        lines=(DocumentLine(line_no=10000, amount=amount),),
    )
    handling.receive(uow, order, application.actor("ANN"))
    return application


def test_an_overdue_approver_is_reminded_once_a_day(sent, at):
    requesting.send_approval_request(sent.uow(), PO_1, sent.actor("ANN"))

    same_day = passes.remind(sent)
    later = at(TUESDAY + timedelta(days=1))

    assert same_day.done == 0
    assert passes.remind(later).done == 1
    assert passes.remind(later).done == 0


def test_a_request_whose_time_is_up_goes_to_the_substitute(sent, at):
    setup = sent.actor("SETUP")
    setting_up.disable_workflow(sent.uow(), "POAPW", setup)
    with_clock = template("POAPW").workflow("SOON")
    setting_up.save_workflow(sent.uow(), replace(with_clock, delegate_after="1D"), setup)
    setting_up.enable_workflow(sent.uow(), "SOON", setup)
    requesting.send_approval_request(sent.uow(), PO_1, sent.actor("ANN"))

    later = at(TUESDAY + timedelta(days=1))

    assert passes.hand_over(sent).done == 0
    assert passes.hand_over(later).done == 1
    (waiting,) = later.read.requests_to_approve("DEE")
    assert waiting.authority_of == "BOB"


def test_a_dated_substitute_takes_over_by_himself_and_gives_back_by_himself(sent, at):
    setup = sent.actor("SETUP")
    away = {"substitute_from": date(2026, 11, 25), "substitute_to": date(2026, 11, 26)}
    setting_up.set_user(sent.uow(), "BOB", away, setup)
    setting_up.disable_workflow(sent.uow(), "POAPW", setup)
    with_clock = template("POAPW").workflow("SOON")
    setting_up.save_workflow(sent.uow(), replace(with_clock, delegate_after="1D"), setup)
    setting_up.enable_workflow(sent.uow(), "SOON", setup)
    took_over = []
    for day in range(3):  # handed over on the 25th, 26th and 27th
        now = at(TUESDAY + timedelta(days=day))
        requesting.send_approval_request(now.uow(), PO_1, now.actor("ANN"))
        tomorrow = at(TUESDAY + timedelta(days=day + 1))
        assert passes.hand_over(tomorrow).done == 1
        for user in ("DEE", "CID"):
            took_over += [user for _ in tomorrow.read.requests_to_approve(user)]
        requesting.cancel_approval_request(tomorrow.uow(), PO_1, tomorrow.actor("ANN"))

    assert took_over == ["DEE", "DEE", "CID"]


def test_mail_waits_while_no_server_is_set_up(sent):
    requesting.send_approval_request(sent.uow(), PO_1, sent.actor("ANN"))

    report = passes.deliver(sent)

    assert report.events > 0
    assert report.emails == 1
    assert "no mail server" in report.delivery.stopped
