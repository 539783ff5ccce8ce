"""A request's page says how it stands, for everybody and whenever it is opened."""

from dataclasses import replace

import pytest

from tests.people import EVA, actor, order
from web.forms import form_token
from workflow.service import deciding, handling, requesting

PO_1 = "/requests/purchase/order/1/PO-1"
DOCUMENT = "/documents/purchase/order/PO-1"
KEY = order().key


@pytest.fixture
def dutch(company):
    """From now on everybody reads Dutch."""
    with company.uow() as uow:
        for user in uow.users.all():
            uow.users.save(replace(user, language="nl"))
        uow.commit()


def test_after_the_answer_the_page_is_a_receipt_with_what_comes_next(browser, sent):
    sent()
    sent("PO-2")
    bob = browser("BOB")
    bob.send(PO_1, step="approve", text="Fine")
    receipt = bob.open(PO_1).text
    assert "You approved this on Mon, 2 Mar 2026, 09:00." in receipt
    assert "The document was released on" in receipt
    assert "Next in my list (1)" in receipt
    assert "/requests/purchase/order/1/PO-2" in receipt
    bob.send("/requests/purchase/order/1/PO-2", step="approve")
    after = bob.open("/requests/purchase/order/1/PO-2").text
    assert "Nothing else waits for your answer." in after
    assert "The answer of Cid is awaited." in after


def test_a_receipt_in_dutch(browser, sent, dutch):
    sent()
    bob = browser("BOB")
    bob.send(PO_1, step="reject", text="Te duur")
    receipt = bob.open(PO_1).text
    assert "U wees dit af op" in receipt
    assert "wees het af: Te duur" in receipt
    assert 'lang="nl"' in receipt


def test_who_was_passed_over_reads_who_has_it_now(browser, sent):
    sent()
    bob = browser("BOB")
    bob.send(PO_1, step="delegate")
    page = bob.open(PO_1).text
    assert "The request went from you to Dee on" in page
    assert 'value="approve"' not in page
    browser("DEE").send(PO_1, step="approve")
    assert "The document was released on" in bob.open(PO_1).text


def test_a_withdrawn_request_says_who_withdrew_it_and_leads_to_the_later_one(browser, sent):
    sent()
    browser("ANN").send(DOCUMENT, step="cancel", text="Wrong vendor")
    sent()
    page = browser("BOB").open(PO_1).text
    assert "Ann withdrew the request on" in page
    assert 'href="/requests/purchase/order/2/PO-1"' in page
    assert 'value="approve"' not in page


def test_whose_turn_has_not_come_is_told_who_is_asked_first(browser, sent):
    sent("PO-2")
    page = browser("CID").open("/requests/purchase/order/1/PO-2").text
    assert "The answer of Bob is awaited." in page
    assert "Your turn comes after that" in page


def test_the_wrong_account_reads_whose_request_it_is_and_nothing_of_it(browser, sent):
    sent()
    page = browser("CID").open(PO_1)
    assert page.status_code == 404
    assert "This request is for Bob. You are signed in as Cid." in page.text
    for secret in ("€400.00", "PO-1", "CHAIR", "Ann"):
        assert secret not in page.text


def test_an_approver_who_left_the_setup_is_signed_out(browser, company, sent):
    sent()
    bob = browser("BOB")
    with company.uow() as uow:
        uow.users.remove("BOB")
        uow.commit()
    assert bob.open(PO_1).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("end", ["posted", "deleted"])
def test_a_document_that_is_gone_still_tells_who_decided_what(browser, company, sent, end):
    sent()
    bob, ann = browser("BOB"), browser("ANN")
    bob.send(PO_1, step="approve", text="Fine by me")
    step = handling.post if end == "posted" else handling.delete
    step(company.uow(), KEY, company.actor("ANN"))
    for page in (bob.open(PO_1), ann.open(DOCUMENT)):
        assert page.status_code == 200
        for words in ("Gone", "€400.00", "approved it: Fine by me", f"Ann {end} the document on"):
            assert words in page.text
        assert "<textarea" not in page.text
    assert "You approved this on" in bob.open(PO_1).text
    assert browser("CID").open(DOCUMENT).status_code == 404


def test_a_document_that_never_was_is_not_found(browser):
    assert browser("EVA").open("/documents/purchase/order/NO-SUCH").status_code == 404


