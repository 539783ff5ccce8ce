"""The steps until a company is live: each says how far it is, until all are done."""

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from app.serving import services_of
from notifications.mail_setup import Authentication, MailSetup
from tests.web.conftest import Browser
from web.application import web_application

STEPS = [
    "company",
    "mail_account",
    "mail_proof",
    "send_as",
    "approval_users",
    "structure",
    "workflow",
    "sign_in",
]
OFFICE = MailSetup(
    server="smtp.example.com",
    port=587,
    secure=True,
    authentication=Authentication.BASIC,
    user_name="erp@example.com",
    password="hunter2",  # noqa: S106 - of an account that does not exist
)


@pytest.fixture
def eva(browser):
    return browser("EVA")


@pytest.fixture
def steps(eva):
    """Each step of the list with what it is called to be."""

    def listed():
        page = eva.open("/setup").text
        found = re.findall(r'<li id="(\w+)">.*?class="status \w+">([^<]+)<', page)
        return dict(found)

    return listed


def test_a_new_company_sees_what_to_do_in_order(steps):
    assert list(steps()) == STEPS
    assert steps()["mail_account"] == "to do"
    assert steps()["mail_proof"] == "to do"
    assert steps()["workflow"] == "in order"


def test_every_step_has_one_place_to_go(eva):
    page = eva.open("/setup").text
    for name in STEPS:
        [item] = re.findall(rf'<li id="{name}">.*?</li>', page, re.DOTALL)
        assert item.count('<a href="/setup/') == 1


def test_a_mail_account_that_cannot_sign_in_is_to_be_looked_at(steps, company):
    company.mail_setups.save(replace(OFFICE, password=""))
    assert steps()["mail_account"] == "look at it"
    company.mail_setups.save(OFFICE)
    assert steps()["mail_account"] == "in order"


def test_the_proof_is_a_test_that_the_server_took(steps, eva, company, mail_server):
    server = mail_server(tls=False, sign_in=False)
    server.replies["DATA"] = ["554 5.6.0 no"]
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    eva.fill("/setup/mail/test")
    assert steps()["mail_proof"] == "broken"
    eva.fill("/setup/mail/test")
    assert steps()["mail_proof"] == "in order"


def test_rights_that_nobody_tried_are_to_be_looked_at(steps, company):
    company.mail_setups.save(OFFICE)
    assert steps()["send_as"] == "in order"
    company.mail_setups.save(replace(OFFICE, allow_sender_substitution=True))
    assert steps()["send_as"] == "look at it"


def test_a_workflow_that_is_disabled_is_to_be_done(steps, company):
    with company.uow() as uow:
        uow.workflows.enable("PO", enabled=False)
        uow.commit()
    assert steps()["workflow"] == "to do"


def test_who_cannot_sign_in_is_named(eva, steps, company):
    account = company.user_accounts.find("BOB")
    company.user_accounts.save(replace(account, disabled=True))
    assert steps()["sign_in"] == "look at it"
    assert "Cannot sign in yet: Bob." in eva.open("/setup").text


def test_the_list_is_gone_once_everything_is_in_order(company, mail_server):
    server = mail_server(tls=False, sign_in=False)
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    with company.uow() as uow:
        for user in ("EVA", "FINN", "ANN", "BOB", "DEE"):
            uow.users.save(replace(uow.users.user(user), approver="CID"))
        uow.users.save(replace(uow.users.user("CID"), sales_limit=None))
        uow.commit()
    services = replace(services_of(company), base_url="http://testserver")
    eva = Browser(TestClient(web_application(services), follow_redirects=False))
    eva.sign_in("EVA")
    assert "Until you are live" in eva.open("/setup").text
    eva.fill("/setup/mail/test")
    assert "Until you are live" not in eva.open("/setup").text


def test_whoever_sets_up_begins_there_until_nothing_is_left_out(eva, browser, company, mail_server):
    def home(who):
        return who.open("/").headers["location"]

    assert home(eva) == "/setup"
    assert home(browser("ANN")) == "/documents"
    server = mail_server(tls=False, sign_in=False)
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    eva.fill("/setup/mail/test")
    assert home(eva) == "/documents"
