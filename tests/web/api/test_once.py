"""A step with an Idempotency-Key is done once, whatever happens to the first answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from tests.people import order
from tests.web.api.conftest import PO_1, PO_2, code_of, status_of
from web.api import once, versions
from workflow.api_keys import Scope
from workflow.kept_answers import KeptPlace

SEND = f"{PO_1}/approval-requests"
ANN = {"requester": "ANN"}


def events(company, number="PO-1"):
    return [one.kind for one in company.read.events_of(order(number=number).key)]


def test_the_repetition_gets_the_first_answer_and_does_nothing(erp, company):
    first = erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    again = erp.ask("POST", SEND, ANN, Idempotency_Key="a1")

    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert events(company).count("ApprovalRequestSent") == 1


def test_the_answer_is_given_again_even_when_the_document_has_moved_on(erp, company):
    first = erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    erp.ask("POST", f"{PO_1}/cancellations", ANN, Idempotency_Key="a2")
    again = erp.ask("POST", SEND, ANN, Idempotency_Key="a1")

    assert again.json() == first.json()
    assert status_of(company) == "open"


def test_the_same_key_for_something_else_is_refused(erp, company):
    erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    other = erp.ask("POST", SEND, {"requester": "BOB"}, Idempotency_Key="a1")

    assert (other.status_code, code_of(other)) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_keys_of_other_paths_and_other_programs_do_not_meet(erp, program, company):
    other = program(Scope.REQUESTS_SEND_AS)
    erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    erp.ask("POST", f"{PO_2}/approval-requests", ANN, Idempotency_Key="a1")
    pending = other.ask("POST", SEND, ANN, Idempotency_Key="a1")

    assert status_of(company, "PO-2") == "pending_approval"
    assert pending.json()["message"] == "An approval request is already pending."


def test_a_refused_step_keeps_no_answer_and_may_be_repeated(erp, company):
    path = f"{PO_1}/cancellations"
    refused = erp.ask("POST", path, ANN, Idempotency_Key="a1")
    assert code_of(refused) == "NO_REQUEST_CANCEL"
    erp.ask("POST", SEND, ANN, Idempotency_Key="a1")

    assert erp.ask("POST", path, ANN, Idempotency_Key="a1").status_code == 200
    assert status_of(company) == "open"


def test_a_process_that_dies_between_the_step_and_its_answer_leaves_neither(
    erp, company, monkeypatch
):
    def dies(*_):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("db.api_answers.SqlKeptAnswers.keep", dies)
        with pytest.raises(RuntimeError):
            erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    assert events(company) == []
    assert status_of(company) == "open"

    again = erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    assert "idempotent-replayed" not in again.headers
    assert events(company).count("ApprovalRequestSent") == 1


def test_an_answer_that_was_lost_after_the_commit_is_given_again(erp, company, monkeypatch):
    def lost(*_):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(once, "_response", lost)
        with pytest.raises(RuntimeError):
            erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    assert status_of(company) == "pending_approval"

    again = erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    assert again.headers["idempotent-replayed"] == "true"
    assert events(company).count("ApprovalRequestSent") == 1


def test_the_second_of_two_at_once_is_asked_to_wait(erp, company, monkeypatch):
    begun, go_on = Event(), Event()
    real = versions.check_seen

    def slow(*arguments):
        begun.set()
        assert go_on.wait(20)
        real(*arguments)

    monkeypatch.setattr("web.api.steps.check_seen", slow)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(erp.ask, "POST", SEND, ANN, Idempotency_Key="a1")
        assert begun.wait(20)
        second = erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
        go_on.set()

        assert (second.status_code, code_of(second)) == (409, "STILL_IN_PROGRESS")
        assert second.headers["retry-after"] == "1"
        assert first.result().status_code == 200


def test_another_process_waits_for_the_first_and_gets_its_answer(erp, company, clock):
    """Two units of work stand for two processes: neither knows what the other has begun."""
    key = company.api_keys.all()[0]
    place = KeptPlace(key.id, "POST", SEND, "a1")
    with company.uow() as uow, ThreadPoolExecutor() as pool:
        assert uow.answers.claim(place, "x", clock()) is None
        second = pool.submit(erp.ask, "POST", SEND, ANN, Idempotency_Key="a1")
        assert not second.done()
        uow.answers.keep(place, once.KeptAnswer(status=200, body="{}"))
        uow.commit()

        assert code_of(second.result()) == "IDEMPOTENCY_KEY_REUSED"
    assert events(company) == []


def test_answers_are_kept_for_seven_days(erp, company, clock):
    first = erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    clock.forward(days=6, hours=23)
    assert erp.ask("POST", SEND, ANN, Idempotency_Key="a1").text == first.text
    clock.forward(hours=2)

    late = erp.ask("POST", SEND, ANN, Idempotency_Key="a1")
    assert late.json()["message"] == "An approval request is already pending."
