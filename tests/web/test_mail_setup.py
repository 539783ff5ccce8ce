"""SMTP Mail Setup: every field, what is refused beside it, and secrets that never come back."""

from dataclasses import replace

import pytest

from app.secret_keys import NoSecretKey
from db.key_ring import KeyRing
from notifications.mail_setup import Authentication, MailSetup
from notifications.setting_descriptions import DESCRIPTIONS
from web.mail_fields import CAPTIONS
from workflow.user_accounts import Role

MAIL = "/setup/mail"
OFFICE = "/setup/mail/office365"
TEST = "/setup/mail/test"
SECRET = "hunter2 hunter2"  # noqa: S105 - of an account that does not exist
BASIC = {"server": "mail.example.com", "authentication": "basic", "user_name": "erp@example.com"}


@pytest.fixture
def eva(browser):
    return browser("EVA")


@pytest.fixture
def saved(company):
    """The mail setup as it is stored now."""
    return lambda: company.mail_setups.load() or MailSetup()


def test_every_setting_has_its_caption_and_description_in_both_languages(eva, company):
    page = eva.open(MAIL).text
    assert set(CAPTIONS) == set(DESCRIPTIONS)
    for key in CAPTIONS:
        assert f'name="{key}"' in page
        assert f'id="d-{key}"' in page
    with company.uow() as uow:
        uow.users.save(replace(uow.users.user("EVA"), language="nl"))
        uow.commit()
    dutch = eva.open(MAIL).text
    for words in ("SMTP-mailinstellingen", "Verzenden als", "Vervanging van afzender toestaan"):
        assert words in dutch


def test_what_is_typed_is_saved_and_the_page_says_so(eva, saved):
    answer = eva.fill(MAIL, **BASIC, password=SECRET, secure="yes")
    assert answer.status_code == 303
    assert saved().user_name == "erp@example.com"
    assert saved().password == SECRET
    assert "The mail setup is changed." in eva.open(answer.headers["location"]).text


def test_a_setup_is_told_of_what_it_lacks(eva):
    answer = eva.fill(MAIL, **BASIC)
    page = eva.open(answer.headers["location"]).text
    assert "Password is empty: the account cannot sign in." in page
    assert "countersign mail" not in page  # whoever reads this has no command line


def test_a_secret_is_never_shown_again_and_stays_when_nothing_is_typed(eva, saved):
    eva.fill(MAIL, **BASIC, password=SECRET, secure="yes")
    page = eva.open(MAIL).text
    assert SECRET not in page
    assert "Set. It is never shown" in page
    eva.fill(MAIL, sender_name="Contoso")
    assert (saved().password, saved().sender_name) == (SECRET, "Contoso")


def test_refusals_stand_beside_their_fields_with_what_was_typed_but_no_secret(eva, saved):
    typed = {"port": "99999", "send_as": "nobody", "sender_name": "<b>"}
    refused = eva.fill(MAIL, **BASIC, password=SECRET, **typed)
    assert refused.status_code == 422
    assert "must be a whole number from 1 to 65535" in refused.text
    assert "must be one email address" in refused.text
    assert 'value="99999"' in refused.text
    assert 'value="nobody"' in refused.text
    assert "&lt;b&gt;" in refused.text
    assert SECRET not in refused.text
    assert saved() == MailSetup()


def test_another_server_forgets_the_password_of_the_one_before(eva, saved):
    eva.fill(MAIL, **BASIC, password=SECRET, secure="yes")
    answer = eva.fill(MAIL, server="elsewhere.example.com")
    assert saved().password == ""
    page = eva.open(answer.headers["location"]).text
    assert "The password was given for another server and is forgotten." in page


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(eva, browser, saved):
    old = eva.form(MAIL)
    browser("FINN").fill(MAIL, server="finns.example.com")
    refused = eva.client.post(MAIL, data={**old, "server": "evas.example.com"})
    assert refused.status_code == 409
    assert saved().server == "finns.example.com"


