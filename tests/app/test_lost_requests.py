"""A request for approval, or a document, whose email is given up is not lost in silence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app import catcher as catching
from app.catcher import Catcher
from scheduled_office import Office, key
from workflow.counterparties import Counterparty
from workflow.errors import AlreadyEmailed
from workflow.events import MailBounced
from workflow.service import deciding, handling, requesting, setting_up
from workflow.service.mailing import email_document
from workflow.statuses import Area
from workflow.workflow_templates import template

VENDOR = Counterparty(area=Area.PURCHASE, number="V1", email="sales@vendor.example")


@pytest.fixture
def refused(monkeypatch):
    """Addresses that the mail server does not know."""
    addresses = set()

    async def handle_RCPT(_self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if address in addresses:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    monkeypatch.setattr(catching._Keeper, "handle_RCPT", handle_RCPT, raising=False)
    return addresses


@pytest.fixture
def office(database_url, tmp_path, refused):
    """An answer may take a month: no reminder makes up for a lost request before that."""
    with Catcher(tmp_path / "mails") as catcher:
        office = Office(database_url, catcher, due="1M")
        yield office
        office.application.close()


def runs(office):
    """What is told about a lost email goes out with the next pass."""
    for _ in range(3):
        office.deliver()


def told(office, user):
    """The subjects and the texts of what says that mail was lost."""
    mails = [one.message for one in office.mails(user) if "Not delivered" in one.message["Subject"]]
    return [mail.get_body(("plain",)).get_content() for mail in mails]


def bounces(office, number="PO-1"):
    with office.uow as uow:
        return uow.recorded(uow.documents.get(key(number)), MailBounced)


@pytest.mark.parametrize("address", ["", "bob"])
def test_that_an_approver_has_no_address_is_told_to_the_requester_and_the_administrators(
    office, address
):
    setting_up.set_user(office.uow, "BOB", {"email": address}, office.as_("EVA"))
    office.send("PO-1")
    runs(office)

    for user in ("ANN", "EVA"):
        (text,) = told(office, user)
        assert "Mail to BOB cannot be sent" in text
        assert "Fill in E-Mail of BOB" in text
    assert office.mails("EVA")[-1].message["From"] == "approvals@example.com"


def test_that_a_later_approver_left_the_setup_meanwhile_is_told_when_he_would_be_asked(office):
    office.send("PO-1", 5000)
    setting_up.remove_user(office.uow, "CID", office.as_("EVA"))
    office.approve("PO-1")
    runs(office)

    (text,) = told(office, "EVA")
    assert "CID is not in the approval user setup" in text


def test_an_approver_whom_the_mail_server_does_not_know_is_told_of_like_one_whose_mail_came_back(
    office, refused
):
    refused.add("dee@example.com")
    office.send("PO-1")
    deciding.delegate(office.uow, key("PO-1"), office.as_("BOB"))
    runs(office)

    (text,) = told(office, "ANN")
    assert "Mail to dee@example.com came back" in text
    assert "no such user" in text, text
    (bounce,) = bounces(office)
    assert (bounce.recipient, bounce.message, bounce.status) == (
        "DEE",
        "request_delegated",
        "5.1.1",
    )


def test_mail_that_asks_nothing_and_mail_about_lost_mail_make_no_more_mail(office, refused):
    refused |= {"ann@example.com", "eva@example.com", "bob@example.com"}
    office.send("PO-1")
    office.approve("PO-1")  # the release is told to Ann, who cannot be reached
    office.send("PO-2")
    for _ in range(3):
        runs(office)

    assert office.mails() == []
    assert bounces(office) == []
    assert len(bounces(office, "PO-2")) == 1


def test_a_document_that_its_vendor_cannot_get_is_told_to_the_requester_and_can_go_again(
    office, refused
):
    refused.add(VENDOR.email)
    _emails_on_release(office)
    _release_for_vendor(office)
    runs(office)

    (text,) = told(office, "ANN")
    assert "Mail to sales@vendor.example came back" in text
    refused.clear()
    email_document(office.uow, key("PO-1"), office.as_("ANN"))  # it need not say: again
    runs(office)
    assert any(VENDOR.email in mail.recipients for mail in office.mails())


def _release_for_vendor(office):
    with office.uow as uow:
        uow.parties.save_counterparty(VENDOR)
        uow.commit()
    office.send("PO-1")
    requesting.cancel_approval_request(office.uow, key("PO-1"), office.as_("ANN"))
    handling.change_document(office.uow, key("PO-1"), office.as_("ANN"), {"counterparty_no": "V1"})
    requesting.send_approval_request(office.uow, key("PO-1"), office.as_("ANN"))
    office.approve("PO-1")


def _emails_on_release(office):
    setting_up.disable_workflow(office.uow, "POAPW", office.as_("EVA"))
    made = template("POAPW").workflow()
    options = replace(made.options, email_on_release=True)
    setting_up.save_workflow(
        office.uow, replace(made, options=options), office.as_("EVA"), replacing=True
    )
    setting_up.enable_workflow(office.uow, "POAPW", office.as_("EVA"))


def test_a_request_that_stands_in_for_a_refused_one_is_not_called_lost(office, monkeypatch):
    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if b'From: "Ann" <ann@example.com>' in envelope.original_content:
            return (
                "554 5.2.252 SendAsDenied; erp@example.com not allowed to send as ann@example.com"
            )
        return await keeps(self, server, session, envelope)

    keeps = catching._Keeper.handle_DATA
    monkeypatch.setattr(catching._Keeper, "handle_DATA", handle_DATA)
    office.send("PO-1")
    runs(office)

    assert [mail.message["From"] for mail in office.mails("BOB")] == ["approvals@example.com"]
    assert bounces(office) == []


@pytest.fixture
def silent(monkeypatch):
    """The mail server takes each letter and is gone before it answers."""

    async def handle_DATA(_self, server, _session, _envelope):  # noqa: N802 - aiosmtpd's name
        server.transport.abort()
        return "250 2.0.0 nobody hears this"

    monkeypatch.setattr(catching._Keeper, "handle_DATA", handle_DATA)


def uncertain(office, number="PO-1"):
    """Those of which nobody knows whether they arrived; of these it is told once they can."""
    return [(one.recipient, one.uncertain, one.tell) for one in bounces(office, number)]


def test_a_request_of_which_nobody_knows_whether_it_arrived_is_told_when_it_is_not_tried_again(
    office, silent, monkeypatch
):
    office.send("PO-1")
    office.deliver()
    assert uncertain(office) == []  # a request is tried once more by itself
    office.now += timedelta(minutes=11)
    office.deliver()
    assert uncertain(office) == [("BOB", True, ("ANN", "EVA"))]

    monkeypatch.undo()
    runs(office)
    (mail,) = office.mails("EVA")
    assert mail.message["Subject"].startswith("Perhaps not delivered")
    text = mail.message.get_body(("plain",)).get_content()
    assert "Nobody knows whether mail to bob@example.com arrived" in text
    assert "countersign outbox retry" in text


def test_a_document_that_may_have_gone_out_is_told_and_does_not_go_again_by_accident(
    office, silent
):
    _release_for_vendor(office)
    email_document(office.uow, key("PO-1"), office.as_("ANN"))
    office.deliver()

    assert (VENDOR.email, True, ("ANN", "EVA")) in uncertain(office)
    with pytest.raises(AlreadyEmailed):
        email_document(office.uow, key("PO-1"), office.as_("ANN"))
