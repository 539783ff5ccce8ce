"""The page a request's email links to: what it shows, and what an answer does."""

import pytest

from tests.people import order
from web.refusals import status_of
from workflow.errors import UnknownStep

PO_1 = "/requests/purchase/order/1/PO-1"


def status(company, number="PO-1"):
    with company.uow(readonly=True) as uow:
        return uow.documents.get(order(number=number).key).status


def test_an_approver_sees_what_is_asked_and_approves(browser, company, sent):
    sent()
    bob = browser("BOB")
    page = bob.open(PO_1)
    assert page.status_code == 200
    for words in ("purchase order PO-1", "€400.00", "Ann asks for your approval", "sufficient"):
        assert words in page.text
    assert bob.send(PO_1, step="approve").headers["location"] == PO_1
    assert status(company) == "released"
    after = bob.open(PO_1).text
    assert "Released" in after
    assert 'value="approve"' not in after


def test_rejecting_without_a_reason_is_refused_and_the_page_says_why(browser, company, sent):
    sent()
    bob = browser("BOB")
    refused = bob.send(PO_1, step="reject", text=" ")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert status(company) == "pending_approval"
    bob.send(PO_1, step="reject", text="Too expensive")
    assert status(company) == "open"


def test_what_was_typed_is_kept_when_a_step_is_refused(browser, sent):
    sent()
    refused = browser("BOB").send(PO_1, step="nonsense", text="<b>my reason</b>")
    assert refused.status_code == status_of(UnknownStep("nonsense"))
    assert "&lt;b&gt;my reason&lt;/b&gt;" in refused.text


def test_delegating_hands_the_request_to_the_substitute(browser, sent):
    sent()
    browser("BOB").send(PO_1, step="delegate")
    assert 'value="approve"' in browser("DEE").open(PO_1).text


def test_a_comment_changes_nothing_else(browser, company, sent):
    sent()
    browser("BOB").send(PO_1, step="comment", text="Why two?")
    assert "Why two?" in browser("ANN").open(PO_1).text
    assert status(company) == "pending_approval"


@pytest.mark.parametrize("who", ["CID", "DEE", "FINN"])
def test_nobody_else_can_decide_even_with_a_form_of_his_own(browser, company, sent, who):
    sent()
    stranger = browser(who)
    answer = stranger.send(PO_1, step="approve")
    assert answer.status_code in {403, 404, 422}
    assert status(company) == "pending_approval"


def test_whoever_has_nothing_to_do_with_a_document_does_not_see_it(browser, sent):
    sent()
    page = browser("CID").open(PO_1)
    assert page.status_code == 404
    assert "€400.00" not in page.text


def test_the_answer_to_an_older_request_is_refused(browser, company, sent):
    sent()
    bob = browser("BOB")
    old = bob.token(PO_1)
    bob.send(PO_1, step="reject", text="No")
    sent()
    answer = bob.send(PO_1, step="approve", token=old)
    assert answer.status_code == 409
    assert status(company) == "pending_approval"


# --- a link never decides ------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_opening_a_link_changes_nothing(browser, company, sent, method):
    sent()
    bob = browser("BOB")
    events = len(company.read.events_of(order().key))
    for path in (PO_1, f"{PO_1}?step=approve", f"{PO_1}?decision=approve&text=x"):
        bob.client.request(method, path)
    assert len(company.read.events_of(order().key)) == events


def test_a_form_without_a_session_leads_to_signing_in(browser, company, sent):
    sent()
    answer = browser().send(PO_1, step="approve", token="anything")  # noqa: S106 - not a secret
    assert answer.headers["location"].startswith("/sign-in")
    assert status(company) == "pending_approval"


@pytest.mark.parametrize("whose", ["other page", "other person", "none", "old"])
def test_a_form_needs_the_token_of_this_page_and_this_session(
    browser, company, sent, clock, whose, monkeypatch
):
    sent()
    sent("PO-2")
    bob, ann = browser("BOB"), browser("ANN")
    tokens = {
        "other page": bob.token("/requests/purchase/order/1/PO-2"),
        "other person": ann.token("/documents/purchase/order/PO-1"),
        "none": "",
        "old": bob.token(PO_1),
    }
    if whose == "old":
        import time  # noqa: PLC0415

        later = time.time() + 3 * 60 * 60
        monkeypatch.setattr(time, "time", lambda: later)
    answer = bob.send(PO_1, step="approve", token=tokens[whose])
    assert answer.status_code in {403, 409}
    assert "Nothing was done." in answer.text
    assert status(company) == "pending_approval"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    ],
)
def test_another_site_cannot_post_with_somebodys_session(browser, company, sent, headers):
    sent()
    bob = browser("BOB")
    fields = {"step": "approve", "token": bob.token(PO_1)}
    answer = bob.client.post(PO_1, data=fields, headers=headers)
    assert answer.status_code == 403
    assert status(company) == "pending_approval"


@pytest.mark.parametrize("path", ["/sign-in", "/documents", "/static/countersign.css", "/nothing"])
def test_every_answer_forbids_frames_and_foreign_scripts(browser, path):
    headers = browser("ANN").open(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == ("no-cache" if "static" in path else "no-store")


def test_whose_limit_is_too_low_is_told_before_he_decides(browser, sent):
    sent("PO-2")
    page = browser("BOB").open("/requests/purchase/order/1/PO-2").text
    assert "it counts up to €1,000.00, and Cid decides after you." in page
    sent("PO-1")
    assert "it counts up to" not in browser("BOB").open("/requests/purchase/order/1/PO-1").text
