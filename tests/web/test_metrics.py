"""Metrics: the truth of the tables from every process, for whoever has the token."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.testclient import TestClient

from app.bootstrap import Application
from app.passes import deliver
from app.serving import services_of
from notifications.mail_setup import MailSetup
from tests.people import order
from web.application import web_application
from workflow.service.deciding import approve

TOKEN = "a token for the tests of metrics"  # noqa: S105 - of no company


@pytest.fixture
def watched(company):
    """The company, where somebody watches over it."""
    settings = company.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    with Application(settings, clock=company.clock) as application:
        yield application


@pytest.fixture
def process(watched):
    """``process()``: another process with the pages of the same company."""
    return lambda: TestClient(web_application(services_of(watched)), follow_redirects=False)


def read(client):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_without_a_token_of_the_company_there_is_no_such_page(browser):
    assert browser("EVA").open("/metrics", Authorization="Bearer ").status_code == 404


@pytest.mark.parametrize("given", ["", f"Bearer {TOKEN}x", TOKEN, "Basic YTpi"])
def test_another_token_opens_nothing(process, given):
    answer = process().get("/metrics", headers={"Authorization": given})

    assert (answer.status_code, answer.text) == (401, "A token is needed.\n")


def test_every_process_says_the_same_about_mail_and_decisions(
    watched, process, sent, clock, mail_server
):
    server = mail_server(tls=False, sign_in=False)
    watched.mail_setups.save(server.setup(send_as="noreply@example.com"))
    sent()
    assert read(process())["countersign_events_waiting",] > 0
    deliver(watched)
    approve(watched.uow(), order().key, watched.actor("BOB"))
    watched.mail_setups.save(MailSetup())
    deliver(watched)
    watched.background_runs.begin("overdue", owner="one", now=clock(), every=timedelta(hours=1))
    watched.background_runs.finish("overdue", owner="one", now=clock())
    clock.forward(seconds=90)

    for metrics in (read(process()), read(process())):
        assert metrics["countersign_events_waiting",] == 0
        assert metrics["countersign_emails", "sent"] == 1
        assert metrics["countersign_emails", "queued"] == 1
        assert metrics["countersign_emails", "held"] == 0
        assert metrics["countersign_oldest_unsent_age_seconds",] == 90
        assert metrics["countersign_emails_sent_total",] == 1
        assert metrics["countersign_emails_refused_total",] == 0
        assert metrics["countersign_decisions_total", "RequestApproved"] == 1
        assert metrics["countersign_runs_total", "overdue"] == 1
        assert metrics["countersign_run_age_seconds", "overdue"] == 90
        assert metrics["countersign_sending_suspended",] == 0


def test_a_refused_email_is_counted(watched, process, sent, mail_server):
    server = mail_server(tls=False, sign_in=False)
    server.replies["RCPT"] = ["550 5.1.1 no such user"]
    watched.mail_setups.save(server.setup(send_as="noreply@example.com"))
    sent()
    deliver(watched)

    metrics = read(process())

    assert metrics["countersign_emails_refused_total",] == 1
    assert metrics["countersign_emails_sent_total",] == 0


def test_only_postgresql_counts_workers(watched, process, database_url):
    workers = {name for name, *_ in read(process()) if name == "countersign_workers"}

    assert bool(workers) is database_url.startswith("postgresql")


def test_answers_are_timed_by_the_form_of_their_address_and_not_by_the_address(process):
    client = process()
    client.get("/health")
    client.get("/documents/purchase/order/PO-SECRET")
    client.get("/api/v1/documents/purchase/order/PO-SECRET")
    client.get("/no/such/page")

    counted = {key: value for key, value in read(client).items() if key[0].endswith("_count")}

    name = "countersign_http_request_duration_seconds_count"
    assert counted[name, "GET", "/health", "2xx"] == 1
    assert counted[name, "GET", "unknown", "4xx"] == 1
    assert any(route.startswith("/api/documents/{") for _, _, route, _ in counted)
    assert not any("PO-SECRET" in " ".join(key) for key in counted)


def test_a_copied_database_is_seen(watched, process):
    watched.guard.suspect("This database was copied.")

    assert read(process())["countersign_sending_suspended",] == 1


def test_the_alarms_of_the_guide_are_about_what_there_is(watched, process, clock, sent):
    guide = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text(encoding="utf-8")
    alarms = guide.partition("<!-- alarms -->")[2].partition("<!-- end -->")[0]
    watched.background_runs.begin("overdue", owner="one", now=clock(), every=timedelta(hours=1))
    watched.background_runs.finish("overdue", owner="one", now=clock())

    names = set(re.findall(r"countersign_\w+", alarms))
    there = {name for name, *_ in read(process())} | {"countersign_workers"}  # on PostgreSQL

    assert len(names) == 6
    assert names <= there
