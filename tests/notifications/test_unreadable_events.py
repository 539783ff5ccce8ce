"""Events that another version recorded, and this one cannot read, stop nobody's mail."""

import pytest
import sqlalchemy as sa

from app.bootstrap import Application
from app.passes import deliver
from app.settings import read_settings
from db.engine import open_database
from db.queries import SqlQueries
from db.tables import event_inbox, events
from example_events import requested
from mail_post import DOMAIN, Post
from notifications.delivery import DeliveryReport
from notifications.outbox import BATCH, bundle_notifications, expand_events
from notifications.ports import NewNotification
from workflow.documents import DocumentKey
from workflow.event_codec import UnreadableEvent
from workflow.statuses import Area, DocumentType

FIRST = DocumentKey(Area.PURCHASE, DocumentType.ORDER, "1")


@pytest.fixture
def post(sqlite_database):
    engine = open_database(sqlite_database, synchronous="OFF")
    yield Post(engine)
    engine.dispose()


@pytest.fixture
def server(mail_server):
    return mail_server(tls=False, sign_in=False)


@pytest.fixture
def setup(server):
    return server.setup(send_as="noreply@contoso.com")


@pytest.fixture(params=["unknown kind", "missing field"])
def spoil(post, request):
    """Make the first recorded event one of another version."""
    values = {"unknown kind": {"kind": "DocumentFramed"}, "missing field": {"payload": "{}"}}

    def spoil():
        with post.engine.begin() as connection:
            connection.execute(
                sa.update(events).where(events.c.id == 1).values(values[request.param])
            )

    return spoil


def test_the_other_events_are_told_and_this_one_is_reported(post, spoil):
    post.record(requested(), requested())
    spoil()
    expanded = expand_events(post.outbox, now=post.now)

    assert (expanded.events, expanded.last) == (1, 2)
    (problem,) = expanded.problems
    assert problem.startswith("event 1: ")
    assert "this version" in problem


def test_an_email_about_it_is_corrupt_and_the_others_are_sent(post, server, setup, spoil):
    post.queue(requested(), requested())
    spoil()
    report = post.deliver(setup)

    assert report == DeliveryReport(sent=1, corrupt=1)
    assert post.states() == ["corrupt", "sent"]
    assert "this version" in post.reasons()[0]


def test_a_notification_of_it_does_not_keep_the_others_from_becoming_emails(
    post, server, setup, spoil
):
    post.record(requested(), requested())
    for recorded in post.outbox.unexpanded(10):
        new = NewNotification(
            recipient="BOB", message="approval_requested", requester="ANN", due_at=post.now
        )
        post.outbox.expand({recorded.id: [new]})
    spoil()

    assert bundle_notifications(post.outbox, now=post.now, domain=DOMAIN) == 2
    assert post.deliver(setup) == DeliveryReport(sent=1, corrupt=1)


def test_what_was_written_before_goes_out_unchanged(post, server, setup, spoil):
    post.queue(requested())
    server.replies["RCPT"] = ["450 4.2.1 greylisted"]
    post.deliver(setup)
    spoil()
    post.now += 2 * (post.rows()[0].next_attempt_at - post.now)

    assert post.deliver(setup) == DeliveryReport(sent=1)


def test_the_outbox_and_the_history_are_still_shown(post, spoil):
    post.queue(requested())
    spoil()
    read = SqlQueries(post.engine)
    (shown,) = read.outbox_show(1).events
    (history,) = read.events_of(FIRST)

    assert isinstance(shown.event, UnreadableEvent)
    assert history == shown


def test_more_of_them_than_one_batch_starve_nobody(post, sqlite_database, server, setup):
    bad = BATCH + 1
    with post.engine.begin() as connection:
        row = {
            "kind": "DocumentFramed",
            "at": post.now,
            "actor": "ANN",
            "subject": "",
            "payload": "{}",
        }
        connection.execute(sa.insert(events), [row] * bad)
        numbers = connection.scalars(sa.select(events.c.id)).all()
        connection.execute(sa.insert(event_inbox), [{"event_id": number} for number in numbers])
    post.record(requested())
    with Application(read_settings(database_url=sqlite_database)) as application:
        report = deliver(application)

    assert (report.events, report.emails, len(report.problems)) == (1, 1, bad)
