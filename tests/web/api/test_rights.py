"""What a key may do: what its scopes say, as the person or program it acts as, and no more."""

from dataclasses import replace

import pytest

from tests.people import BOB, CAST
from tests.web.api.conftest import PO_1, PO_2, code_of, status_of
from workflow.api_keys import Scope
from workflow.options import CompanyOptions
from workflow.service import setting_up
from workflow.user_accounts import UserAccount

CALLS = [
    ("GET", PO_1, Scope.DOCUMENTS_READ),
    ("GET", f"{PO_1}/approvers", Scope.DOCUMENTS_READ),
    ("GET", f"{PO_1}/comments", Scope.DOCUMENTS_READ),
    ("GET", f"{PO_1}/entries", Scope.DOCUMENTS_READ),
    ("GET", "/api/v1/documents", Scope.DOCUMENTS_READ),
    ("DELETE", PO_1, Scope.DOCUMENTS_WRITE),
    ("POST", f"{PO_1}/releases", Scope.DOCUMENTS_WRITE),
    ("POST", f"{PO_1}/reopenings", Scope.DOCUMENTS_WRITE),
    ("POST", f"{PO_1}/postings", Scope.DOCUMENTS_WRITE),
    ("POST", f"{PO_1}/approval-requests", Scope.REQUESTS_SEND),
    ("POST", f"{PO_1}/cancellations", Scope.REQUESTS_SEND),
    ("POST", f"{PO_1}/decisions", Scope.ENTRIES_DECIDE),
    ("GET", "/api/v1/entries", Scope.ENTRIES_READ),
    ("GET", "/api/v1/users", Scope.USERS_READ),
    ("GET", "/api/v1/users/BOB", Scope.USERS_READ),
    ("PATCH", "/api/v1/users/BOB", Scope.USERS_WRITE),
    ("DELETE", "/api/v1/users/BOB", Scope.USERS_WRITE),
    ("GET", "/api/v1/groups", Scope.GROUPS_READ),
    ("PUT", "/api/v1/groups/G", Scope.GROUPS_WRITE),
    ("GET", "/api/v1/workflows", Scope.WORKFLOWS_READ),
    ("GET", "/api/v1/workflows/PO/versions", Scope.WORKFLOWS_READ),
    ("GET", "/api/v1/workflow-templates", Scope.WORKFLOWS_READ),
    ("PUT", "/api/v1/workflows/PO", Scope.WORKFLOWS_WRITE),
    ("PATCH", "/api/v1/workflows/PO", Scope.WORKFLOWS_WRITE),
    ("DELETE", "/api/v1/workflows/PO", Scope.WORKFLOWS_WRITE),
    ("PUT", "/api/v1/workflows/PO/state", Scope.WORKFLOWS_WRITE),
    ("GET", "/api/v1/outbox", Scope.OUTBOX_READ),
    ("GET", "/api/v1/events", Scope.EVENTS_READ),
]
AGREED = {"decision": "approve", "request": 1}


def test_each_call_needs_its_scope_and_all_others_together_are_not_enough(program):
    for method, path, scope in CALLS:
        others = set(Scope) - {scope, Scope.ENTRIES_DECIDE, Scope.REQUESTS_SEND_AS}
        answer = program(*others).ask(method, path, None if method == "GET" else {})

        assert (answer.status_code, code_of(answer)) == (403, "SCOPE_MISSING"), (method, path)
        assert scope in answer.json()["detail"]


@pytest.fixture
def bobs_phone(program):
    return program(Scope.ENTRIES_DECIDE, Scope.ENTRIES_READ, person="BOB", name="bobs-phone")


@pytest.fixture
def let_decide(company):
    def let(names):
        with company.uow() as uow:
            uow.set_company(CompanyOptions(deciding_keys=names))
            uow.commit()

    return let


def test_no_program_decides_unless_the_company_names_its_key(company, bobs_phone, sent, let_decide):
    sent()
    refused = bobs_phone.step(PO_1, "decisions", AGREED)
    assert (refused.status_code, code_of(refused)) == (403, "MACHINE_MAY_NOT_DECIDE")
    assert status_of(company) == "pending_approval"

    let_decide("other, bobs-phone")
    assert bobs_phone.step(PO_1, "decisions", AGREED).json()["status"] == "released"
    (decided,) = [one for one in company.read.entries_of(_key()) if one.decided_by]
    assert decided.decided_by == "BOB"
    (approved,) = [
        one.event for one in company.read.events_of(_key()) if one.kind == "RequestApproved"
    ]
    assert (approved.actor, approved.via) == ("BOB", "bobs-phone")


def test_the_history_on_the_page_names_the_key(browser, company, bobs_phone, sent, let_decide):
    sent()
    let_decide("bobs-phone")
    bobs_phone.step(PO_1, "decisions", AGREED)
    page = browser("ANN").open("/documents/purchase/order/PO-1").text
    assert "<strong>Bob</strong> <small>through the API key bobs-phone</small>" in page
    assert "<strong>Ann</strong>: " in page


def test_a_named_key_decides_only_what_its_person_may_decide(program, company, sent, let_decide):
    sent()
    let_decide("dees-phone")
    dee = program(Scope.ENTRIES_DECIDE, person="DEE", name="dees-phone")

    assert code_of(dee.step(PO_1, "decisions", AGREED)) == "NOT_YOURS_TO_SEE"
    assert status_of(company) == "pending_approval"


def test_a_decision_on_an_older_request_is_refused(bobs_phone, sent, let_decide):
    sent()
    let_decide("bobs-phone")
    rejected = {"decision": "reject", "request": 1, "comment": "Too dear"}
    assert bobs_phone.step(PO_1, "decisions", rejected).json()["status"] == "open"
    sent()

    answer = bobs_phone.step(PO_1, "decisions", AGREED)
    assert (answer.status_code, code_of(answer)) == (409, "REQUEST_OUTDATED")


