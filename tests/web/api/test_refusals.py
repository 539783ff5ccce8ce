"""Whatever the API refuses is a problem with a code, a sentence, and what to do next."""

import pytest

from tests.web.api.conftest import PO_1, code_of
from web.api.guards import LARGEST_BODY
from web.api.refusals import ApiRefusal
from workflow.api_keys import Scope
from workflow.errors import DocumentNotFound

GOOD = {"amount": {"amount": "10.00", "currency": "EUR"}}
REFUSED = [
    ("GET", "/api", None, {}, 404, "NOT_FOUND"),
    ("GET", "/api/v1/nothing", None, {}, 404, "NOT_FOUND"),
    ("GET", "/api/v1/docu%0Aments", None, {}, 404, "NOT_FOUND"),
    ("POST", "/api/v1/events", {}, {}, 405, "METHOD_NOT_ALLOWED"),
    ("PUT", PO_1, b"{", {}, 400, "NOT_WELL_FORMED"),
    ("PUT", PO_1, b"[" * 100_000, {}, 400, "NOT_WELL_FORMED"),
    ("PUT", PO_1, b"a=b", {"Content_Type": "text/plain"}, 415, "NOT_JSON"),
    ("PUT", PO_1, b" " * (LARGEST_BODY + 1), {}, 413, "TOO_LARGE"),
    ("PUT", PO_1, b" " * (11 * 1024 * 1024), {}, 413, "TOO_LARGE"),
    ("PUT", PO_1, GOOD, {}, 428, "IF_MATCH_NEEDED"),
    ("PUT", PO_1, GOOD, {"If_Match": '"0-0"'}, 412, "OUTDATED"),
    ("PUT", PO_1, GOOD, {"Origin": "https://evil.example"}, 403, "CROSS_SITE"),
    ("POST", f"{PO_1}/approval-requests", {}, {}, 400, "IDEMPOTENCY_KEY_NEEDED"),
    ("GET", "/api/v1/events?cursor=nonsense", None, {}, 422, "CURSOR_UNKNOWN"),
    ("GET", "/api/v1/events?limit=201", None, {}, 422, "NOT_VALID"),
]


def test_a_problem_says_everything_a_program_and_a_person_need(erp):
    answer = erp.get("/api/v1/documents/purchase/order/NONE", X_Request_Id="my-call-0001")

    assert answer.status_code == 404
    assert answer.headers["x-request-id"] == "my-call-0001"
    assert answer.json() == {
        "type": "/api/v1/docs#problem-document-not-found",
        "title": "Document not found",
        "status": 404,
        "detail": "There is no document purchase/order/NONE.",
        "next_step": DocumentNotFound.advice,
        "code": "DOCUMENT_NOT_FOUND",
        "errors": [],
        "trace_id": "my-call-0001",
    }


@pytest.mark.parametrize(
    ("wish", "language"),
    [("nl", "nl"), ("nl-BE,en;q=0.5", "nl"), ("fr, nl;q=0.8", "nl"), ("en, nl", "en"), ("", "en")],
)
def test_a_problem_is_told_in_the_language_asked_for(erp, wish, language):
    answer = erp.ask("PUT", PO_1, GOOD, Accept_Language=wish)
    told = {
        "nl": (
            "If-Match nodig",
            "Inkooporder PO-1 bestaat. Zeg in de kop If-Match welke versie ervan u zag.",
            "De kop ETag van elk antwoord erover is die versie.",
        ),
        "en": (
            "If match needed",
            "Purchase order PO-1 exists. Say which version of it you saw, in the header If-Match.",
            "The header ETag of every answer about it is that version.",
        ),
    }

    problem = answer.json()
    assert (problem["title"], problem["detail"], problem["next_step"]) == told[language]
    assert problem["code"] == "IF_MATCH_NEEDED"
    assert answer.headers["content-language"] == language


def test_the_reference_explains_every_problem_it_is_named_in(erp):
    page = erp.client.get("/api/v1/docs")
    named = erp.get("/api/v1/documents/purchase/order/NONE").json()["type"]

    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert f'id="{named.partition("#")[2]}"' in page.text
    assert all(kind.code in page.text for kind in ApiRefusal.__subclasses__())


def test_without_a_key_that_works_nothing_is_told_and_no_page_to_sign_in_is_offered(erp):
    for key in ("", "Basic YTpi", "Bearer ", "Bearer csk_1_2", "Bearer \x80"):
        answer = erp.client.get(PO_1, headers={"Authorization": key.encode("latin-1")})

        assert (answer.status_code, code_of(answer)) == (401, "KEY_NEEDED")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_somebody_who_is_signed_in_at_the_pages_is_nobody_here(browser):
    answer = browser("EVA").open(PO_1)

    assert (answer.status_code, code_of(answer)) == (401, "KEY_NEEDED")


def test_each_refusal_has_its_status_and_code(erp):
    for method, path, body, headers, status, code in REFUSED:
        answer = erp.ask(method, path, body, **headers)

        assert (answer.status_code, code_of(answer)) == (status, code), (method, path, headers)
        assert answer.json()["trace_id"] == answer.headers["x-request-id"]


def test_values_that_are_wrong_are_pointed_at(erp):
    body = {
        "amount": {"amount": 10.5, "currency": "euro"},
        "lines": [{"line_no": 1}, {"line_no": 0}],
        "a/b": 1,
    }
    answer = erp.ask("PUT", PO_1, body)

    assert code_of(answer) == "NOT_VALID"
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/amount/amount",
        "/amount/currency",
        "/lines/1/line_no",
        "/a~1b",
    }


def test_what_the_workflow_says_of_a_value_is_pointed_at_too(erp):
    path = "/api/v1/documents/purchase/order/PO-9"
    answer = erp.ask("PUT", path, {"amount": {"amount": "10", "currency": "USD"}})

    assert code_of(answer) == "BAD_VALUE"
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/amount"]


def test_text_that_cannot_be_stored_is_refused_and_breaks_nothing(erp):
    for text in (b'"\\u0000"', b'"\\ud800"', b'"a\\u001bb"'):
        body = b'{"text": ' + text + b', "\\ud800": 1}'
        assert code_of(erp.ask("POST", f"{PO_1}/comments", body)) == "NOT_VALID"


def test_a_body_without_a_length_is_not_read_for_ever(erp):
    chunks = (b" " * 65536 for _ in range(40))
    answer = erp.client.put(
        PO_1,
        content=chunks,
        headers={"Authorization": f"Bearer {erp.text}", "Content-Type": "application/json"},
    )

    assert (answer.status_code, code_of(answer)) == (413, "TOO_LARGE")


def test_a_key_that_asks_too_often_waits_and_others_do_not(erp, program, clock):
    other = program(Scope.DOCUMENTS_WRITE)
    path = "/api/v1/documents/purchase/order/NONE"
    for _ in range(120):
        assert erp.ask("DELETE", path, If_Match="*").status_code == 404
    refused = erp.ask("DELETE", path)

    assert (refused.status_code, code_of(refused)) == (429, "TOO_MANY_REQUESTS")
    assert refused.headers["retry-after"] == "1"
    assert erp.get(PO_1).status_code == 200
    assert other.ask("DELETE", path).status_code == 404
    clock.forward(seconds=1)
    assert erp.ask("DELETE", path).status_code == 404
