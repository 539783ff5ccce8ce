"""A mail server that says one letter at a time keeps nobody longer than a silent one."""

import time
from datetime import timedelta

import pytest

from app.submitting import LEASE
from db.engine import open_database
from example_events import requested
from mail_post import Post
from notifications.connecting import ANSWER_SECONDS, LETTER_SECONDS
from notifications.delivery_errors import DeliveryError
from notifications.mail_setup import Authentication, MailSetup
from notifications.replies import Outcome, Stage
from notifications.transports import SmtpTransport
from scripted_server import DRIP, ScriptedServer

PHASE = 0.4  # seconds; a dripping answer would take twenty
MARGIN = 2.0  # for a machine that has other things to do
STAGES = {
    "connect": Stage.CONNECT,
    "ehlo": Stage.CONNECT,
    "auth": Stage.AUTH,
    "mail": Stage.MAIL,
    "rcpt": Stage.RCPT,
    "data": Stage.DATA,
    "answer": Stage.ANSWER,
}
BEGINNING_OF_TLS = "\x16\x03\x03\x40\x00" + "\x02" * 200


@pytest.fixture
def server():
    with ScriptedServer(offers_sign_in=True) as running:
        yield running


@pytest.fixture
def setup(server):
    return MailSetup(
        server="127.0.0.1",
        port=server.port,
        authentication=Authentication.BASIC,
        user_name="erp@contoso.com",
        password="secret",  # noqa: S106
    )


def refusal(setup, letter, **seconds) -> tuple[DeliveryError, float]:
    seconds = {"timeout": PHASE, "answer_timeout": PHASE} | seconds
    started = time.monotonic()
    with SmtpTransport(setup, **seconds) as mail, pytest.raises(DeliveryError) as caught:
        mail.submit(letter)
    return caught.value, time.monotonic() - started


@pytest.mark.parametrize("point", STAGES)
def test_an_answer_has_its_time_as_a_whole(server, setup, write, point):
    server.always(point, DRIP)

    error, took = refusal(setup, write())

    assert error.stage is STAGES[point]
    lost = Outcome.UNCERTAIN if point == "answer" else Outcome.RETRY
    assert error.outcome is lost
    assert PHASE <= took < PHASE + MARGIN


def test_the_beginning_of_tls_has_its_time_as_a_whole(server, setup, write, monkeypatch):
    monkeypatch.setattr("notifications.connecting.IMPLICIT_TLS_PORT", server.port)
    monkeypatch.setattr("scripted_server.DRIPPED", BEGINNING_OF_TLS)
    server.always("connect", DRIP)

    error, took = refusal(MailSetup(server="127.0.0.1", port=server.port, secure=True), write())

    assert (error.stage, error.outcome) == (Stage.CONNECT, Outcome.RETRY)
    assert PHASE <= took < PHASE + MARGIN


def test_answers_that_are_each_in_time_are_too_slow_together(server, setup, write):
    def slowly():
        time.sleep(0.25)

    server.at = dict.fromkeys(("ehlo", "auth", "mail", "rcpt", "data"), slowly)

    error, took = refusal(setup, write(), letter_timeout=0.6)

    assert error.outcome is Outcome.RETRY
    assert "answer" not in server.reached
    assert took < 0.6 + MARGIN


def test_a_server_that_takes_the_letter_slowly_is_given_up(server, setup, write):
    server.always("body", DRIP)

    error, took = refusal(setup, write(text="a long story\n" * 1_000_000), letter_timeout=1.0)

    assert (error.stage, error.outcome) == (Stage.DATA, Outcome.RETRY)
    assert took < 1.0 + MARGIN


def test_one_letter_takes_no_longer_than_its_lease():
    """Until the letter's end it has half the lease, from then on a new one."""
    margin = timedelta(minutes=2)

    assert timedelta(seconds=LETTER_SECONDS) + margin <= LEASE / 2
    assert timedelta(seconds=LETTER_SECONDS + ANSWER_SECONDS) + margin <= LEASE


def test_an_email_whose_answer_drips_is_uncertain_and_nobody_sends_it(database_url, server, setup):
    engine = open_database(database_url)
    post = Post(engine)
    post.queue(requested())
    server.always("answer", DRIP)
    with SmtpTransport(setup, timeout=PHASE, answer_timeout=PHASE) as mail:
        post.deliver(setup, mail)
    server.at.clear()
    post.now += timedelta(minutes=9)
    others = post.deliver(setup, owner="another")
    (row,) = post.rows()
    engine.dispose()

    assert others.sent == 0
    assert (row.state, row.attempts) == ("uncertain", 1)
    assert server.reached.count("answer") == 1
