"""Lists come in pieces that together are everything, once; setup is read and written."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from time import sleep

import pytest

from app.passes import deliver
from tests.people import actor, order
from tests.web.api.conftest import PO_1, code_of
from workflow.events import DocumentReceived
from workflow.facts import common
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
    assert erp.ask("PATCH", path, {"approver": "CID"}).json()["full_name"] == "Gus"
    assert code_of(erp.ask("PATCH", path, {"approver": "GUS"})) == "SELF_APPROVER"
    assert code_of(erp.ask("PATCH", "/api/v1/users/gus", {})) == "BAD_VALUE"
    assert code_of(erp.ask("PATCH", path, {"purchase_limit": "-1"})) == "NOT_VALID"
    assert erp.get(path).json()["approver"] == "CID"
    assert erp.ask("DELETE", path).status_code == 200
    assert (erp.get(path).status_code, code_of(erp.ask("DELETE", path))) == (404, "USER_NOT_FOUND")


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


def test_the_outbox_is_read(erp, company, sent):
    sent()
    deliver(company)  # without a mail server they wait
    items = everything(erp, "/api/v1/outbox", 1)
    assert [one["recipient"] for one in items] == ["BOB"]
    for item in items:
        assert erp.get(f"/api/v1/outbox/{item['id']}").json() == item
    assert code_of(erp.get("/api/v1/outbox/999")) == "EMAIL_NOT_FOUND"
