"""Mailbox Setup: every field with its sentence, a password that never comes back."""

import pytest

from notifications.received.mailbox_setup import DESCRIPTIONS, MailboxSetup
from web.pages.mailbox import CAPTIONS

INBOX = "/setup/inbox"
SECRET = "hunter2 hunter2"  # noqa: S105 - of an account that does not exist
TYPED = {"server": "imap.example.com", "user_name": "erp@example.com", "password": SECRET}


@pytest.fixture
def eva(browser):
    return browser("EVA")


def saved(company):
    return company.mailboxes.load() or MailboxSetup()


def test_every_setting_has_its_caption_and_description(eva):
    page = eva.open(INBOX).text
    assert set(CAPTIONS) == set(DESCRIPTIONS)
    for key in DESCRIPTIONS:
        assert f'id="d-{key}"' in page


def test_what_is_typed_is_saved_and_the_password_stays_hidden(eva, company):
    answer = eva.fill(INBOX, **TYPED)
    page = eva.open(answer.headers["location"]).text
    assert "The mailbox is changed." in page
    assert SECRET not in page
    assert (saved(company).server, saved(company).password) == ("imap.example.com", SECRET)
    eva.fill(INBOX, folder="Bounces")
    assert (saved(company).folder, saved(company).password) == ("Bounces", SECRET)


def test_another_server_forgets_the_password(eva, company):
    eva.fill(INBOX, **TYPED)
    answer = eva.fill(INBOX, server="elsewhere.example.com")
    assert saved(company).password == ""
    assert "is forgotten" in eva.open(answer.headers["location"]).text


def test_refusals_stand_beside_their_fields(eva, company):
    refused = eva.fill(INBOX, **TYPED, port="no", folder="", answers_to="nobody")
    assert refused.status_code == 422
    for words in ("must be a whole number", "must be a folder", "must be one email address"):
        assert words in refused.text
    assert 'value="nobody"' in refused.text
    assert SECRET not in refused.text
    assert saved(company) == MailboxSetup()


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(eva, browser, company):
    old = eva.form(INBOX)
    browser("FINN").fill(INBOX, server="finns.example.com")
    assert eva.client.post(INBOX, data={**old, "server": "evas.example.com"}).status_code == 409
    assert saved(company).server == "finns.example.com"


def test_the_change_is_recorded_without_the_password(eva, company):
    eva.fill(INBOX, **TYPED)
    with company.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT kind, actor, payload FROM events").all()
    [(_, actor, payload)] = [row for row in rows if row[0] == "MailSetupChanged"]
    assert (actor, SECRET in payload) == ("EVA", False)
    assert "imap.example.com" in payload


def test_only_administrators_get_there(browser):
    assert browser("ANN").open(INBOX).status_code == 403
