"""Documents over the API: taken in, read again, changed only by who saw the latest version."""

import pytest

from tests.people import order
from tests.web.api.conftest import PO_1, code_of, status_of
from workflow.api_keys import Scope

NEW = "/api/v1/documents/purchase/order/PO-7"
EUR = "EUR"
CHAIRS = {
    "amount": {"amount": "12450.50", "currency": EUR},
    "document_date": "2026-03-02",
    "counterparty_no": "V-10",
    "counterparty_name": "Desks & Co",
    "requester": "ANN",
    "description": "Chairs",
    "lines": [
        {"line_no": 1, "item_no": "CHAIR", "quantity": "100", "unit_price": "120.00"},
        {"line_no": 2, "description": "Freight", "amount": "450.50"},
    ],
}


def test_a_new_document_is_taken_in_and_read_again(erp, company):
    made = erp.ask("PUT", NEW, CHAIRS)
    read = erp.get(NEW)

    assert made.status_code == 201
    assert read.json() == made.json()
    assert read.headers["etag"] == made.headers["etag"]
    assert read.json()["amount"] == {"amount": "12450.50", "currency": EUR}
    assert [line["amount"] for line in read.json()["lines"]] == ["12000.00", "450.50"]
    (event,) = company.read.events_of(order(number="PO-7").key)
    assert (event.kind, event.actor) == ("DocumentReceived", "erp")


def test_a_document_without_lines_gets_one_with_the_whole_amount(erp):
    body = {"amount": {"amount": "10.00", "currency": EUR}, "description": "A lamp"}
    (line,) = erp.ask("PUT", NEW, body).json()["lines"]

    assert (line["amount"], line["description"]) == ("10.00", "A lamp")


def test_lines_that_do_not_add_up_are_refused(erp, company):
    body = {**CHAIRS, "amount": {"amount": "1.00", "currency": EUR}}
    answer = erp.ask("PUT", NEW, body)

    assert (answer.status_code, code_of(answer)) == (422, "BAD_VALUE")
    assert code_of(erp.get(NEW)) == "DOCUMENT_NOT_FOUND"


def test_another_currency_says_what_it_is_in_the_companys(erp):
    dollars = {"amount": {"amount": "10.00", "currency": "USD"}}
    assert code_of(erp.ask("PUT", NEW, dollars)) == "BAD_VALUE"
    wrong = {**dollars, "amount_lcy": {"amount": "9.00", "currency": "USD"}}
    assert code_of(erp.ask("PUT", NEW, wrong)) == "BAD_VALUE"

    right = {**dollars, "amount_lcy": {"amount": "9.00", "currency": EUR}}
    shown = erp.ask("PUT", NEW, right).json()
    assert shown["amount_lcy"] == {"amount": "9.00", "currency": EUR}
    assert shown["amount"]["currency"] == "USD"


@pytest.mark.parametrize(("person", "status"), [("ANN", 403), ("EVA", 201)])
def test_what_another_currency_is_worth_is_said_by_the_erp_or_an_administrator(
    program, person, status
):
    """Or somebody would have a million approved by whose limit is a thousand."""
    own = program(Scope.DOCUMENTS_WRITE, Scope.DOCUMENTS_READ, person=person)
    own.ask("DELETE", PO_1, If_Match=own.get(PO_1).headers["etag"])
    million = {
        "amount": {"amount": "1000000.00", "currency": "USD"},
        "amount_lcy": {"amount": "900.00", "currency": EUR},
    }
    answer = own.ask("PUT", PO_1, {**million, "requester": person})

    assert answer.status_code == status
    if status == 403:
        assert code_of(answer) == "NOT_ADMIN"
        assert own.ask("PUT", f"{NEW}9", {**CHAIRS, "requester": person}).status_code == 201


