"""Showing once more that it is oneself, before a secret of the mail is changed."""

import pytest

from notifications.mail_setup import Authentication, MailSetup
from tests.web.conftest import PASSWORD
from tests.web.forms import save

PROVE = "/settings/prove"
MAIL = "/setup/mail"
INBOX = "/setup/inbox"
NEW = "a-new-secret"
SETUP = MailSetup(
    server="localhost",
    secure=True,
    authentication=Authentication.BASIC,
    user_name="erp@example.com",
)


@pytest.fixture
def eva(browser, company, clock):
    """Eva, who signed in a while ago."""
    company.mail_setups.save(SETUP)
    eva = browser("EVA")
    clock.forward(minutes=15)
    return eva


def test_whoever_signed_in_just_now_need_not_show_it(browser, company):
    company.mail_setups.save(SETUP)
    eva = browser("EVA")
    assert PROVE not in eva.open(MAIL).text
    assert eva.fill(MAIL, password=NEW).status_code == 303
    assert company.mail_setups.load().password == NEW


def test_a_new_secret_of_the_mail_account_wants_a_proof(eva, company):
    assert f"{PROVE}?next=/setup/mail" in eva.open(MAIL).text
    refused = eva.fill(MAIL, password=NEW)
    assert refused.status_code == 403
    assert "Nothing was changed." in refused.text
    assert f'name="next" value="{MAIL}"' in refused.text
    assert company.mail_setups.load().password == ""

    assert eva.send(PROVE, next=MAIL, password=PASSWORD).headers["location"] == MAIL
    assert eva.fill(MAIL, password=NEW).status_code == 303
    assert company.mail_setups.load().password == NEW


def test_other_settings_want_none(eva, company):
    assert eva.fill(MAIL, sender_name="Desks").status_code == 303
    assert company.mail_setups.load().sender_name == "Desks"


def test_a_new_password_of_the_mailbox_wants_a_proof(eva, company):
    assert f"{PROVE}?next=/setup/inbox" in eva.open(INBOX).text
    fields = {"server": "localhost", "user_name": "erp@example.com", "password": NEW}
    assert save(eva, INBOX, **fields).status_code == 403
    assert company.mailboxes.load() is None
    eva.send(PROVE, next=INBOX, password=PASSWORD)
    assert save(eva, INBOX, **fields).status_code == 303


def test_the_guide_asks_for_the_proof_before_its_first_question(eva):
    answer = eva.open("/setup/mail/guide")
    assert answer.headers["location"] == f"{PROVE}?next=/setup/mail/guide"
    eva.send(PROVE, next="/setup/mail/guide", password=PASSWORD)
    assert eva.open("/setup/mail/guide").status_code == 200


def test_a_sign_in_for_the_mail_account_wants_a_proof(eva):
    assert eva.send("/setup/mail/sign-in").status_code == 403


def test_a_wrong_password_proves_nothing(eva, company):
    answer = eva.send(PROVE, next=MAIL, password="wrong horse")  # noqa: S106 - of nobody
    assert answer.status_code == 403
    assert eva.fill(MAIL, password=NEW).status_code == 403


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "javascript:alert(1)"])
def test_it_leads_back_to_pages_of_ours_only(eva, path):
    assert f'value="{path}"' not in eva.open(f"{PROVE}?next={path}").text
    assert eva.send(PROVE, next=path, password=PASSWORD).headers["location"] == "/settings"
