"""What everybody sets for himself: sessions, password, language."""

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from app.serving import services_of
from tests.web.conftest import PASSWORD
from web.application import web_application

NEW = "four words and more"
END = re.compile(r'name="end" value="([0-9a-f]+)"')


def change(browser, old=PASSWORD, password=NEW, again=NEW):
    token = browser.open("/settings").text.split('action="/settings/password">')[1]
    token = re.search(r'name="token" value="([^"]*)"', token)[1]
    fields = {"token": token, "old": old, "password": password, "again": again}
    return browser.client.post("/settings/password", data=fields)


def end(browser, which):
    token = browser.open("/settings").text.split('action="/settings/sessions">')[1]
    token = re.search(r'name="token" value="([^"]*)"', token)[1]
    return browser.client.post("/settings/sessions", data={"token": token, "end": which})


def test_a_person_sees_where_he_is_signed_in_and_ends_one(browser):
    here, there = browser("ANN"), browser("ANN")
    page = here.open("/settings").text
    assert page.count("Sign out there") == 1
    assert end(here, END.search(page)[1]).headers["location"] == "/settings?done=sessions"
    assert there.open("/documents").status_code == 303
    assert here.open("/documents").status_code == 200


def test_a_person_ends_all_sessions_but_this_one(browser):
    here, *others = (browser("ANN") for _ in range(3))
    end(here, "others")
    assert [one.open("/documents").status_code for one in (here, *others)] == [200, 303, 303]


def test_nobody_ends_a_session_of_somebody_else(browser, company):
    ann, bob = browser("ANN"), browser("BOB")
    (session,) = company.user_accounts.sessions_of("BOB")
    end(ann, session.id)
    assert bob.open("/documents").status_code == 200


def test_a_changed_password_ends_all_other_sessions_and_renews_this_one(browser):
    here, there = browser("ANN"), browser("ANN")
    before = here.client.cookies["countersign"]
    assert change(here).headers["location"] == "/settings?done=password"
    assert here.client.cookies["countersign"] != before
    assert here.open("/documents").status_code == 200
    assert there.open("/documents").status_code == 303
    assert there.sign_in("ANN", PASSWORD).status_code == 403
    assert there.sign_in("ANN", NEW).status_code == 303


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"old": "wrong"}, 403, "That is not your password."),
        ({"again": "something else"}, 422, "The new password was typed in two ways."),
        ({"password": "short", "again": "short"}, 422, "at least 12 characters"),
    ],
)
def test_a_password_is_changed_by_whoever_knows_the_old_one(browser, fields, status, words):
    ann = browser("ANN")
    answer = change(ann, **fields)
    assert answer.status_code == status
    assert words in answer.text
    assert browser().sign_in("ANN").status_code == 303


def test_the_old_password_cannot_be_guessed_at_any_speed(browser, clock):
    ann = browser("ANN")
    for _ in range(5):
        change(ann, old="wrong")
    assert change(ann).status_code == 429
    clock.forward(seconds=2)
    assert change(ann).status_code == 303


def test_a_person_chooses_his_language_and_it_is_on_record(browser, company):
    ann = browser("ANN")
    token = ann.open("/settings").text.split('action="/settings/language">')[1]
    token = re.search(r'name="token" value="([^"]*)"', token)[1]
    fields = {"token": token, "language": "nl", "time_zone": "Europe/Brussels"}
    ann.client.post("/settings/language", data={**fields, "email": "ann@evil.example"})
    assert '<html lang="nl"' in ann.open("/settings").text
    person = company.directory.user("ANN")
    assert (person.time_zone, person.email) == ("Europe/Brussels", "ann@example.com")
    with company.engine.connect() as connection:
        (kind, actor) = connection.exec_driver_sql(
            "SELECT kind, actor FROM events WHERE subject = 'ANN'"
        ).one()
    assert (kind, actor) == ("ApprovalUserChanged", "ANN")
    wrong = ann.client.post("/settings/language", data={**fields, "time_zone": "../etc/passwd"})
    assert wrong.status_code == 422


def test_over_https_the_session_is_kept_so_that_no_other_host_can_set_it(company):

    services = replace(services_of(company), base_url="https://approvals.example.com")
    client = TestClient(
        web_application(services), base_url="https://approvals.example.com", follow_redirects=False
    )
    answer = client.post("/sign-in", data={"user": "ANN", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    name, *flags = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-countersign=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(flags)
    assert not any(flag.casefold().startswith("domain") for flag in flags)
    assert answer.headers["strict-transport-security"]
    assert client.get("/documents").status_code == 200
    planted = name.removeprefix("__Host-")
    stranger = TestClient(
        web_application(services), base_url="https://approvals.example.com", follow_redirects=False
    )
    assert stranger.get("/documents", headers={"Cookie": planted}).status_code == 303
