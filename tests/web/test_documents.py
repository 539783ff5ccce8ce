"""The requester's pages: find a document, see who would approve, send, follow, remind, withdraw."""

from dataclasses import replace

import pytest

from app.passes import deliver
from tests.people import order, workflow
from web.forms import form_token
from workflow.definitions import WorkflowKind
from workflow.events import RequestNudged
from workflow.user_accounts import Role

DOCUMENT = "/documents/purchase/order/PO-1"
KEY = order().key


def buttons(page):
    return {name for name in STEPS if f'value="{name}"' in page}


STEPS = ("send", "cancel", "nudge", "reopen", "comment")


def test_before_sending_the_page_says_who_would_approve_and_why(browser):
    page = browser("ANN").open("/documents/purchase/order/PO-2").text
    for words in ("Who would approve it", "Bob", "In the approver chain", "Cid", "no limit"):
        assert words in page
    assert buttons(page) == {"send", "comment"}


def test_an_external_flow_is_not_taken_for_a_release_at_once(browser, company):
    with company.uow() as uow:
        uow.workflows.enable("PO", enabled=False)
        uow.workflows.add_version(workflow(code="FLOW", kind=WorkflowKind.EXTERNAL))
        uow.workflows.enable("FLOW", enabled=True)
        uow.commit()
    ann = browser("ANN")
    page = ann.open(DOCUMENT).text
    assert "An external flow decides." in page
    assert "released at once" not in page
    ann.send(DOCUMENT, step="send")
    assert "An external flow decides." in ann.open(DOCUMENT).text


def test_nobody_to_ask_is_said_before_sending(browser, company):
    with company.uow() as uow:
        uow.documents.add(order(10, "BOBS", requester="BOB"))
        uow.commit()
    page = browser("BOB").open("/documents/purchase/order/BOBS").text
    assert "Nobody has to be asked: it is released at once." in page


def test_what_sending_would_refuse_is_said_before(browser, company):
    with company.uow() as uow:
        uow.users.remove("BOB")
        uow.commit()
    page = browser("ANN").open(DOCUMENT).text
    assert "It cannot be sent now." in page
    assert buttons(page) == {"comment"}


def test_the_requester_follows_the_request_and_its_next_event(browser):
    ann = browser("ANN")
    ann.send(DOCUMENT, step="send")
    page = ann.open(DOCUMENT).text
    assert "Where is it?" in page
    assert "has it since Mon, 2 Mar 2026, 09:00." in page
    assert "There is a reminder on Tuesday, 3 March 2026." in page
    assert buttons(page) == {"cancel", "nudge", "comment"}


@pytest.mark.parametrize(
    ("who", "offered"), [("BOB", {"comment"}), ("EVA", {"cancel", "nudge", "comment"})]
)
def test_only_what_would_be_allowed_is_offered(browser, sent, who, offered):
    sent()
    assert buttons(browser(who).open(DOCUMENT).text) == offered


def test_a_released_document_can_be_reopened(browser, sent):
    sent()
    browser("BOB").send("/requests/purchase/order/1/PO-1", step="approve")
    ann = browser("ANN")
    assert buttons(ann.open(DOCUMENT).text) == {"reopen", "comment"}
    assert ann.send(DOCUMENT, step="reopen").status_code == 303
    assert buttons(ann.open(DOCUMENT).text) == {"send", "comment"}


def test_the_requester_reminds_once_a_day(browser, company, sent, clock):
    sent()
    ann = browser("ANN")
    token = ann.token(DOCUMENT)
    assert ann.send(DOCUMENT, step="nudge").status_code == 303
    assert "reminded Bob" in ann.open(DOCUMENT).text
    assert "nudge" not in buttons(ann.open(DOCUMENT).text)
    again = ann.send(DOCUMENT, step="nudge", token=token)
    assert again.status_code == 422
    assert "has been reminded today" in again.text
    nudged = [one for one in company.read.events_of(KEY) if isinstance(one.event, RequestNudged)]
    assert [one.event.tell for one in nudged] == [("BOB",)]
    deliver(company)
    assert "request_nudged" in {email.message for email in company.read.outbox_list()}


def test_the_approver_may_not_remind_himself(browser, sent):
    sent()
    refused = browser("BOB").send(DOCUMENT, step="nudge")
    assert refused.status_code == 422


def test_the_requester_withdraws_with_a_reason(browser, sent):
    sent()
    ann = browser("ANN")
    ann.send(DOCUMENT, step="cancel", text="Not needed")
    page = ann.open(DOCUMENT).text
    assert "canceled the request: Not needed" in page
    assert "Ann withdrew the request on" in page


# --- the list ------------------------------------------------------------------------------


@pytest.fixture
def stored(company):
    with company.uow() as uow:
        for number, name in {"X_1": "Bakker 100%", "XA1": "Bäcker", "Y-3": "<b>Jansen"}.items():
            uow.documents.add(order(10, number, requester="ANN", counterparty_name=name))
        uow.documents.add(order(10, "OTHERS", requester="CID"))
        uow.commit()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?search=x_1", {"X_1"}),
        ("?search=100%25", {"X_1"}),
        ("?search=bakker", {"X_1"}),
        ("?search=jansen", {"Y-3"}),
        ("?search=%3Cb%3E", {"Y-3"}),
        ("?search=nothing", set()),
        ("?status=released", set()),
        ("?status=open&area=purchase&type=order&sort=amount", {"X_1", "XA1", "Y-3"}),
        ("?status=&all=1&search=%00", {"X_1", "XA1", "Y-3"}),
    ],
)
def test_documents_are_found_by_number_and_counterparty(browser, stored, query, found):
    page = browser("ANN").open(f"/documents{query}")
    assert page.status_code == 200
    shown = {
        number for number in ("X_1", "XA1", "Y-3", "OTHERS") if f'order/{number}"' in page.text
    }
    assert shown == found
    assert "<b>Jansen" not in page.text


def test_who_may_see_everything_can_list_everybodys(browser, stored):
    eva = browser("EVA")
    assert "order/OTHERS" not in eva.open("/documents").text
    assert "order/OTHERS" in eva.open("/documents?all=1").text


# --- who only looks ------------------------------------------------------------------------


def test_an_auditor_looks_and_changes_nothing(browser, company, sent):
    account = company.user_accounts.find("CID")
    company.user_accounts.save(replace(account, roles=frozenset({Role.AUDITOR})))
    sent()
    cid = browser("CID")
    assert buttons(cid.open(DOCUMENT).text) == set()
    token = form_token(cid.client.cookies["countersign"], DOCUMENT)
    events = len(company.read.events_of(KEY))
    for step in STEPS:
        assert cid.send(DOCUMENT, step=step, text="x", token=token).status_code == 403
    assert len(company.read.events_of(KEY)) == events


@pytest.mark.parametrize(
    "path",
    ["/documents/x/order/1", "/requests/purchase/order/0/PO-1", "/requests/purchase/order/x/PO-1"],
)
def test_an_address_that_names_nothing_is_not_found(browser, path):
    page = browser("ANN").open(path)
    assert page.status_code == 404
    assert "There is no such page." in page.text
