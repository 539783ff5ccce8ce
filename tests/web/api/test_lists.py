"""Lists come in pieces that together are everything, once; setup is read and written."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from time import sleep

import pytest

from app.passes import deliver
from tests.people import actor, order
from tests.web.api.conftest import PO_1, code_of
from workflow.api_keys import Scope
from workflow.events import DocumentReceived
from workflow.facts import common
from workflow.service import setting_up
from workflow.statuses import Area


def everything(program, path, limit):
    """All pieces, by following the links."""
    found, following = [], f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while following:
        answer = program.get(following)
        assert answer.status_code == 200
        found += answer.json()["items"]
        link = answer.headers.get("link", "")
        following = link.partition("<")[2].partition(">")[0]
    return found


@pytest.fixture
def many(company, sent):
    """Nine more documents, two of them of one number; both orders are sent."""
    with company.uow() as uow:
        for number in range(8):
            uow.documents.add(order(number, f"PO-1{number}"))
        uow.documents.add(order(7, "PO-17", area=Area.SALES))
        uow.commit()
    sent()
    sent("PO-2")


@pytest.mark.parametrize("limit", [1, 3, 200])
def test_all_pieces_together_are_the_whole_list(erp, many, limit):
    documents = everything(erp, "/api/v1/documents", limit)
    keys = [(one["number"], one["area"]) for one in documents]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys) == 11
    for path in ("entries", "events", "users"):
        items = everything(erp, f"/api/v1/{path}", limit)
        assert len(items) == len({str(one) for one in items}) > 3
        assert items == everything(erp, f"/api/v1/{path}", 200)


def test_filters_hold_in_every_piece(erp, many):
    pending = everything(erp, "/api/v1/documents?status=pending_approval&area=purchase", 1)
    assert [one["number"] for one in pending] == ["PO-1", "PO-2"]
    open_entries = everything(erp, "/api/v1/entries?status=open", 1)
    assert {one["status"] for one in open_entries} == {"open"}


def test_cursors_of_another_list_or_of_nobody_are_refused(erp, many):
    of_documents = erp.get("/api/v1/documents?limit=1").json()["next"]
    for path in (f"events?cursor={of_documents}", "documents?cursor=WzFd", "users?cursor=WyJhIiw"):
        assert code_of(erp.get(f"/api/v1/{path}")) == "CURSOR_UNKNOWN"


def test_who_follows_events_goes_on_where_he_stopped(erp, company, sent):
    sent()
    first = erp.get("/api/v1/events").json()
    assert next(one["kind"] for one in first["items"]) == "ApprovalRequestSent"
    nothing = erp.get(f"/api/v1/events?cursor={first['next']}").json()
    assert (nothing["items"], nothing["next"]) == ([], first["next"])
    erp.step(PO_1, "comments", {"text": "Hm"})

    (comment,) = erp.get(f"/api/v1/events?cursor={first['next']}").json()["items"]
    assert comment["kind"] == "CommentAdded"
    assert comment["document"] == {"area": "purchase", "type": "order", "number": "PO-1"}
    assert comment["data"]["text"] == "Hm"


def test_an_event_that_is_committed_late_is_not_missed(erp, company):
    """The first writer has the lower number and commits while somebody follows."""
    late, early = company.uow(), order(number="PO-1").key
    with late, ThreadPoolExecutor() as pool:
        document = late.documents.get(early)
        late.record(document, [DocumentReceived(**common(document, actor("ANN")))])
        late.documents.save(document)
        other = pool.submit(
            erp.step, "/api/v1/documents/purchase/order/PO-2", "comments", {"text": "x"}
        )
        if company.engine.dialect.name == "postgresql":
            assert other.result(20).status_code == 200
        following = pool.submit(erp.get, "/api/v1/events")
        sleep(0.5)
        late.commit()
        kinds = [one["kind"] for one in following.result(20).json()["items"]]
        assert other.result(20).status_code == 200

    everything_now = [one["kind"] for one in erp.get("/api/v1/events").json()["items"]]
    assert everything_now[: len(kinds)] == kinds
    assert len(everything_now) == 2


def test_users_are_added_changed_and_removed(erp, company):
    path = "/api/v1/users/GUS"
    body = {"full_name": "Gus", "purchase_limit": "2500.50", "substitute_from": "2026-03-02"}
    assert erp.ask("PATCH", path, body).json()["purchase_limit"] == "2500.50"
    assert company.directory.user("GUS").purchase_limit == Decimal("2500.50")
    seen = erp.get(path).headers["etag"]
    changed = erp.ask("PATCH", path, {"approver": "CID"}, If_Match=seen)
    assert changed.json()["full_name"] == "Gus"
    now = {"If_Match": changed.headers["etag"]}
    assert code_of(erp.ask("PATCH", path, {"approver": "GUS"}, **now)) == "SELF_APPROVER"
    assert code_of(erp.ask("PATCH", "/api/v1/users/gus", {})) == "BAD_VALUE"
    assert code_of(erp.ask("PATCH", path, {"purchase_limit": "-1"}, **now)) == "NOT_VALID"
    assert erp.get(path).json()["approver"] == "CID"
    assert erp.ask("DELETE", path, **now).status_code == 200
    assert (erp.get(path).status_code, code_of(erp.ask("DELETE", path))) == (404, "USER_NOT_FOUND")


def test_nobody_overwrites_what_he_has_not_seen_of_a_user(erp, company):
    path = "/api/v1/users/BOB"
    seen = erp.get(path).headers["etag"]
    other = company.actor("EVA")  # an administrator at the same moment
    setting_up.set_user(company.uow(), "BOB", {"phone": "555"}, other)

    for method, body in (("PATCH", {"purchase_limit": "5"}), ("DELETE", None)):
        assert code_of(erp.ask(method, path, body)) == "IF_MATCH_NEEDED"
        assert code_of(erp.ask(method, path, body, If_Match=seen)) == "OUTDATED"
    assert code_of(erp.ask("PATCH", "/api/v1/users/NEW", {}, If_Match=seen)) == "OUTDATED"
    assert company.directory.user("BOB").purchase_limit == Decimal(1000)
    now = erp.get(path).headers["etag"]
    assert erp.ask("PATCH", path, {"purchase_limit": "5"}, If_Match=now).status_code == 200


def test_groups_are_read_and_written(erp):
    path = "/api/v1/groups/BUYERS"
    members = [{"user": "BOB", "sequence": 1}, {"user": "CID", "sequence": 2}]
    assert code_of(erp.get(path)) == "GROUP_NOT_FOUND"
    assert erp.ask("PUT", path, {"members": members}).json()["members"] == members
    assert erp.get("/api/v1/groups").json()["items"] == [{"code": "BUYERS", "members": members}]


def test_workflows_are_read_and_switched(erp):
    path = "/api/v1/workflows/PO"
    assert erp.get(path).json()["enabled"] is True
    assert erp.ask("PUT", f"{path}/state", {"enabled": False}).json()["enabled"] is False
    assert erp.get("/api/v1/workflows").json()["items"][0]["enabled"] is False
    assert code_of(erp.get("/api/v1/workflows/NONE")) == "WORKFLOW_NOT_FOUND"
    assert code_of(erp.ask("PUT", f"{path}/state", {"enabled": 1})) == "NOT_VALID"


def test_a_workflow_is_made_from_a_template_changed_and_switched_on(erp, company):
    path = "/api/v1/workflows/SQ"
    templates = erp.get("/api/v1/workflow-templates").json()["items"]
    assert "MS-SQAPW" in [one["code"] for one in templates]
    given = {"template": "SQAPW", "settings": {"due": "2D", "stage_rule": "any"}}
    made = erp.ask("PUT", path, given)
    assert (made.status_code, made.json()["version"], made.json()["enabled"]) == (201, 1, False)
    assert (made.json()["due"], made.json()["options"]["stage_rule"]) == ("2D", "any")
    assert erp.get(path).headers["etag"] == made.headers["etag"]

    change = {"settings": {"reminders": "0,2", "min_amount": "100"}}
    changed = erp.ask("PATCH", path, change, If_Match=made.headers["etag"])
    assert (changed.json()["version"], changed.json()["due"]) == (2, "2D")
    assert changed.json()["options"]["reminders"] == "0,2"
    assert erp.ask("PUT", f"{path}/state", {"enabled": True}).json()["enabled"] is True
    items = erp.get(f"{path}/versions").json()["items"]
    assert [(one["version"], one["enabled"]) for one in items] == [(2, True), (1, False)]
    with company.uow(readonly=True) as uow:
        assert uow.workflows.latest("SQ").options.cadence.days == (0, 2)
    assert "erp" in {one.event.actor for one in company.read.setup_log(limit=3)}


def test_a_workflow_is_changed_only_by_who_saw_it_and_while_it_is_disabled(erp):
    path = "/api/v1/workflows/PO"
    seen = erp.get(path).headers["etag"]
    change = {"settings": {"due": "3D"}}
    assert code_of(erp.ask("PATCH", path, change)) == "IF_MATCH_NEEDED"
    assert code_of(erp.ask("PUT", path, {"template": "POAPW"})) == "IF_MATCH_NEEDED"
    assert code_of(erp.ask("PATCH", path, change, If_Match=seen)) == "WORKFLOW_LOCKED"
    off = erp.ask("PUT", f"{path}/state", {"enabled": False}, If_Match=seen)
    assert code_of(erp.ask("PATCH", path, change, If_Match=seen)) == "OUTDATED"
    changed = erp.ask("PATCH", path, change, If_Match=off.headers["etag"])
    assert changed.json()["due"] == "3D"
    assert code_of(erp.ask("DELETE", path, If_Match=seen)) == "OUTDATED"
    assert erp.ask("DELETE", path, If_Match=changed.headers["etag"]).status_code == 200
    assert code_of(erp.get(path)) == "WORKFLOW_NOT_FOUND"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"colour": "red"}, "UNKNOWN_FIELD"),
        ({"code": "OTHER"}, "UNKNOWN_FIELD"),
        ({"one_approval_per_person": "perhaps"}, "BAD_VALUE"),
        ({"stage_rule": "most"}, "BAD_VALUE"),
        ({"profile": "sap"}, "BAD_VALUE"),
        ({"due": "soon"}, "BAD_DATE_FORMULA"),
        ({"due": 2}, "NOT_VALID"),
    ],
)
def test_settings_that_make_no_sense_are_refused(erp, settings, code):
    body = {"template": "SQAPW", "settings": settings}

    assert code_of(erp.ask("PUT", "/api/v1/workflows/SQ", body)) == code
    assert code_of(erp.get("/api/v1/workflows/SQ")) == "WORKFLOW_NOT_FOUND"


def test_only_who_may_set_up_makes_workflows(program):
    ann = program(Scope.WORKFLOWS_WRITE, person="ANN")
    answer = ann.ask("PUT", "/api/v1/workflows/SQ", {"template": "SQAPW"})

    assert (answer.status_code, code_of(answer)) == (403, "NOT_ADMIN")


def test_the_outbox_is_read(erp, company, sent):
    sent()
    deliver(company)  # without a mail server they wait
    items = everything(erp, "/api/v1/outbox", 1)
    assert [one["recipient"] for one in items] == ["BOB"]
    for item in items:
        assert erp.get(f"/api/v1/outbox/{item['id']}").json() == item
    assert code_of(erp.get("/api/v1/outbox/999")) == "EMAIL_NOT_FOUND"
