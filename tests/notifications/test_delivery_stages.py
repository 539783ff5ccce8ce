"""Whatever a mail server does, at whichever stage: where the email ends, and how often it came."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.engine import open_database
from example_events import ENTRY, about, requested
from mail_post import Post
from notifications.mail_setup import Authentication, MailSetup
from notifications.transports import SmtpTransport
from scripted_server import DROP, HANG, ScriptedServer
from workflow.events import RequestRejected

REJECTED = RequestRejected(**about("BOB", "ANN"), entry=ENTRY, comment="Too dear")
CASES = {
    # stage: (what the server does, how the email waits or ends, whether the account rests)
    "connect": [
        ("421 4.3.2 not now", "queued", True),
        ("554 5.3.2 being repaired", "queued", True),
        (DROP, "queued", True),
        (HANG, "queued", True),
    ],
    "auth": [
        ("454 4.7.0 directory is down", "queued", True),
        ("535 5.7.3 Authentication unsuccessful", "queued", True),
        (DROP, "queued", True),
        (HANG, "queued", True),
    ],
    "mail": [
        ("451 4.3.0 later", "queued", False),
        ("432 4.3.2 Concurrent connections limit exceeded", "queued", True),
        ("451 4.7.500 Server busy", "queued", True),
        ("530 5.7.57 Client not authenticated to send mail", "queued", True),
        ("550 5.1.8 Access denied, bad outbound sender", "queued", True),
        ("550 5.1.8 Sender address rejected: Domain not found", "refused", False),
        ("552 5.3.4 too large", "refused", False),
        (DROP, "queued", False),
        (HANG, "queued", False),
    ],
    "rcpt": [
        ("450 4.2.1 greylisted", "queued", False),
        ("550 5.1.1 no such user", "refused", False),
        ("553 5.1.3 bad address", "refused", False),
        (DROP, "queued", False),
        (HANG, "queued", False),
    ],
    "data": [
        ("451 4.3.0 later", "queued", False),
        ("554 5.5.1 no", "refused", False),
        (DROP, "queued", False),
        (HANG, "queued", False),
    ],
    "answer": [
        ("421 4.3.0 closing", "queued", False),
        ("452 4.3.1 no room", "queued", False),
        ("550 5.7.1 no", "refused", False),
        ("554 5.2.0 STOREDRV.Submission; SubmissionQuotaExceededException", "queued", True),
        ("550 5.2.252 Sender throttled due to continuous send as denied errors.", "queued", True),
        ("what?", "uncertain", False),
        (DROP, "uncertain", False),
        (HANG, "uncertain", False),
    ],
}


def cases():
    for stage, troubles in CASES.items():
        for does, state, rests in troubles:
            marks = (pytest.mark.faults,) if does == HANG else ()  # waits for its timeout
            yield pytest.param(stage, does, state, rests, id=f"{stage}-{does[:12]}", marks=marks)


@pytest.fixture
def post(sqlite_database):
    engine = open_database(sqlite_database, synchronous="OFF")
    yield Post(engine)
    engine.dispose()


@pytest.fixture(params=[False, True], ids=["one by one", "pipelining"])
def server(request):
    with ScriptedServer(offers_sign_in=True, pipelining=request.param) as running:
        yield running


@pytest.fixture
def setup(server):
    return MailSetup(
        server="127.0.0.1",
        port=server.port,
        authentication=Authentication.BASIC,
        user_name="erp@contoso.com",
        password="secret",  # noqa: S106
        allow_sender_substitution=True,
    )


def deliver(post, setup):
    return post.deliver(setup, SmtpTransport(setup, timeout=0.3, answer_timeout=0.3))


@pytest.mark.parametrize(("stage", "does", "state", "rests"), list(cases()))
def test_a_request_ends_as_it_should(post, server, setup, stage, does, state, rests):
    post.queue(requested())
    server.always(stage, does)
    troubled = deliver(post, setup)
    (row,) = post.rows()
    server.at.clear()
    post.now += timedelta(hours=5)
    afterwards = deliver(post, setup)

    assert row.state == state
    assert bool(troubled.stopped) is rests
    assert row.attempts == 1
    assert post.reasons()[0]
    waited = state != "refused"
    assert afterwards.sent == len(server.accepted) == waited
    assert post.states() == ["sent" if waited else "refused"]


def test_a_request_that_was_cut_off_on_the_way_is_sent_again(post, server, setup):
    """Whether the end had left before the connection broke is for the kernel to say."""
    post.queue(requested())
    server.always("body", DROP)
    deliver(post, setup)
    (row,) = post.rows()
    server.at.clear()
    post.now += timedelta(hours=5)

    assert row.state in {"queued", "uncertain"}
    assert deliver(post, setup).sent == len(server.accepted) == 1
    assert post.states() == ["sent"]


@pytest.mark.parametrize("does", [DROP, pytest.param(HANG, marks=pytest.mark.faults)])
def test_other_mail_whose_answer_was_lost_is_not_sent_again(post, server, setup, does):
    post.queue(REJECTED)
    server.always("answer", does)
    deliver(post, setup)
    server.at.clear()
    post.now += timedelta(days=2)

    assert deliver(post, setup).sent == 0
    assert post.states() == ["uncertain"]


def test_a_server_name_that_is_none_is_trouble_of_the_account(post, setup):
    """`smtp..example.com` cannot even be asked for; the emails are not to blame."""
    post.queue(requested(), REJECTED)
    report = deliver(post, replace(setup, server="smtp..example.com"))

    assert report.retried == 1
    assert "Check server" in report.stopped
    assert post.states() == ["queued", "queued"]


def test_an_account_that_was_broken_for_days_does_not_use_up_an_emails_attempts(
    post, server, setup
):
    post.queue(requested())
    server.always("auth", "535 5.7.3 Authentication unsuccessful")
    for _ in range(20):
        deliver(post, setup)
        post.now += timedelta(hours=4)
    server.at.clear()
    server.always("rcpt", "451 4.3.0 later")
    deliver(post, setup)

    (row,) = post.rows()
    assert (row.state, row.attempts, row.counted) == ("queued", 21, 1)
    server.at.clear()
    post.now += timedelta(hours=1)
    assert deliver(post, setup).sent == 1
