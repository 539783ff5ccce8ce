"""A worker speaks to the mail server over one connection, from pass to pass; over two where there
is much to send.
"""

import itertools
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
import sqlalchemy as sa

from app.bootstrap import Application
from app.kept_connections import KeptConnections
from app.passes import deliver
from app.settings import read_settings
from example_events import ANN, BOB, requested
from mail_post import Post
from notifications.delivery import CLAIMED_AT_ONCE
from notifications.delivery_reports import DeliveryReport
from notifications.mail_setup import MailSetup
from scripted_server import DROP, ScriptedServer


class Clock:
    """A clock somebody turns by hand."""

    at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server():
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def application(database_url, clock, server):
    """Three requests to Bob wait, and one letter a minute may leave over one connection."""
    with Application(read_settings(database_url=database_url), clock=clock) as made:
        limited = MailSetup(
            server="127.0.0.1",
            port=server.port,
            send_as="noreply@contoso.com",
            rate_per_minute=1,
            connections=1,
        )
        made.mail_setups.save(limited)
        with made.uow() as work:
            for person in (ANN, BOB):
                work.users.save(person)
            work.commit()
        Post(made.engine).record(requested(), requested(), requested())
        yield made


@pytest.fixture
def kept(application):
    connections = KeptConnections(application)
    yield connections
    connections.close()


def a_pass(application, kept) -> DeliveryReport:
    report = deliver(application, kept=kept).delivery
    application.clock.at += timedelta(minutes=1)
    return report


def test_letters_that_wait_for_the_rate_share_one_connection(application, kept, server):
    sent = [a_pass(application, kept).sent for _ in range(3)]

    assert sent == [1, 1, 1]
    assert server.reached.count("connect") == 1


def test_a_kept_connection_is_counted_until_it_is_closed(application, kept, server):
    a_pass(application, kept)
    another = deliver(application).delivery
    kept.close()
    after = deliver(application).delivery

    assert another == DeliveryReport(waits="All 1 connections are in use.")
    assert after.sent == 1
    assert server.reached.count("connect") == 2


def test_it_is_closed_when_nothing_was_sent_for_a_while(application, kept, server, monkeypatch):
    a_pass(application, kept)
    monkeypatch.setattr("app.kept_connections.IDLE_SECONDS", 0.0)
    application.clock.at -= timedelta(minutes=1)
    a_pass(application, kept)

    assert deliver(application).delivery.sent == 1


def test_it_is_closed_when_the_account_rests(application, kept, server):
    a_pass(application, kept)
    server.always("mail", "530 5.7.57 Client not authenticated")
    troubled = a_pass(application, kept)
    server.at.clear()
    application.clock.at += timedelta(hours=1)
    again = deliver(application).delivery

    assert troubled.stopped
    assert again.sent == 1


def test_a_changed_mail_setup_gets_a_connection_of_its_own(application, kept, server):
    a_pass(application, kept)
    setup = application.mail_setups.load()
    application.mail_setups.save(replace(setup, send_as="orders@contoso.com"))
    sent = a_pass(application, kept).sent

    assert sent == 1
    assert server.reached.count("connect") == 2


def test_a_connection_the_server_gave_up_is_opened_anew(application, kept, server):
    a_pass(application, kept)
    server.always("mail", DROP)
    a_pass(application, kept)
    server.at.clear()
    application.clock.at += timedelta(hours=1)

    assert a_pass(application, kept).sent == 1


# --- much to send --------------------------------------------------------------------------

MANY = 2 * CLAIMED_AT_ONCE


@pytest.fixture
def much(application, server):
    """Requests to Bob, with those that wait already; nothing keeps them."""
    setup = MailSetup(server="127.0.0.1", port=server.port, send_as="noreply@contoso.com")
    application.mail_setups.save(setup)
    another = Post(application.engine)
    next(another.numbers)
    another.record(*[requested()] * (MANY - 3))
    return application


def ids_of(letters: list[bytes]) -> Counter[str]:
    return Counter(message_from_bytes(letter)["Message-ID"] for letter in letters)


def test_on_postgresql_much_mail_takes_two_connections_and_each_letter_one(much, kept, server):
    two = much.engine.dialect.name == "postgresql"
    together = threading.Barrier(2 if two else 1)
    answers = itertools.count(1)

    def meet() -> None:
        """Neither of the first two letters is answered before the other is there."""
        if next(answers) <= together.parties:
            together.wait(20)

    server.at["answer"] = meet

    report = deliver(much, kept=kept).delivery

    assert report == DeliveryReport(sent=MANY)
    assert set(ids_of(server.accepted).values()) == {1}
    assert len(server.accepted) == MANY
    assert server.reached.count("connect") == (2 if two else 1)


def test_where_one_connection_is_allowed_one_sends_everything(much, kept, server):
    setup = much.mail_setups.load()
    much.mail_setups.save(replace(setup, connections=1))

    assert deliver(much, kept=kept).delivery == DeliveryReport(sent=MANY)
    assert server.reached.count("connect") == 1


def test_trouble_of_one_connection_is_told_and_nothing_is_sent_twice(much, kept, server):
    answers = itertools.count(1)
    server.at["mail"] = lambda: (
        "530 5.7.57 Client not authenticated" if next(answers) == 10 else None
    )
    troubled = deliver(much, kept=kept).delivery
    server.at.clear()
    much.clock.at += timedelta(hours=1)
    again = deliver(much, kept=kept).delivery

    assert "5.7.57" in troubled.stopped
    assert troubled.sent + again.sent == MANY
    assert set(ids_of(server.accepted).values()) == {1}


def test_a_database_that_fails_under_one_connection_ends_the_other(much, kept, server):
    """What is left is not waited for: the error is told at once, and the next pass sends it."""
    handed_over = itertools.count(1)

    @sa.event.listens_for(much.engine, "before_cursor_execute")
    def fail(_connection, _cursor, statement, *_: object) -> None:
        first = threading.current_thread() is threading.main_thread()
        if first and "in_hand_since=" in statement.replace(" ", "") and next(handed_over) == 5:
            raise sa.exc.OperationalError(statement, None, OSError("gone"))

    with pytest.raises(sa.exc.OperationalError):
        deliver(much, kept=kept)
    assert len(server.accepted) < MANY
    much.clock.at += timedelta(hours=1)
    deliver(much, kept=kept)

    assert set(ids_of(server.accepted).values()) == {1}
    assert len(server.accepted) == MANY
