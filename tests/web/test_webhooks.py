"""The pages of webhooks: endpoints, deliveries, and sending one again."""

import re
from dataclasses import replace
from html import unescape

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


# --- adding, changing and removing ---------------------------------------------------------

ADD = f"{LIST}/add"
URL = "https://flows.example.com/in?sig=a-secret"
SECRET = re.compile(r"whsec_[\w+/=-]+")


@pytest.fixture
def added(browser, company):
    """An endpoint that Eva added on the page, and what the page showed her."""
    shown = browser("EVA").send(ADD, url=URL, type="entry.opened", acts_as="bob").text
    [endpoint] = company.webhook_endpoints.all()
    return endpoint, shown


def test_an_endpoint_is_added_and_its_secret_shown_once(browser, added):
    endpoint, shown = added
    assert (endpoint.url, endpoint.types, endpoint.acts_as) == (URL, ("entry.opened",), "BOB")
    assert len(SECRET.findall(shown)) == 1
    assert not SECRET.findall(browser("EVA").open(f"{LIST}/{endpoint.id}").text)


def test_several_events_are_chosen_and_none_means_all(browser, company):
    eva = browser("EVA")
    eva.send(ADD, url=URL, type=["entry.opened", "document.released"])
    eva.send(ADD, url=URL)
    assert [one.types for one in company.webhook_endpoints.all()] == [
        ("document.released", "entry.opened"),
        (),
    ]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": "http://127.0.0.1:9/"}, "Webhooks do not go to"),
        ({"url": "flows"}, "is no address for webhooks"),
        ({"url": URL, "type": "moon.rose"}, "There is no event type"),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused_with_what_was_typed(
    browser, company, fields, reason
):
    answer = browser("EVA").send(ADD, **fields)
    assert answer.status_code == 422
    assert reason in unescape(answer.text)
    assert f'value="{fields["url"]}"' in answer.text
    assert company.webhook_endpoints.all() == []


def test_an_endpoint_is_changed_and_keeps_its_address_where_none_is_given(browser, company, added):
    endpoint, _ = added
    change = f"{LIST}/{endpoint.id}/change"
    eva = browser("EVA")
    assert "a-secret" not in eva.open(change).text
    assert eva.send(change, url="", acts_as="").status_code == 303
    after = company.webhook_endpoints.find(endpoint.id)
    assert (after.url, after.types, after.acts_as) == (URL, (), "")
    eva.send(change, url="https://elsewhere.example.com/in", type="entry.opened")
    after = company.webhook_endpoints.find(endpoint.id)
    assert (after.url, after.types) == ("https://elsewhere.example.com/in", ("entry.opened",))
    log = eva.open("/setup/log").text
    assert "elsewhere.example.com" in log
    assert "a-secret" not in log


def test_a_new_secret_is_shown_once(browser, added):
    endpoint, shown = added
    one = f"{LIST}/{endpoint.id}"
    again = browser("EVA").send(one, step="rotate").text
    assert len(SECRET.findall(again)) == 1
    assert SECRET.findall(again) != SECRET.findall(shown)


def test_an_endpoint_is_removed_after_one_more_look(browser, company, added):
    endpoint, _ = added
    eva, path = browser("EVA"), f"{LIST}/{endpoint.id}/remove"
    assert eva.open(path).status_code == 200
    assert company.webhook_endpoints.all() == [endpoint]
    assert eva.send(path).headers["location"] == LIST
    assert company.webhook_endpoints.all() == []


@pytest.mark.parametrize("path", ["/add", "/1/change", "/1/remove"])
def test_only_who_sets_up_adds_changes_and_removes(browser, company, added, path):
    ann = browser("ANN")
    assert ann.open(LIST + path).status_code == 403
    token = browser("EVA").token(LIST + path)
    assert ann.send(LIST + path, token=token, url=URL).status_code == 403
    assert company.webhook_endpoints.all() == [added[0]]
