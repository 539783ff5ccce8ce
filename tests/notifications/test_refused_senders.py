"""The mail server does not let the account write from an address: approvals go on, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.accounts import pause, pause_of
from db.engine import open_database
from db.queries import SqlQueries
from db.unit_of_work import SqlUnitOfWork
from example_events import ANN, BOB, CID, ENTRY, about, emailed, requested
from mail_post import DOMAIN, Post
from notifications.accounts import Pause
from notifications.delivery import DeliveryReport
from notifications.outbox import bundle_notifications, expand_events
from notifications.replies import ReplyKind
from workflow.events import MailGrantMissing, RequestRejected

REJECTED = RequestRejected(**about("BOB", "ANN"), entry=ENTRY, comment="Too dear")
DENIED = "554 5.2.252 SendAsDenied; erp@contoso.com not allowed to send as ann@contoso.com"
REFUSALS = {
    "Exchange Online": ("DATA", DENIED),
    "Exchange Online, older": ("DATA", "554 5.2.0 STOREDRV.Submission.Exception:SendAsDenied"),
    "Exchange": (
        "DATA",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    ),
    "Postfix": (
        "RCPT",
        "553 5.7.1 <ann@contoso.com>: Sender address rejected: not owned by user erp",
    ),
}


@pytest.fixture
def post(sqlite_database):
    engine = open_database(sqlite_database, synchronous="OFF")
    with SqlUnitOfWork(engine) as work:
        for person in (ANN, BOB, replace(CID, administrator=True)):
            work.users.save(person)
        work.commit()
    yield Post(engine)
    engine.dispose()


@pytest.fixture
def server(mail_server):
    return mail_server()


@pytest.fixture
def setup(server, signs_in):
    return server.setup(**signs_in, send_as="noreply@contoso.com", allow_sender_substitution=True)


def tell_the_rest(post) -> int:
    """Passes 1 and 2 again: what the delivery itself recorded."""
    expand_events(post.outbox, now=post.now)
    return bundle_notifications(post.outbox, now=post.now, domain=DOMAIN)


def told(post) -> list[MailGrantMissing]:
    return [one.event for one in SqlQueries(post.engine).events_about("ann@contoso.com")]


@pytest.mark.parametrize(("stage", "reply"), REFUSALS.values(), ids=REFUSALS)
def test_a_request_goes_out_once_more_at_once_in_the_companys_name(
    post, server, setup, stage, reply
):
    post.queue(requested())
    server.replies[stage] = [reply]
    report = post.deliver(setup)

    assert report == DeliveryReport(refused=1, sent=1)
    refused, sent = post.rows()
    assert (refused.state, refused.variant, refused.from_address) == (
        "refused", "first", "ann@contoso.com",
    )  # fmt: skip
    assert (sent.state, sent.variant, sent.first_id) == ("sent", "fallback", refused.id)
    assert (sent.from_address, sent.reply_to) == ("noreply@contoso.com", "ann@contoso.com")
    assert sent.message_id != refused.message_id
    (received,) = server.received
    assert sent.message_id.encode() in received.raw


def test_mail_that_waits_does_not_leave_in_a_name_the_setup_forbids_by_now(post, server, setup):
    post.queue(requested())
    server.replies["MAIL"] = ["451 4.3.0 later"]
    post.deliver(setup)
    written = post.rows()[-1].from_address
    post.now += timedelta(minutes=30)
    post.deliver(replace(setup, allow_sender_substitution=False))

    assert written == "ann@contoso.com"
    assert [(row.state, row.from_address) for row in post.rows()] == [
        ("sent", "noreply@contoso.com")
    ]
    assert b"From: " in server.received[0].raw
    assert b"<ann@contoso.com>" not in server.received[0].raw.split(b"Reply-To:")[0]


WHAT_WAS_CORRECTED = {
    "requester": ("ANN", "ann.lee@contoso.com", "ann.lee@contoso.com", "bob@contoso.com"),
    "requester outside": ("ANN", "ann@gmail.com", "noreply@contoso.com", "bob@contoso.com"),
    "recipient": ("BOB", "bob.ray@contoso.com", "ann@contoso.com", "bob.ray@contoso.com"),
}


@pytest.mark.parametrize(
    ("user", "email", "sender", "recipient"), WHAT_WAS_CORRECTED.values(), ids=WHAT_WAS_CORRECTED
)
def test_mail_that_waits_goes_from_and_to_the_addresses_of_today(
    post, server, setup, user, email, sender, recipient
):
    post.queue(requested())
    server.replies["MAIL"] = ["451 4.3.0 later"]
    post.deliver(setup)
    post.now += timedelta(minutes=30)
    post.people.people[user] = replace(post.people.user(user), email=email)
    post.deliver(setup)

    (row,) = post.rows()
    assert (row.state, row.from_address, row.to_address) == ("sent", sender, recipient)
    (received,) = server.received
    assert received.recipients == [recipient]


def test_mail_that_waits_does_not_leave_from_a_domain_that_is_not_allowed_any_more(
    post, server, setup
):
    post.queue(requested())
    server.replies["MAIL"] = ["451 4.3.0 later"]
    post.deliver(setup)
    post.now += timedelta(minutes=30)
    post.deliver(replace(setup, allowed_domains=("contoso.nl",)))

    assert [(row.state, row.from_address) for row in post.rows()] == [
        ("sent", "noreply@contoso.com")
    ]


def test_mail_to_somebody_who_left_the_setup_is_not_sent_to_where_he_was(post, server, setup):
    post.queue(requested())
    server.replies["MAIL"] = ["451 4.3.0 later"]
    post.deliver(setup)
    post.now += timedelta(minutes=30)
    del post.people.people["BOB"]
    post.deliver(setup)

    assert post.states() == ["refused"]
    assert server.received == []


def test_a_shorter_pause_does_not_end_a_longer_one(post):
    blocked = Pause(until=post.now + timedelta(hours=4), kind=ReplyKind.SENDER_BLOCKED, text="no")
    short = Pause(until=post.now + timedelta(minutes=1), kind=ReplyKind.CONNECTION, text="gone")
    with post.engine.begin() as connection:
        pause(connection, "erp", blocked)
        pause(connection, "erp", short)

        assert pause_of(connection, "erp", post.now + timedelta(hours=3)) == blocked


def test_the_account_rests_for_that_address_and_not_for_others(post, server, setup):
    post.queue(requested())
    server.replies["DATA"] = [DENIED]
    post.deliver(setup)
    post.queue(requested(), REJECTED)
    post.deliver(setup)
    from_addresses = {row.from_address for row in post.rows()[1:]}
    post.now += timedelta(hours=25)
    post.queue(requested())
    post.deliver(setup)

    assert from_addresses == {"noreply@contoso.com"}
    assert post.rows()[-1].from_address == "ann@contoso.com"
    assert len([row for row in post.rows() if row.state == "refused"]) == 1


def test_administrators_are_told_once_which_grant_is_missing(post, server, setup):
    server.pipelining = False  # or it is asked for DATA in any case
    post.queue(requested(), requested())
    server.replies["RCPT"] = ["450 4.2.1 greylisted"] * 2  # both are written in Ann's name
    post.deliver(setup)
    post.now += timedelta(minutes=2)
    server.replies["DATA"] = [DENIED]
    report = post.deliver(setup)
    made = tell_the_rest(post)
    post.deliver(setup)

    assert report == DeliveryReport(refused=2, sent=2)  # the second one was not even tried
    assert server.commands.count("DATA") == 4
    (event,) = told(post)
    assert (event.account, event.address, event.tell) == (
        "erp@contoso.com", "ann@contoso.com", ("CID",),
    )  # fmt: skip
    assert made == 1
    warning = post.rows()[-1]
    assert (warning.recipient, warning.state) == ("CID", "sent")
    assert b"Add-RecipientPermission ann@contoso.com -Trustee erp@contoso.com" in (
        server.received[-1].raw.replace(b"=\r\n", b"")
    )


def test_emails_of_the_same_batch_are_written_in_another_name_before_they_are_tried(
    post, server, setup
):
    post.queue(*[requested() for _ in range(5)])
    server.replies["DATA"] = [DENIED]
    report = post.deliver(setup)

    assert report == DeliveryReport(refused=1, sent=5)
    assert server.commands.count("DATA") == 6
    assert [(row.state, row.variant) for row in post.rows()] == [
        ("refused", "first"), *[("sent", "first")] * 4, ("sent", "fallback"),
    ]  # fmt: skip


def test_when_send_as_is_refused_too_the_account_writes_itself(post, server, setup):
    post.queue(requested())
    server.replies["DATA"] = [DENIED, DENIED.replace("ann@", "noreply@")]
    report = post.deliver(setup)

    assert report == DeliveryReport(refused=2, sent=1)
    assert [(row.state, row.variant, row.from_address) for row in post.rows()] == [
        ("refused", "first", "ann@contoso.com"),
        ("refused", "fallback", "noreply@contoso.com"),
        ("sent", "fallback", "erp@contoso.com"),
    ]
    assert len({row.message_id for row in post.rows()}) == 3


def test_an_account_that_may_not_even_write_as_itself_ends_there(post, server, setup):
    post.queue(requested())
    server.replies["DATA"] = [DENIED] * 9
    report = post.deliver(setup)

    assert report == DeliveryReport(refused=3)


def test_a_document_is_not_sent_under_another_name(post, server, setup):
    post.queue(emailed())
    server.replies["DATA"] = [DENIED.replace("ann@", "noreply@")]
    first = post.deliver(setup)
    post.queue(emailed())
    second = post.deliver(setup)

    assert first == DeliveryReport(refused=1)
    assert second == DeliveryReport(refused=1, sent=1)  # the warning to the administrator
    assert [received.recipients for received in server.received] == [["cid@contoso.com"]]
    assert server.commands.count("DATA") == 2  # nobody asked for the second document
    assert len([reason for reason in post.reasons() if "rant Send As" in reason]) == 2


def test_a_blocked_account_is_not_a_missing_grant(post, server, setup):
    post.queue(requested())
    server.replies["DATA"] = [
        "550 5.2.252 Sender throttled due to continuous send as denied errors."
    ]
    report = post.deliver(setup)

    assert report.stopped
    assert report.resumes_at == post.now + timedelta(hours=4)
    assert post.states() == ["queued"]
    assert told(post) == []


def test_whoever_grants_the_right_sends_the_email_again_in_the_requesters_name(post, server, setup):
    post.queue(requested())
    server.replies["DATA"] = [DENIED, "550 5.1.1 no such user"]
    post.deliver(setup)
    again = post.outbox.retry(1, post.now)
    post.deliver(setup)

    sent = post.rows()[-1]
    assert (sent.id, sent.state, sent.variant) == (again, "sent", "again")
    assert sent.from_address == "ann@contoso.com"
