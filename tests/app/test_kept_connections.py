"""A worker speaks to the mail server over one connection, from pass to pass."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.bootstrap import Application
from app.kept_connections import KeptConnection
from app.passes import deliver
from app.settings import read_settings
from example_events import ANN, BOB, requested
from mail_post import Post
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
    connection = KeptConnection(application)
    yield connection
    connection.close()


def a_pass(application, kept) -> DeliveryReport:
    report = deliver(application, kept=kept).delivery
    kept.after(report)
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
    kept.after(DeliveryReport())

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
