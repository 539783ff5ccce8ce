"""Users and roles: who may give them, what is recorded, and the link that sets a password."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from app.passes import deliver
from tests.web.conftest import PASSWORD
from web.forms import form_token
from workflow.user_accounts import Role, UserAccount

NEW = "four words and more"
WRONG = "not hers"
ANN = "/setup/accounts/ANN"
LINK = re.compile(r'id="link"[^>]*>([^<]+)<')


def recorded(company):
    """What was changed about Ann's account, and by whom."""
    with company.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT kind, actor, payload FROM events WHERE subject = 'ANN' ORDER BY id"
        )
        return [tuple(row) for row in rows]


def link_for(eva, path=ANN):
    answer = eva.send(path, step="link", own_password=PASSWORD)
    assert answer.status_code == 200
    return LINK.search(answer.text)[1]


def path_of(link):
    return link.removeprefix("http://testserver")


def test_an_administrator_gives_a_role_and_it_counts_at_once(browser, company):
    ann, eva = browser("ANN"), browser("EVA")
    assert ann.open("/setup").status_code == 403
    answer = eva.send(ANN, step="save", auditor="yes", own_password=PASSWORD)
    assert answer.headers["location"] == ANN
    assert ann.open("/setup").status_code == 200
    ((kind, actor, payload),) = recorded(company)
    assert (kind, actor) == ("AccountChanged", "EVA")
    assert '"field":"roles","before":"","after":"auditor"' in payload


def test_a_role_that_is_taken_away_is_gone_at_once(browser, company):
    account = company.user_accounts.find("ANN")
    company.user_accounts.save(replace(account, roles=frozenset({Role.WORKFLOW_ADMINISTRATOR})))
    ann, eva = browser("ANN"), browser("EVA")
    assert ann.open("/setup/accounts").status_code == 200
    eva.send(ANN, step="save", own_password=PASSWORD)
    assert ann.open("/setup/accounts").status_code == 403
    assert ann.open("/documents").status_code == 200


def test_roles_are_given_only_by_somebody_who_shows_once_more_who_he_is(browser, company):
    answer = browser("EVA").send(ANN, step="save", auditor="yes", own_password=WRONG)
    assert answer.status_code == 403
    assert "That is not your password." in answer.text
    assert company.user_accounts.find("ANN").roles == frozenset()


def test_nobody_changes_his_own_roles_not_even_an_administrator(browser, company):
    answer = browser("EVA").send(
        "/setup/accounts/EVA", step="save", workflow_administrator="yes", own_password=PASSWORD
    )
    assert answer.status_code == 403
    assert "cannot change the roles of the own account" in answer.text
    assert company.user_accounts.find("EVA").roles == frozenset()


@pytest.mark.parametrize("step", ["disable", "remove"])
def test_nobody_locks_himself_out(browser, step):
    eva = browser("EVA")
    answer = eva.send("/setup/accounts/EVA", step=step, own_password=PASSWORD)
    assert answer.status_code == 403
    assert eva.open("/documents").status_code == 200


@pytest.mark.parametrize("step", ["save", "link", "disable", "remove"])
def test_only_administrators_change_accounts(browser, company, step):
    account = company.user_accounts.find("DEE")
    company.user_accounts.save(replace(account, roles=frozenset({Role.AUDITOR})))
    for user, seen in (("BOB", 403), ("DEE", 200)):
        person = browser(user)
        assert person.open("/setup/accounts").status_code == seen
        token = form_token(person.client.cookies["countersign"], ANN)
        fields = {"step": step, "auditor": "yes", "own_password": PASSWORD, "token": token}
        answer = person.send(ANN, **fields)
        assert answer.status_code == 403
        assert "administrator" in answer.text
    assert recorded(company) == []


def test_who_is_disabled_is_out_at_once_and_comes_in_again_when_enabled(browser):
    ann, eva = browser("ANN"), browser("EVA")
    eva.send(ANN, step="disable", own_password=PASSWORD)
    assert ann.open("/documents").status_code == 303
    assert ann.sign_in("ANN").status_code == 403
    eva.send(ANN, step="enable", own_password=PASSWORD)
    assert ann.open("/documents").status_code == 303  # the old session stays ended
    assert ann.sign_in("ANN").status_code == 303


def test_an_account_that_is_removed_has_no_sessions(browser, company):
    ann, eva = browser("ANN"), browser("EVA")
    answer = eva.send(ANN, step="remove", own_password=PASSWORD)
    assert answer.headers["location"] == ANN.rpartition("/")[0]
    assert ann.open("/documents").status_code == 303
    assert company.user_accounts.sessions_of("ANN") == []
    assert [kind for kind, _, _ in recorded(company)] == ["AccountRemoved"]