def test_an_earlier_document_of_the_same_number_is_not_taken_for_this_one(browser, company, sent):
    sent()
    bob = browser("BOB")
    bob.send(PO_1, step="approve")
    handling.delete(company.uow(), KEY, company.actor("ANN"))
    with company.uow() as uow:
        uow.documents.add(order(600, requester="ANN"))
        uow.commit()
    sent()
    page = bob.open(PO_1.replace("/1/", "/2/")).text
    assert "You approved this on" not in page
    assert "deleted the document on" not in page
    assert "€600.00" in page
    assert 'value="approve"' in page


def test_what_changed_since_the_request_was_sent_stands_first(browser, company, sent):
    sent()
    handling.change_document(
        company.uow(), KEY, company.actor("ANN"), {"external_document_no": "<i>Q-7"}
    )
    page = browser("BOB").open(PO_1).text
    assert "What changed" in page
    assert page.index("&lt;i&gt;Q-7") < page.index("€400.00")


# --- administrators ------------------------------------------------------------------------


def test_an_administrator_decides_in_place_of_an_approver_and_says_why(browser, company, sent):
    sent()
    eva = browser("EVA")
    page = eva.open(PO_1).text
    assert "Decide in place of Bob" in page
    assert "asks for your approval" not in page
    refused = eva.send(PO_1, step="approve", approver="BOB")
    assert refused.status_code == 422
    assert eva.send(PO_1, step="approve", approver="BOB", text="Bob is ill").status_code == 303
    page = browser("BOB").open(PO_1).text
    assert "Eva" in page
    assert "The document was released on" in page


def test_nobody_else_decides_in_place_of_an_approver(browser, company, sent):
    sent("PO-2")
    cid = browser("CID")
    path = "/requests/purchase/order/1/PO-2"
    assert "Decide in place" not in cid.open(path).text
    token = form_token(cid.client.cookies["countersign"], path)  # as if there were a form
    answer = cid.send(path, step="approve", approver="BOB", text="x", token=token)
    assert answer.status_code == 403
    with company.uow(readonly=True) as uow:
        assert uow.documents.get(order(number="PO-2").key).status == "pending_approval"


def test_an_administrator_does_not_decide_on_what_he_asked_for_himself(browser, company):
    with company.uow() as uow:
        uow.users.save(replace(EVA, approver="BOB"))
        uow.commit()
    requesting.send_approval_request(company.uow(), KEY, company.actor("EVA"))
    assert "Decide in place" not in browser("EVA").open(PO_1).text


# --- the history ---------------------------------------------------------------------------


def test_the_history_speaks_the_readers_language_and_stays_text(browser, company, sent, dutch):
    sent()
    deciding.comment(company.uow(), KEY, actor("BOB"), "<script>alert(1)</script>\u202e")
    page = browser("ANN").open(DOCUMENT).text
    assert "verzond het ter goedkeuring (PO)" in page
    assert "Bob wordt gevraagd, uiterlijk" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_a_mail_about_a_deleted_document_does_not_decide_on_one_with_its_number(
    browser, company, sent
):
    sent()
    bob = browser("BOB")
    old = bob.token(PO_1)
    handling.delete(company.uow(), KEY, company.actor("ANN"))
    with company.uow() as uow:
        uow.documents.add(order(999, requester="ANN"))
        uow.commit()
    sent()

    answer = bob.send(PO_1, step="approve", token=old)

    assert answer.status_code == 409
    with company.uow(readonly=True) as uow:
        document = uow.documents.get(KEY)
    assert document.pending_run.run_no == 2
    assert 'value="approve"' in bob.open(PO_1.replace("/1/", "/2/")).text


def test_who_knew_an_earlier_document_of_that_number_does_not_see_the_new_one(
    browser, company, sent
):
    sent()
    browser("BOB").send(PO_1, step="delegate")
    assert browser("DEE").open(DOCUMENT).status_code == 200
    handling.delete(company.uow(), KEY, company.actor("ANN"))
    assert browser("DEE").open(DOCUMENT).status_code == 200  # of the one that is gone
    with company.uow() as uow:
        uow.documents.add(order(999, requester="ANN"))
        uow.commit()
    sent()
    assert browser("DEE").open(DOCUMENT).status_code == 404
