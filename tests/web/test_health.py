"""Health: what is wrong is said where it can be repaired, and to programs in a word."""

from datetime import timedelta

import pytest

from app.passes import deliver
from notifications.mail_setup import MailSetup

HEALTH = "/setup/health"


@pytest.fixture
def eva(browser):
    return browser("EVA")


@pytest.fixture
def checks(eva):
    """Each check with its state, as a program that signed in is told."""

    def asked():
        told = eva.open("/ready").json()["checks"]
        return {name: check["state"] for name, check in told.items()}

    return asked


def test_it_lives_and_is_ready_and_strangers_hear_no_more(browser):
    stranger = browser()
    assert stranger.open("/health").text == "ok\n"
    assert stranger.open("/ready").json() == {"ready": True}
    assert browser("ANN").open("/ready").json() == {"ready": True}


def test_administrators_hear_the_details(eva, checks):
    assert checks()["database"] == "ok"
    assert "in order" in eva.open(HEALTH).text


def test_tables_of_another_version_are_not_ready(eva, browser, company):
    eva.open(HEALTH)
    with company.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    answer = browser().open("/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})
    assert browser().open("/health").status_code == 200
    assert "The tables have the form of version 0001" in eva.open(HEALTH).text


def test_mail_that_waits_too_long_is_told(checks, company, sent, clock):
    company.mail_setups.save(MailSetup(server="localhost", port=9, send_as="a@example.com"))
    sent()
    deliver(company)
    assert checks()["oldest_unsent"] == "ok"
    clock.forward(minutes=16)
    assert checks()["oldest_unsent"] == "warn"
    clock.forward(hours=2)
    assert checks()["oldest_unsent"] == "fail"


def test_mail_that_was_sent_does_not_wait(checks, eva, company, sent, clock, mail_server):
    server = mail_server(tls=False, sign_in=False)
    company.mail_setups.save(server.setup(send_as="noreply@example.com"))
    sent()
    deliver(company)
    clock.forward(hours=3)
    assert checks()["oldest_unsent"] == "ok"
    assert "The mail server took the last one on" in eva.open(HEALTH).text


def test_an_account_that_is_left_alone_is_told_with_the_reason(eva, checks, company, sent):
    company.mail_setups.save(MailSetup(server="localhost", port=9, send_as="a@example.com"))
    sent()
    deliver(company)
    assert checks()["mail_account"] == "fail"
    assert "left alone until" in eva.open(HEALTH).text


def test_a_sender_that_was_refused_is_told(eva, checks, company, sent, mail_server):
    server = mail_server(tls=False, sign_in=False)
    server.replies["DATA"] = ["554 5.2.252 SendAsDenied; not allowed"]
    company.mail_setups.save(server.setup(allow_sender_substitution=True))
    sent()
    deliver(company)
    assert checks()["send_as"] == "warn"
    assert "does not let mail come from: Ann" in eva.open(HEALTH).text


def test_mail_that_is_held_waits_for_a_decision(checks, company, sent):
    sent()
    deliver(company)
    assert checks()["held"] == "ok"
    company.outbox.hold(1)
    assert checks()["held"] == "warn"


def test_a_restored_database_is_told(eva, checks, company):
    company.guard.suspect("This database is older than the mail it sent.")
    assert checks()["restored"] == "fail"
    page = eva.open(HEALTH).text
    assert "older than the mail it sent" in page
    assert "Nothing is sent until somebody decides" in page


def test_the_usual_names_are_understood_too(browser):
    stranger = browser()
    assert stranger.open("/health/live").text == "ok\n"
    assert stranger.open("/health/ready").json() == {"ready": True}


def test_without_a_worker_no_mail_goes_out(eva, checks, company, database_url):
    """On SQLite the worker is in the process with the pages."""
    if database_url.startswith("sqlite"):
        assert checks()["workers"] == "ok"
        return
    assert checks()["workers"] == "fail"
    assert "No worker is alive" in eva.open(HEALTH).text
    company.workers.beat("one")
    assert checks()["workers"] == "ok"
    assert "Workers that are alive: 1." in eva.open(HEALTH).text


def test_runs_that_are_not_made_any_more_are_told(checks, company, clock):
    company.workers.beat("one") if company.engine.dialect.name == "postgresql" else None
    company.background_runs.begin("overdue", owner="one", now=clock(), every=timedelta(hours=1))
    company.background_runs.finish("overdue", owner="one", now=clock())
    assert checks()["workers"] == "ok"
    clock.forward(hours=3)
    assert checks()["workers"] == "warn"


def test_only_administrators_see_the_page(browser):
    assert browser("ANN").open(HEALTH).status_code == 403
