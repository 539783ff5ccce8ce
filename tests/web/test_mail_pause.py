"""While the mail account is left alone, administrators are told so wherever they set up."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.accounts import pause
from notifications.accounts import Pause, account_of
from notifications.mail_setup import MailSetup
from notifications.replies import ReplyKind
from workflow.user_accounts import Role

SETUP = MailSetup(server="mail.example.com", user_name="mail@example.com")
REASON = "535 5.7.3 Authentication unsuccessful <b>"
PAGES = ["/setup", "/setup/users", "/setup/mail", "/setup/workflows/edit/PO", "/setup/log"]


@pytest.fixture
def paused(company, clock):
    """The mail server would not let the account in."""
    company.mail_setups.save(SETUP)
    until = clock() + timedelta(minutes=15)
    with company.engine.begin() as connection:
        stop = Pause(until=until, kind=ReplyKind.SIGN_IN, text=REASON + "x" * 5_000)
        pause(connection, account_of(SETUP), stop)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_setup_says_so_with_the_reason_and_where_to_go(browser, paused, path):
    page = browser("EVA").open(path).text
    assert "left alone until Mon, 2 Mar 2026, 09:15: 535 5.7.3" in page
    assert "unsuccessful &lt;b&gt;" in page
    assert '<a href="/setup/outbox">Outbox</a></p>' in page
    assert "x" * 300 not in page


def test_it_is_said_once_where_all_of_it_stands(browser, paused):
    assert browser("EVA").open("/setup/outbox").text.count("left alone until") == 1


def test_nothing_is_said_when_the_pause_is_over(browser, paused, clock):
    eva = browser("EVA")
    clock.forward(minutes=16)
    assert "left alone" not in eva.open("/setup/users").text


def test_others_are_told_nothing_and_wait_for_no_query(browser, company, paused):
    account = company.user_accounts.find("DEE")
    company.user_accounts.save(replace(account, roles=frozenset({Role.AUDITOR})))
    asked = []
    sa.event.listen(company.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    pages = [("DEE", "/setup/users"), ("ANN", "/documents"), ("EVA", "/documents")]
    for user, path in pages:
        answer = browser(user).open(path)
        assert answer.status_code == 200
        assert "left alone" not in answer.text
    assert not [statement for statement in asked if "mail_accounts" in statement]
    browser("EVA").open("/setup/users")
    assert [statement for statement in asked if "mail_accounts" in statement]
