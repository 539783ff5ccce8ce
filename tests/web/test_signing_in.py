"""Signing in: who gets in, who does not, and for how long."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from app.serving import services_of
from tests.web.conftest import PASSWORD, Browser
from web.application import web_application
from web.signing_in import Attempt, sign_in
from workflow.user_accounts import SignInRefused, TooManyAttempts


def test_a_page_asks_to_sign_in_first_and_then_opens(browser):
    ann = browser()
    asked = ann.open("/documents?status=open")
    assert asked.headers["location"] == "/sign-in?next=/documents%3Fstatus%3Dopen"
    signed_in = ann.sign_in("ann", next_page="/documents?status=open")
    assert signed_in.headers["location"] == "/documents?status=open"
    assert ann.open("/documents").status_code == 200


@pytest.mark.parametrize("next_page", ["https://evil.example", "//evil.example", "/\\evil", "x"])
def test_nobody_is_sent_to_another_site_after_signing_in(browser, next_page):
    assert browser().sign_in("ANN", next_page=next_page).headers["location"] == "/"


@pytest.mark.parametrize(("user", "password"), [("ANN", "wrong"), ("NOBODY", PASSWORD), ("", "")])
def test_wrong_names_and_wrong_passwords_get_the_same_answer(browser, user, password):
    answer = browser().sign_in(user, password)
    assert answer.status_code == 403
    assert "The user name or the password is not right." in answer.text


def test_guessing_takes_longer_each_time_and_the_right_password_works_after_the_wait(
    browser, clock
):
    ann = browser()
    for _ in range(5):
        assert ann.sign_in("ANN", "wrong").status_code == 403
    assert ann.sign_in("ANN").status_code == 429
    clock.forward(seconds=2)
    assert ann.sign_in("ANN").status_code == 303


def test_guessing_at_many_things_at_once_is_no_faster(company, clock):
    def guess(number):
        attempt = Attempt(user_id="ANN", password=f"guess {number}", address="192.0.2.7")
        try:
            sign_in(company.user_accounts, attempt, clock())
        except (SignInRefused, TooManyAttempts) as error:
            return type(error)
        raise AssertionError("a guess was right")

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(24)))
    assert answers.count(SignInRefused) <= 5


def test_failures_of_the_day_before_do_not_count(browser, clock):
    ann = browser()
    for _ in range(7):
        ann.sign_in("ANN", "wrong")
    clock.forward(hours=24)
    assert ann.sign_in("ANN", "wrong").status_code == 403
    assert ann.sign_in("ANN").status_code == 303


def test_a_right_password_after_some_wrong_ones_starts_the_count_anew(browser):
    ann = browser()
    for _ in range(3):
        for _ in range(4):
            assert ann.sign_in("ANN", "wrong").status_code == 403
        assert ann.sign_in("ANN").status_code == 303


def test_guessing_at_one_account_does_not_lock_others_out(browser):
    guesser, bob = browser(), browser()
    for _ in range(7):
        guesser.sign_in("ANN", "wrong")
    assert bob.sign_in("BOB").status_code == 303


def test_a_session_gets_a_new_name_at_each_sign_in_and_the_database_has_only_its_hash(
    browser, company
):
    ann = browser("ANN")
    first = ann.client.cookies["countersign"]
    ann.sign_in("ANN")
    second = ann.client.cookies["countersign"]
    assert first != second
    stored = {session.id for session in company.user_accounts.sessions_of("ANN")}
    assert len(stored) == 2
    assert not stored & {first, second}


def test_a_session_given_by_somebody_else_is_not_taken_over(browser):
    ann = browser()
    ann.client.cookies.set("countersign", "planted")
    ann.sign_in("ANN")
    stranger = browser()
    stranger.client.cookies.set("countersign", "planted")
    assert stranger.open("/documents").status_code == 303


def test_signing_out_ends_the_session(browser):
    ann = browser("ANN")
    kept = ann.client.cookies["countersign"]
    assert ann.client.post("/sign-out", data={"token": sign_out_token(ann)}).status_code == 303
    ann.client.cookies.set("countersign", kept)
    assert ann.open("/documents").status_code == 303


def sign_out_token(browser):
    page = browser.open("/documents").text
    return page.split('name="token" value="')[1].split('"')[0]


@pytest.mark.parametrize("time", [{"hours": 8}, {"hours": 24}])
def test_a_session_that_nobody_uses_ends(browser, clock, time):
    ann = browser("ANN")
    clock.forward(**time)
    assert ann.open("/documents").status_code == 303


def test_a_session_that_is_used_ends_after_a_day(browser, clock):
    ann = browser("ANN")
    for _ in range(4):
        clock.forward(hours=5)
        assert ann.open("/documents").status_code == 200
    clock.forward(hours=5)
    assert ann.open("/documents").status_code == 303


def test_a_disabled_account_is_out_at_once(browser, company):
    ann = browser("ANN")
    account = company.user_accounts.find("ANN")
    company.user_accounts.save(replace(account, disabled=True))
    assert ann.open("/documents").status_code == 303
    assert ann.sign_in("ANN").status_code == 403


def test_refusals_are_told_in_the_language_of_whoever_reads_them(browser):
    bob = browser()
    bob.client.headers["Accept-Language"] = "nl-NL,nl;q=0.9,en;q=0.8"
    page = bob.sign_in("BOB", "wrong").text
    assert "De gebruikersnaam of het wachtwoord klopt niet." in page
    assert '<html lang="nl"' in page


def test_a_session_that_ends_while_something_is_refused_leads_to_sign_in(company):
    def ending():
        company.user_accounts.end_sessions_of("ANN")
        return company.uow(readonly=True)

    services = replace(services_of(company), reading=ending)
    ann = Browser(TestClient(web_application(services), follow_redirects=False))
    ann.sign_in("ANN")
    answer = ann.open("/documents/purchase/order/NONE")
    assert answer.headers["location"].startswith("/sign-in?next=")