def test_handing_over_keeps_the_remark(bobs_phone, company, sent, let_decide):
    sent()
    let_decide("bobs-phone")
    body = {"decision": "delegate", "request": 1, "comment": "I am away"}
    assert bobs_phone.step(PO_1, "decisions", body).status_code == 200

    assert [one.text for one in company.read.comments_of(_key())] == ["I am away"]
    assert "DEE" in [one.approver for one in company.read.requests_to_approve("DEE")]


def test_only_the_key_of_a_program_with_the_scope_for_it_asks_in_another_name(program, company):
    ann = program(Scope.REQUESTS_SEND, person="ANN")
    weak = program(Scope.REQUESTS_SEND)
    erp_name = "the-erp"
    erp = program(Scope.REQUESTS_SEND_AS, name=erp_name)
    for other in (ann, weak):
        answer = other.step(PO_1, "approval-requests", {"requester": "CID"})
        assert (answer.status_code, code_of(answer)) == (403, "NOT_IN_THAT_NAME")
    assert code_of(weak.step(PO_1, "approval-requests")) == "USER_NOT_IN_SETUP"

    assert ann.step(PO_1, "approval-requests").json()["status"] == "pending_approval"
    assert erp.step(PO_2, "approval-requests", {"requester": "ANN"}).status_code == 200
    assert {one.requester for one in company.read.entries_of(_key("PO-2"))} == {"ANN"}
    assert {one.event.via for one in company.read.events_of(_key("PO-2"))} == {erp_name}


def test_a_persons_key_sees_what_the_person_sees(program, sent):
    scopes = (Scope.DOCUMENTS_READ, Scope.ENTRIES_READ, Scope.EVENTS_READ, Scope.OUTBOX_READ)
    sent()
    bob, dee, eva = (program(*scopes, person=name) for name in ("BOB", "DEE", "EVA"))

    assert bob.get(PO_1).status_code == 200
    assert code_of(dee.get(PO_1)) == "NOT_YOURS_TO_SEE"
    assert dee.get(PO_1).status_code == 404
    assert dee.get("/api/v1/documents").json()["items"] == []
    assert dee.get("/api/v1/entries").json()["items"] == []
    assert [one["approver"] for one in bob.get("/api/v1/entries").json()["items"]] == ["BOB"]
    for path in ("/api/v1/events", "/api/v1/outbox"):
        assert code_of(dee.get(path)) == "SEES_TOO_LITTLE"
        assert eva.get(path).status_code == 200


def test_a_person_does_not_speak_for_the_erp(program, company, erp):
    ann = program(Scope.DOCUMENTS_WRITE, Scope.DOCUMENTS_READ, person="ANN")
    body = {"amount": {"amount": "9999", "currency": "EUR"}, "requester": "ANN"}
    tag = ann.get(PO_1).headers["etag"]
    answer = ann.ask("PUT", PO_1, body, If_Match=tag)

    assert (answer.status_code, code_of(answer)) == (403, "NOT_ADMIN")
    assert erp.ask("PUT", PO_1, body, If_Match=tag).status_code == 200


def test_nobody_raises_his_own_limits_with_a_key(program, company):
    eva = program(Scope.USERS_WRITE, person="EVA")
    ann = program(Scope.USERS_WRITE, person="ANN")
    body, seen = {"purchase_limit": "unlimited"}, {"If_Match": "*"}

    assert code_of(eva.ask("PATCH", "/api/v1/users/EVA", body, **seen)) == "OWN_AUTHORITY"
    assert code_of(ann.ask("PATCH", "/api/v1/users/BOB", body, **seen)) == "NOT_ADMIN"
    raised = eva.ask("PATCH", "/api/v1/users/BOB", body, **seen)
    assert raised.json()["purchase_limit"] == "unlimited"


def test_a_key_ends_with_its_person(program, company):
    bob = program(Scope.DOCUMENTS_READ, person="BOB")
    company.user_accounts.save(UserAccount(user_id="BOB", disabled=True))
    assert code_of(bob.get("/api/v1/documents")) == "KEY_USER_CHANGED"

    company.user_accounts.save(UserAccount(user_id="BOB"))
    assert bob.get("/api/v1/documents").status_code == 200
    with company.uow() as uow:
        uow.users.remove("BOB")
        uow.commit()
    assert code_of(bob.get("/api/v1/documents")) == "KEY_USER_CHANGED"


def test_a_program_does_not_become_a_person_who_gets_its_name(program, company):
    robot = program(Scope.DOCUMENTS_READ, name="robot")
    with company.uow() as uow:
        uow.users.save(replace(BOB, user_id="robot", salesperson_purchaser_code=""))
        uow.commit()

    assert code_of(robot.get("/api/v1/documents")) == "KEY_USER_CHANGED"
    assert "robot" not in {person.user_id for person in CAST}


def _key(number="PO-1"):
    from tests.people import order  # noqa: PLC0415

    return order(number=number).key


def test_whoever_gets_the_user_id_of_somebody_who_left_is_not_he(browser, program, company):
    bob = browser("BOB")
    key = program(Scope.ENTRIES_READ, person="BOB")
    assert key.get("/api/v1/entries").status_code == 200
    setting_up.remove_user(company.uow(), "BOB", company.actor("EVA"), anyway=True)
    setting_up.set_user(company.uow(), "BOB", {"full_name": "Bob Two"}, company.actor("EVA"))

    assert bob.open("/requests").status_code == 303
    assert browser().sign_in("BOB").status_code != 303
    assert code_of(key.get("/api/v1/entries")) == "KEY_NEEDED"