def test_a_link_sets_a_password_once_and_no_administrator_learns_it(browser, company):
    ann, eva = browser("ANN"), browser("EVA")
    page = path_of(link_for(eva))
    somebody = browser()
    for _ in range(3):  # mail scanners look at links too
        assert somebody.open(page).status_code == 200
    answer = somebody.client.post(page, data={"password": NEW, "again": NEW})
    assert answer.headers["location"] == "/sign-in?done=password"
    assert ann.open("/documents").status_code == 303  # sessions end with the old password
    assert somebody.sign_in("ANN", PASSWORD).status_code == 403
    assert somebody.sign_in("ANN", NEW).status_code == 303
    again = somebody.client.post(page, data={"password": PASSWORD, "again": PASSWORD})
    assert again.status_code == 404
    assert "This link does not work any more." in again.text
    assert somebody.sign_in("ANN", NEW).status_code == 303


def test_what_is_recorded_of_links_and_passwords_holds_no_secret(browser, company):
    page = path_of(link_for(browser("EVA")))
    browser().client.post(page, data={"password": NEW, "again": NEW})
    events = recorded(company)
    assert [(kind, actor) for kind, actor, _ in events] == [
        ("AccountChanged", "EVA"),
        ("PasswordLinkMade", "EVA"),
        ("AccountChanged", "ANN"),
    ]
    secret = page.rpartition("/")[2]
    texts = " ".join(payload for _, _, payload in events)
    assert '"field":"link"' in texts
    assert '"before":"set","after":"changed"' in texts
    for hidden in (secret, NEW, "argon2"):
        assert hidden not in texts
    with company.engine.connect() as connection:
        links = connection.exec_driver_sql("SELECT id FROM password_links").scalars().all()
    assert secret not in links


def test_a_link_ends_after_a_day(browser, clock):
    page = path_of(link_for(browser("EVA")))
    clock.forward(hours=24)
    answer = browser().client.post(page, data={"password": NEW, "again": NEW})
    assert answer.status_code == 404


def test_a_new_link_ends_the_one_before_and_disabling_ends_both(browser):
    eva = browser("EVA")
    first, second = path_of(link_for(eva)), path_of(link_for(eva))
    fields = {"password": NEW, "again": NEW}
    assert browser().client.post(first, data=fields).status_code == 404
    eva.send(ANN, step="disable", own_password=PASSWORD)
    eva.send(ANN, step="enable", own_password=PASSWORD)
    assert browser().client.post(second, data=fields).status_code == 404


@pytest.mark.parametrize(
    ("password", "again"), [("short", "short"), (NEW, "another of it"), ("wachtwoord12",) * 2]
)
def test_a_password_that_cannot_be_one_does_not_use_the_link_up(browser, password, again):
    page = path_of(link_for(browser("EVA")))
    somebody = browser()
    refused = somebody.client.post(page, data={"password": password, "again": again})
    assert refused.status_code == 422
    assert somebody.client.post(page, data={"password": NEW, "again": NEW}).status_code == 303


def test_somebody_without_an_account_gets_one_with_his_link(browser, company):
    company.user_accounts.remove("ANN")
    page = path_of(link_for(browser("EVA")))
    somebody = browser()
    somebody.client.post(page, data={"password": NEW, "again": NEW})
    assert somebody.sign_in("ANN", NEW).status_code == 303


def test_who_it_is_at_microsoft_belongs_to_one_person(browser, company):
    eva = browser("EVA")
    eva.send(ANN, step="save", entra="Tenant/Object", own_password=PASSWORD)
    assert company.user_accounts.of_entra("tenant", "object").user_id == "ANN"
    answer = eva.send(
        "/setup/accounts/BOB", step="save", entra="TENANT/OBJECT", own_password=PASSWORD
    )
    assert "belongs to ANN already" in answer.text
    answer = eva.send(ANN, step="save", entra="ann@example.com", own_password=PASSWORD)
    assert answer.status_code == 422


def test_the_list_shows_what_everybody_is(browser, company):
    company.user_accounts.save(UserAccount(user_id="GONE", roles=frozenset({Role.AUDITOR})))
    page = browser("EVA").open("/setup/accounts").text
    for words in ("Approval Administrator", "Not in the approval user setup, Auditor"):
        assert words in page


def test_the_person_hears_of_a_link_and_the_mail_does_not_hold_it(browser, company, mail_server):
    server = mail_server(tls=False, sign_in=False)
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    secret = path_of(link_for(browser("EVA"))).rpartition("/")[2]
    deliver(company)
    [mail] = server.received
    text = message_from_bytes(mail.raw, policy=default).get_body(("plain",)).get_content()
    assert mail.recipients == ["ann@example.com"]
    assert "Eva made a link with which Ann sets a password at Desks & Co." in " ".join(text.split())
    assert secret.encode() not in mail.raw
    assert secret not in text
