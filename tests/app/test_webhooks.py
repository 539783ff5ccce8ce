"""Webhooks from the event to somebody else's server, on both databases, and flows that answer."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import standardwebhooks
from starlette.testclient import TestClient

from app import passes
from app.bootstrap import Application
from app.serving import services_of
from app.settings import read_settings
from db.secret_rotation import rotate_secrets
from db.tables import events, webhook_deliveries
from notifications import webhook_setup
from notifications.webhook_delivery import LEASE, UNREADABLE
from notifications.webhook_setup import EndpointNotFound, NotToBeReplayed
from notifications.webhook_targets import TargetRefused
from notifications.webhooks import DeliveryState, DisabledWhy
from people import CAST, order, workflow
from web.application import web_application
from webhook_server import receiver
from workflow.definitions import WorkflowKind
from workflow.errors import NotAdministrator
from workflow.service import deciding, handling, requesting, setting_up

KEY = "a secret key of sixteen or more"
PO_1 = order().key


class Clock:
    def __init__(self):
        self.at = datetime.now(UTC).replace(microsecond=0)

    def __call__(self):
        return self.at

    def forward(self, **time):
        self.at += timedelta(**time)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server():
    with receiver() as state:
        yield state


@pytest.fixture
def company(database_url, clock, server):
    settings = read_settings(
        database_url=database_url,
        secret_key=KEY,
        base_url="http://testserver",
        webhook_targets=server.target,
        timezone="UTC",
    )
    with Application(settings, clock=clock) as application:
        with application.uow() as uow:
            for user in CAST:
                uow.users.save(user)
            uow.workflows.add_version(workflow())
            uow.workflows.enable("PO", enabled=True)
            for document in (order(400, requester="ANN"), order(5000, "PO-2", requester="ANN")):
                uow.documents.add(document)
            uow.commit()
        yield application


@pytest.fixture
def endpoint(company, server):
    """``endpoint()``: the server hears of requests; its number and its secret."""

    def add(*types, **more):
        made, secret = webhook_setup.add(
            company.webhook_endpoints,
            company.uow(),
            company.actor("EVA"),
            url=server.url,
            types=types or ("document.submitted", "entry.opened"),
            allowed=company.settings.allowed_webhook_targets,
            **more,
        )
        return made.id, secret

    return add


@pytest.fixture
def send(company):
    def sent(key=PO_1):
        return requesting.send_approval_request(company.uow(), key, company.actor("ANN"))

    return sent


def verified(taken, secret):
    return standardwebhooks.Webhook(secret).verify(taken.body, taken.headers)


def states(company):
    statement = sa.select(webhook_deliveries.c.state).order_by(webhook_deliveries.c.id)
    with company.engine.connect() as connection:
        return list(connection.scalars(statement))


def ids_of(company, kind):
    with company.engine.connect() as connection:
        return list(connection.scalars(sa.select(events.c.id).where(events.c.kind == kind)))


# --- delivering ------------------------------------------------------------------------------


def test_what_happens_is_told_once_signed_and_in_order(company, server, endpoint, send):
    _, secret = endpoint()
    send()
    assert passes.post_webhooks(company).delivered == len(server.taken)
    assert passes.post_webhooks(company).delivered == 0

    told = [verified(taken, secret) for taken in server.taken]
    assert [message["type"] for message in told] == ["document.submitted", "entry.opened"]
    assert [message["data"]["sequence"] for message in told] == [1, 2]
    assert told[0]["data"]["document"]["number"] == "PO-1"
    assert told[0]["data"]["document"]["version"] > 0
    assert len({taken.headers["webhook-id"] for taken in server.taken}) == 2


def test_what_nobody_is_mailed_about_is_told_too_first_of_all_the_endpoint_itself(
    company, server, endpoint, send
):
    endpoint("document.reopened", "config.changed")
    send()
    deciding.approve(company.uow(), PO_1, company.actor("BOB"))
    handling.reopen(company.uow(), PO_1, company.actor("ANN"))
    setting_up.set_user(company.uow(), "DEE", {"phone": "1"}, company.actor("EVA"))
    passes.post_webhooks(company)

    told = [json.loads(taken.body)["type"] for taken in server.taken]
    assert told == ["config.changed", "document.reopened", "config.changed"]


def test_without_an_endpoint_no_event_waits_that_nobody_is_told_of(company, send):
    send()
    with company.engine.connect() as connection:
        waiting = connection.exec_driver_sql("SELECT count(*) FROM event_inbox").scalar()

    assert waiting == 1  # the request to Bob, and not that Ann sent it


def test_the_mail_makes_the_deliveries_and_they_are_made_once(company, endpoint, send):
    endpoint()
    send()
    passes.make_emails(company)
    passes.make_emails(company)
    with company.engine.begin() as connection:  # as if the inbox had come back from a backup
        connection.exec_driver_sql("INSERT INTO event_inbox SELECT id FROM events")
    passes.make_emails(company)

    assert states(company) == [DeliveryState.QUEUED] * 2


def test_what_fails_comes_again_with_the_same_id_and_body(company, server, endpoint, send, clock):
    _, secret = endpoint("entry.opened")
    send()
    server.answers += [(500, {}, b""), (429, {"Retry-After": "600"}, b""), (200, {}, b"")]
    assert passes.post_webhooks(company).retried == 1
    assert passes.post_webhooks(company).retried == 0, "not before its time"
    clock.forward(seconds=6)
    assert passes.post_webhooks(company).retried == 1
    clock.forward(seconds=599)
    assert passes.post_webhooks(company).delivered == 0
    clock.forward(seconds=1)
    assert passes.post_webhooks(company).delivered == 1

    assert len({(taken.headers["webhook-id"], taken.body) for taken in server.taken}) == 1
    stamps = [taken.headers["webhook-timestamp"] for taken in server.taken]
    assert len(set(stamps)) == 3, "each attempt has its own moment"
    (delivery,) = company.webhook_endpoints.deliveries(1, 10)
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 3, 200)
    verified(server.taken[0], secret)


def test_after_ten_failures_a_message_is_given_up_and_the_endpoint_disabled(
    company, server, endpoint, send, clock
):
    number, _ = endpoint("entry.opened")
    send()
    server.answers += [(500, {}, b"")] * 50
    for _ in range(200):
        passes.post_webhooks(company)
        clock.forward(hours=1)

    assert len(server.taken) == 10
    assert states(company)[0] is DeliveryState.FAILED
    one = company.webhook_endpoints.find(number)
    assert (one.enabled, one.disabled_why) == (False, DisabledWhy.FAILING)
    assert len(ids_of(company, "WebhookDisabled")) == 1
    passes.make_emails(company)
    with company.engine.connect() as connection:
        letters = connection.exec_driver_sql(
            "SELECT recipient FROM emails WHERE message = 'webhook_disabled' ORDER BY recipient"
        ).fetchall()
    assert [row[0] for row in letters] == ["EVA", "FINN"]


def test_an_endpoint_that_is_gone_is_disabled_and_what_waits_is_kept(
    company, server, endpoint, send
):
    number, _ = endpoint()
    send()
    server.answers.append((410, {}, b""))
    assert passes.post_webhooks(company).failed == 1

    assert states(company) == [DeliveryState.FAILED, DeliveryState.DISABLED]
    assert company.webhook_endpoints.find(number).disabled_why is DisabledWhy.GONE
    send(order(number="PO-2").key)
    passes.post_webhooks(company)
    assert len(states(company)) == 2, "nothing is made for it"
    webhook_setup.enable(company.webhook_endpoints, company.uow(), company.actor("EVA"), number)
    passes.post_webhooks(company)
    assert states(company)[1] is DeliveryState.DELIVERED


def test_one_bad_endpoint_does_not_keep_others_waiting(company, server, endpoint, send):
    with receiver() as bad:
        bad.answers += [(500, {}, b"")] * 9
        allowed = {server.target, bad.target}
        webhook_setup.add(
            company.webhook_endpoints,
            company.uow(),
            company.actor("EVA"),
            url=bad.url,
            allowed=allowed,
        )
        endpoint()
        send()
        passes.post_webhooks(company)

    assert bad.taken == [], "the settings do not allow it"
    assert len(server.taken) == 2


# --- workers ---------------------------------------------------------------------------------


def test_of_two_workers_one_sends(company, server, endpoint, send, clock):
    endpoint("entry.opened")
    send()
    passes.make_emails(company)
    first = company.webhook_outbox.claim(1, clock(), owner="one", lease=LEASE)

    assert company.webhook_outbox.claim(1, clock(), owner="two", lease=LEASE) is None
    assert company.webhook_outbox.due_endpoints(clock()) == []
    clock.forward(seconds=LEASE.total_seconds())
    again = company.webhook_outbox.claim(1, clock(), owner="two", lease=LEASE)
    assert (again.id, again.webhook_id, again.body) == (first.id, first.webhook_id, first.body)


def test_many_workers_at_once_send_everything_once(company, server, endpoint, send):
    endpoint()
    send()
    send(order(number="PO-2").key)
    passes.make_emails(company)
    workers = [
        threading.Thread(target=lambda: [passes.post_webhooks(company) for _ in range(5)])
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    told = [taken.headers["webhook-id"] for taken in server.taken]
    assert len(told) == len(set(told)) == len(states(company))


# --- setup -----------------------------------------------------------------------------------


def test_only_administrators_change_webhooks(company, endpoint):
    number, _ = endpoint()
    store, uow, ann = company.webhook_endpoints, company.uow(), company.actor("ANN")
    for step in (
        lambda: webhook_setup.add(store, uow, ann, url="https://flows.example.com/"),
        lambda: webhook_setup.rotate(store, uow, ann, number),
        lambda: webhook_setup.disable(store, uow, ann, number),
        lambda: webhook_setup.enable(store, uow, ann, number),
        lambda: webhook_setup.remove(store, uow, ann, number),
        lambda: webhook_setup.replay(store, uow, ann, 1),
        lambda: webhook_setup.replay_range(store, uow, ann, 1, 9),
    ):
        with pytest.raises(NotAdministrator):
            step()


def test_what_the_rule_forbids_is_not_even_stored(company):
    with pytest.raises(TargetRefused):
        webhook_setup.add(
            company.webhook_endpoints,
            company.uow(),
            company.actor("EVA"),
            url="http://127.0.0.1:1/",
        )
    assert company.webhook_endpoints.all() == []


def test_secrets_are_nowhere_in_the_database_and_rotate_with_a_day_of_both(
    company, server, endpoint, send, clock
):
    number, old = endpoint("entry.opened")
    new = webhook_setup.rotate(
        company.webhook_endpoints, company.uow(), company.actor("EVA"), number
    )
    send()
    passes.post_webhooks(company)
    verified(server.taken[0], old)
    verified(server.taken[0], new)
    with company.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM webhook_endpoints").fetchall()
        trail = connection.exec_driver_sql("SELECT payload FROM events").fetchall()
    assert old.removeprefix("whsec_") not in str(rows) + str(trail)
    assert new.removeprefix("whsec_") not in str(rows) + str(trail)

    clock.forward(hours=25)
    send(order(number="PO-2").key)
    passes.post_webhooks(company)
    assert len(server.taken[-1].headers["webhook-signature"].split()) == 1


def test_secret_keys_of_the_installation_rotate_and_a_lost_one_is_said(
    company, server, endpoint, send
):
    endpoint("entry.opened")
    endpoint("entry.approved")
    keys = ("another key of sixteen letters", KEY)

    assert rotate_secrets(company.engine, lambda: keys) == 2
    send()
    assert passes.post_webhooks(company).retried == 1
    assert server.taken == []
    assert company.webhook_endpoints.deliveries(1, 1)[0].last_text == UNREADABLE


def test_a_removed_endpoint_leaves_only_the_record_of_it(company, endpoint, send):
    number, _ = endpoint()
    send()
    passes.post_webhooks(company)
    webhook_setup.remove(company.webhook_endpoints, company.uow(), company.actor("EVA"), number)

    assert states(company) == []
    assert len(ids_of(company, "WebhookChanged")) == 2
    with pytest.raises(EndpointNotFound):
        webhook_setup.found(company.webhook_endpoints, number)


# --- replay ----------------------------------------------------------------------------------


def test_a_delivery_is_replayed_under_the_same_id(company, server, endpoint, send):
    endpoint("entry.opened")
    send()
    passes.post_webhooks(company)
    store, uow, eva = company.webhook_endpoints, company.uow(), company.actor("EVA")
    webhook_setup.replay(store, uow, eva, 1, dry_run=True)
    passes.post_webhooks(company)
    assert len(server.taken) == 1
    webhook_setup.replay(store, uow, eva, 1)
    passes.post_webhooks(company)

    first, again = server.taken
    assert (first.headers["webhook-id"], first.body) == (again.headers["webhook-id"], again.body)


def test_what_is_being_sent_is_not_replayed(company, endpoint, send, clock):
    endpoint("entry.opened")
    send()
    passes.make_emails(company)
    company.webhook_outbox.claim(1, clock(), owner="one", lease=LEASE)

    with pytest.raises(NotToBeReplayed):
        webhook_setup.replay(company.webhook_endpoints, company.uow(), company.actor("EVA"), 1)


def test_a_range_of_events_is_replayed_also_what_came_before_the_endpoint(
    company, server, endpoint, send
):
    send()
    passes.make_emails(company)
    endpoint("document.submitted", "entry.opened")
    store, uow, eva = company.webhook_endpoints, company.uow(), company.actor("EVA")
    (opened,) = ids_of(company, "ApprovalRequested")

    assert webhook_setup.replay_range(store, uow, eva, 1, opened, dry_run=True) == 2
    assert states(company) == []
    assert webhook_setup.replay_range(store, uow, eva, opened, opened) == 1
    passes.post_webhooks(company)
    assert [json.loads(taken.body)["type"] for taken in server.taken] == ["entry.opened"]
    assert webhook_setup.replay_range(store, uow, eva, 1, 10**9) == 2


# --- external flows --------------------------------------------------------------------------


class Flow:
    """A program that decides: it verifies what it is sent, and answers signed."""

    def __init__(self, company, secret):
        self.company = company
        self.hook = standardwebhooks.Webhook(secret)
        self.browser = TestClient(web_application(services_of(company)))

    def asked(self, taken):
        return self.hook.verify(taken.body, taken.headers)["data"]["answer"]

    def answers(self, asked, choice, *, at=None, **body):
        said = json.dumps({"in_reply_to": asked["in_reply_to"], "answer": choice} | body)
        at = at or self.company.clock()
        headers = {
            "webhook-id": "msg_of_the_flow",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self.hook.sign("msg_of_the_flow", at, said),
        }
        return self.browser.post(asked["to"], content=said, headers=headers)


@pytest.fixture
def external(company):
    """Orders are decided by a flow that acts as BOB."""
    with company.uow() as uow:
        flow = workflow(version=2, kind=WorkflowKind.EXTERNAL, response_user="BOB")
        uow.workflows.add_version(flow)
        uow.commit()


@pytest.fixture
def flow(company, external, endpoint):
    _, secret = endpoint("document.submitted", acts_as="BOB")
    return Flow(company, secret)


def status(company, key=PO_1):
    with company.uow(readonly=True) as uow:
        return uow.documents.get(key).status


@pytest.mark.parametrize(("choice", "then"), [("continue", "released"), ("reject", "open")])
def test_a_flow_is_asked_and_decides(company, server, flow, send, choice, then):
    send()
    passes.post_webhooks(company)
    asked = flow.asked(server.taken[0])
    answer = flow.answers(asked, choice)

    assert (answer.status_code, answer.json()) == (200, {"message": "The answer has been taken."})
    assert status(company) == then
    (received,) = ids_of(company, "ExternalAnswerReceived")
    with company.engine.connect() as connection:
        actor = connection.scalar(sa.select(events.c.actor).where(events.c.id == received))
    assert actor == "BOB"


def test_the_answer_can_come_while_the_question_is_still_open(company, server, flow, send):
    """The flow answers from within its own handler, before it has said 204."""
    said = []
    server.when_taken = lambda taken: said.append(flow.answers(flow.asked(taken), "continue"))
    send()
    passes.post_webhooks(company)

    assert said[0].status_code == 200
    assert status(company) == "released"
    assert states(company) == [DeliveryState.DELIVERED]


def test_an_answer_counts_once_however_often_it_is_sent(company, server, flow, send):
    send()
    passes.post_webhooks(company)
    asked = flow.asked(server.taken[0])
    flow.answers(asked, "reject")
    again = flow.answers(asked, "reject")
    assert (again.status_code, again.json()["refused"]["code"]) == (409, "WEBHOOK_ALREADY_ANSWERED")

    send()
    late = flow.answers(asked, "continue")
    assert (late.status_code, late.json()["refused"]["code"]) == (409, "REQUEST_OUTDATED")
    assert status(company) == "pending_approval"


def test_an_answer_about_one_document_is_of_no_use_for_another(company, server, flow, send):
    send()
    send(order(number="PO-2").key)
    passes.post_webhooks(company)
    one, other = (flow.asked(taken) for taken in server.taken)
    stolen = flow.answers(one | {"to": other["to"]}, "continue")

    assert (stolen.status_code, stolen.json()["refused"]["code"]) == (422, "WEBHOOK_ANSWER")
    assert status(company, order(number="PO-2").key) == "pending_approval"


def test_a_document_that_came_later_under_the_same_number_is_not_meant(company, server, flow, send):
    send()
    passes.post_webhooks(company)
    asked = flow.asked(server.taken[0])
    handling.delete(company.uow(), PO_1, company.actor("ANN"))
    handling.receive(company.uow(), order(9999, requester="ANN"), company.actor("ANN"))
    send()

    assert flow.answers(asked, "continue").status_code == 401
    assert status(company) == "pending_approval"


def test_the_flow_cannot_cancel_unless_its_user_may(company, server, flow, send):
    send()
    passes.post_webhooks(company)
    refused = flow.answers(flow.asked(server.taken[0]), "cancel")

    assert (refused.status_code, status(company)) == (403, "pending_approval")


def test_a_flow_whose_user_is_an_administrator_cancels(company, server, external, endpoint, send):
    with company.uow() as uow:
        flow = workflow(version=3, kind=WorkflowKind.EXTERNAL, response_user="EVA")
        uow.workflows.add_version(flow)
        uow.commit()
    _, secret = endpoint(acts_as="EVA")
    send()
    passes.post_webhooks(company)
    flow = Flow(company, secret)
    done = flow.answers(flow.asked(server.taken[0]), "cancel")

    assert (done.status_code, status(company)) == (200, "open")


def test_another_flow_than_the_workflow_names_is_refused(company, server, external, endpoint, send):
    _, secret = endpoint(acts_as="CID")
    send()
    passes.post_webhooks(company)
    flow = Flow(company, secret)
    refused = flow.answers(flow.asked(server.taken[0]), "continue")

    assert (refused.status_code, refused.json()["refused"]["code"]) == (403, "WEBHOOK_WRONG_USER")
    assert status(company) == "pending_approval"


def test_an_endpoint_that_only_listens_is_not_asked_and_cannot_answer(
    company, server, external, endpoint, send
):
    _, secret = endpoint()
    send()
    passes.post_webhooks(company)
    flow = Flow(company, secret)
    (taken,) = server.taken
    assert "answer" not in flow.hook.verify(taken.body, taken.headers)["data"]
    hook_id = taken.headers["webhook-id"]
    guess = {"in_reply_to": hook_id, "to": f"http://testserver/webhooks/answers/{hook_id}"}

    assert flow.answers(guess, "continue").status_code == 401
    assert status(company) == "pending_approval"


def test_a_disabled_endpoint_cannot_answer(company, server, flow, send):
    send()
    passes.post_webhooks(company)
    asked = flow.asked(server.taken[0])
    webhook_setup.disable(company.webhook_endpoints, company.uow(), company.actor("EVA"), 1)

    assert flow.answers(asked, "continue").status_code == 401


def test_what_we_sent_is_no_answer_when_it_comes_back(company, server, flow, send):
    """It has the right signature: only its words are not those of an answer."""
    send()
    passes.post_webhooks(company)
    (taken,) = server.taken
    asked = flow.asked(taken)
    mirrored = flow.browser.post(asked["to"], content=taken.body, headers=taken.headers)

    assert mirrored.status_code == 422
    assert status(company) == "pending_approval"


def test_answers_that_are_old_unsigned_or_senseless_change_nothing(company, server, flow, send):
    send()
    passes.post_webhooks(company)
    asked = flow.asked(server.taken[0])
    other = Flow(company, "whsec_" + "A" * 43 + "=")
    old = company.clock() - timedelta(minutes=6)

    assert flow.answers(asked, "continue", at=old).status_code == 401
    assert other.answers(asked, "continue").status_code == 401
    assert flow.browser.post(asked["to"], content=b"{}").status_code == 401
    assert flow.browser.post(asked["to"] + "0", content=b"{}").status_code == 401
    assert flow.answers(asked, "perhaps").status_code == 422
    assert flow.answers(asked, None).status_code == 422
    assert flow.answers(asked, "continue", padding="x" * 30_000).status_code == 401
    assert flow.browser.get(asked["to"]).status_code == 405
    assert status(company) == "pending_approval"


def test_a_slow_endpoint_does_not_hold_the_database(company, server, endpoint, send):
    """Others write while an answer is waited for."""
    endpoint("entry.opened")
    send()
    server.before_status = 1.0
    worker = threading.Thread(target=lambda: passes.post_webhooks(company))
    worker.start()
    while not server.taken:
        time.sleep(0.01)
    began = time.monotonic()
    send(order(number="PO-2").key)
    took = time.monotonic() - began
    worker.join()

    assert took < 0.8