def test_every_change_is_recorded_without_its_secrets(eva, company):
    eva.fill(MAIL, **BASIC, password=SECRET, secure="yes")
    with company.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT kind, actor, payload FROM events").all()
    [(_, actor, payload)] = [row for row in rows if row[0] == "MailSetupChanged"]
    assert actor == "EVA"
    assert "mail.example.com" in payload
    assert "password" in payload
    assert SECRET not in payload


@pytest.mark.parametrize("path", [MAIL, TEST, OFFICE])
def test_only_administrators_get_there(browser, path):
    assert browser("ANN").open(path).status_code == 403


def test_without_a_secret_key_no_password_is_kept_and_the_page_says_what_to_do(
    eva, company, saved, monkeypatch
):
    monkeypatch.setattr(company.mail_setups, "_ring", KeyRing(no_key))
    refused = eva.fill(MAIL, **BASIC, password=SECRET, secure="yes")
    assert refused.status_code == 422
    assert "COUNTERSIGN_SECRET_KEY_FILE" in refused.text
    assert saved() == MailSetup()


def no_key():
    raise NoSecretKey


def test_the_user_name_can_be_copied(eva):
    eva.fill(MAIL, **BASIC)
    assert 'data-copy="f-user_name"' in eva.open(MAIL).text


def test_office_365_is_applied_after_asking_and_keeps_user_name_and_send_as(eva, saved):
    eva.fill(MAIL, **BASIC, send_as="noreply@example.com")
    asked = eva.open(OFFICE).text
    assert "mail.example.com is filled in already. Override the current data?" in asked
    assert saved().server == "mail.example.com"
    assert eva.fill(OFFICE, authentication="oauth2").status_code == 303
    after = saved()
    assert (after.server, after.port, after.secure) == ("smtp.office365.com", 587, True)
    assert after.authentication is Authentication.OAUTH2
    assert (after.user_name, after.send_as) == ("erp@example.com", "noreply@example.com")


def test_basic_sign_in_at_office_365_ends_and_the_page_says_when(eva):
    answer = eva.fill(OFFICE, authentication="basic")
    assert "end of December 2026" in eva.open(answer.headers["location"]).text
    answer = eva.fill(OFFICE, authentication="oauth2")
    assert "end of December 2026" not in eva.open(answer.headers["location"]).text


def test_the_test_goes_to_the_administrator_alone_and_says_from_whom_and_why(
    eva, company, mail_server
):
    server = mail_server(tls=False, sign_in=False)
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    answer = eva.fill(TEST, address="ann@example.com")
    [received] = server.received
    assert received.recipients == ["eva@example.com"]
    page = eva.open(answer.headers["location"]).text
    for words in ("Look whether it arrived", "noreply@example.com", "2.0.0 queued as 4711"):
        assert words in page
    assert "it is Send As in the mail setup" in page


def test_a_refused_test_says_what_the_server_said_and_what_helps(eva, company, mail_server):
    server = mail_server(tls=False, sign_in=False)
    server.replies["DATA"] = ["554 5.2.252 SendAsDenied; <script>alert(1)</script>"]
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    page = eva.open(eva.fill(TEST).headers["location"]).text
    assert "The letter was not sent." in page
    assert "grant Send As" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_no_more_than_ten_tests_a_minute(eva, company, clock):
    for _ in range(10):
        assert eva.fill(TEST).status_code == 422  # no server is filled in
    assert eva.fill(TEST).status_code == 429
    clock.forward(minutes=1)
    assert eva.fill(TEST).status_code == 422


def test_a_link_cannot_make_the_page_say_things(eva):
    assert "Call this number" not in eva.open(f"{MAIL}?told=Call this number").text


def test_an_auditor_sees_the_setup_and_changes_nothing(browser, company, saved):
    account = company.user_accounts.find("ANN")
    company.user_accounts.save(replace(account, roles=frozenset({Role.AUDITOR})))
    ann = browser("ANN")
    assert ann.open(MAIL).status_code == 200
    refused = ann.fill(MAIL, server="anns.example.com")
    assert refused.status_code == 403
    assert saved() == MailSetup()
