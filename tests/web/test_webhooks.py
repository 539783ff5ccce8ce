"""The pages of webhooks: endpoints, deliveries, and sending one again."""

from dataclasses import replace

import pytest

from app import passes
from app.bootstrap import Application
from notifications import webhook_setup
from tests.webhook_server import receiver
from workflow.user_accounts import Role

LIST = "/setup/webhooks"
ONE = "/setup/webhooks/1"


@pytest.fixture
def hooked(company, sent):
    """A server that hears of the request which Ann sends, once posted."""
    with receiver() as server:
        settings = company.settings.model_copy(update={"webhook_targets": server.target})
        webhook_setup.add(
            company.webhook_endpoints,
            company.uow(),
            company.actor("EVA"),
            url=f"{server.url}?sig=a-secret",
            types=["entry.opened"],
            allowed=settings.allowed_webhook_targets,
        )
        sent()
        with Application(settings, clock=company.clock) as posting:
            server.post = lambda: passes.post_webhooks(posting)
            server.post()
            yield server


@pytest.fixture(autouse=True)
def secret_key(monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "a secret key of sixteen or more")


@pytest.mark.parametrize(("user", "status"), [("ANN", 403), ("EVA", 200)])
@pytest.mark.parametrize("path", [LIST, ONE])
def test_only_administrators_see_them(browser, hooked, user, status, path):
    assert browser(user).open(path).status_code == status


def test_they_are_listed_on_the_setup_page(browser):
    assert f'href="{LIST}"' in browser("EVA").open("/setup").text
    assert "There are no webhook endpoints yet" in browser("EVA").open(LIST).text


def test_a_delivery_is_shown_with_its_outcome_and_message(browser, hooked):
    shown = browser("EVA").open(ONE).text

    for words in ("entry.opened", "purchase/order/PO-1", "Delivered", "204", "&#34;type&#34;"):
        assert words in shown
    assert "whsec_" not in shown
    assert "a-secret" not in shown


def test_what_was_not_tried_yet_says_so(browser, hooked, company, sent):
    sent("PO-2")
    passes.make_emails(company)
    shown = browser("EVA").open(ONE).text

    assert "Waits" in shown
    assert "None" not in shown


def test_a_delivery_is_sent_again(browser, hooked):
    eva = browser("EVA")
    answer = eva.send(ONE, step="replay", delivery="1")

    assert (answer.status_code, answer.headers["location"]) == (303, ONE)
    hooked.post()
    first, again = hooked.taken
    assert first.headers["webhook-id"] == again.headers["webhook-id"]


def test_an_endpoint_is_disabled_and_enabled(browser, hooked, company):
    eva = browser("EVA")
    eva.send(ONE, step="disable")
    assert "Somebody disabled it." in eva.open(ONE).text
    assert "Disabled" in eva.open(LIST).text
    eva.send(ONE, step="enable")
    assert company.webhook_endpoints.find(1).enabled


def test_an_auditor_sees_everything_and_changes_nothing(browser, hooked, company):
    account = company.user_accounts.find("ANN")
    company.user_accounts.save(replace(account, roles=frozenset({Role.AUDITOR})))
    ann = browser("ANN")

    assert 'value="replay"' not in ann.open(ONE).text
    token = browser("EVA").token(ONE)
    assert ann.send(ONE, step="disable", token=token).status_code == 403
    assert company.webhook_endpoints.find(1).enabled


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"step": "replay", "delivery": "77"}, 404),
        ({"step": "replay", "delivery": "x"}, 422),
        ({"step": "explode"}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_on_the_page(browser, hooked, fields, status):
    answer = browser("EVA").send(ONE, **fields)

    assert (answer.status_code, 'role="alert"' in answer.text) == (status, True)


def test_an_endpoint_that_is_not_there_is_not_found(browser, hooked):
    assert browser("EVA").open("/setup/webhooks/99").status_code == 404
    assert "None" not in browser("EVA").open("/setup/webhooks/99").text


def test_the_pages_speak_dutch(browser, hooked, company):
    with company.uow() as uow:
        uow.users.save(replace(uow.users.user("EVA"), language="nl"))
        uow.commit()
    shown = browser("EVA").open(ONE).text

    assert "Afleveringen" in shown
    assert "Opnieuw verzenden" in shown