def test_only_who_saw_the_latest_version_replaces_it(erp):
    old = erp.ask("PUT", NEW, CHAIRS).headers["etag"]
    changed = {**CHAIRS, "description": "Better chairs"}
    new = erp.ask("PUT", NEW, changed, If_Match=old)

    assert new.status_code == 200
    assert new.headers["etag"] != old
    assert erp.get(NEW).json()["description"] == "Better chairs"
    assert code_of(erp.ask("PUT", NEW, CHAIRS, If_Match=old)) == "OUTDATED"
    assert code_of(erp.ask("PUT", NEW, CHAIRS)) == "IF_MATCH_NEEDED"
    assert code_of(erp.ask("PUT", f"{NEW}8", CHAIRS, If_Match=old)) == "OUTDATED"


def test_steps_are_refused_to_who_saw_an_older_version(erp, company):
    old = erp.get(PO_1).headers["etag"]
    erp.step(PO_1, "comments", {"text": "Wait"})
    answer = erp.step(PO_1, "approval-requests", {"requester": "ANN"}, If_Match=old)

    assert (answer.status_code, code_of(answer)) == (412, "OUTDATED")
    assert status_of(company) == "open"


def test_the_amount_is_locked_while_a_request_is_pending(erp, sent, company):
    sent()
    tag = erp.get(PO_1).headers["etag"]
    body = {"amount": {"amount": "1.00", "currency": EUR}, "counterparty_no": "V-10"}

    assert code_of(erp.ask("PUT", PO_1, body, If_Match=tag)) == "FIELD_LOCKED"
    assert status_of(company) == "pending_approval"


def test_a_released_document_that_the_erp_changes_needs_a_new_approval(erp, company):
    body = {**CHAIRS, "counterparty_no": "V-11"}
    path = NEW.replace("order", "invoice")  # which no workflow catches
    erp.ask("PUT", path, CHAIRS)
    assert erp.step(path, "releases").json()["status"] == "released"
    tag = erp.get(path).headers["etag"]

    assert erp.ask("PUT", path, body, If_Match=tag).json()["status"] == "open"


def test_a_number_may_have_slashes(erp):
    path = "/api/v1/documents/purchase/order/2026%2F03%2F7"
    assert erp.ask("PUT", path, CHAIRS).json()["number"] == "2026/03/7"
    assert erp.step(path, "comments", {"text": "Hm"}).status_code == 200
    assert [one["text"] for one in erp.get(f"{path}/comments").json()["items"]] == ["Hm"]


def test_a_posted_document_is_not_taken_in_again(erp):
    path = NEW.replace("order", "invoice")
    erp.ask("PUT", path, CHAIRS)
    erp.step(path, "releases")
    posted = erp.step(path, "postings")
    assert posted.json()["events"] == ["DocumentPosted"]
    again = erp.ask("PUT", path, CHAIRS)

    assert (again.status_code, code_of(again)) == (409, "DOCUMENT_CLOSED")


def test_from_request_to_release_and_back(erp, company):
    who = erp.get(f"{PO_1}/approvers?requester=ANN").json()
    assert [(one["user"], one["why"], one["limit"]) for one in who["approvers"]][-1] == (
        "BOB",
        "sufficient",
        "1000.00",
    )
    assert erp.step(PO_1, "approval-requests", {"requester": "ANN"}).status_code == 200
    waiting = erp.get("/api/v1/entries?status=open").json()["items"]
    assert [(one["approver"], one["amount"]) for one in waiting] == [
        ("BOB", {"amount": "400.00", "currency": EUR})
    ]
    canceled = erp.step(PO_1, "cancellations", {"requester": "ANN", "comment": "Not now"})
    assert canceled.json()["status"] == "open"
    tag = erp.get(PO_1).headers["etag"]
    assert code_of(erp.ask("DELETE", PO_1)) == "IF_MATCH_NEEDED"
    assert erp.ask("DELETE", PO_1, If_Match=tag).status_code == 200
    assert code_of(erp.get(PO_1)) == "DOCUMENT_NOT_FOUND"


@pytest.mark.parametrize("what", ["releases", "reopenings", "postings"])
def test_what_the_workflow_refuses_changes_nothing(erp, company, sent, what):
    sent()

    assert erp.step(PO_1, what).status_code == 422
    assert status_of(company) == "pending_approval"
