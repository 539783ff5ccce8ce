"""How fast an account may send, on how many connections, and when it rests: for all workers."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import open_database
from db.mail_setups import SqlMailSetups
from db.outbox import SqlOutbox
from db.tables import emails
from example_events import ENTRY, about, requested
from mail_post import LEASE, Post
from notifications.accounts import Limits, account_of
from notifications.delivery import CLAIMED_AT_ONCE, DeliveryReport
from notifications.transports import SmtpTransport
from workflow.events import RequestRejected

REJECTED = RequestRejected(**about("BOB", "ANN"), entry=ENTRY, comment="Too dear")
SECOND = timedelta(seconds=1)
ACCOUNT = "smtp.contoso.com:587/erp"


@pytest.fixture
def post(sqlite_database):
    engine = open_database(sqlite_database, synchronous="OFF")
    yield Post(engine)
    engine.dispose()


@pytest.fixture
def outbox(database_url):
    engine = open_database(database_url)
    yield SqlOutbox(engine)
    engine.dispose()


@pytest.fixture
def server(mail_server):
    return mail_server(tls=False, sign_in=False)


@pytest.fixture
def setup(server):
    return server.setup(send_as="noreply@contoso.com", allow_sender_substitution=True)


# The rate -------------------------------------------------------------------------------------


def test_no_more_letters_leave_than_the_rate_allows(post, server, setup):
    slow = replace(setup, rate_per_minute=30)
    post.queue(*[requested() for _ in range(40)])
    burst = post.deliver(slow)
    at_once = post.deliver(slow)
    post.now += 10 * SECOND
    trickle = post.deliver(slow)
    post.now += timedelta(minutes=1)
    rest = post.deliver(slow)

    assert burst == DeliveryReport(sent=30, waits="30 letters a minute are sent.")
    assert at_once == DeliveryReport(waits="30 letters a minute are sent.")
    assert trickle == replace(burst, sent=5)
    assert rest == DeliveryReport(sent=5)
    assert post.states() == ["sent"] * 40
    assert {row.attempts for row in post.rows()} == {1}


def test_what_waits_for_the_rate_is_not_claimed(post, setup):
    slow = replace(setup, rate_per_minute=1)
    post.queue(requested(), requested())
    post.deliver(slow)

    assert sorted(post.states()) == ["queued", "sent"]


def permit(outbox, at, *, wanted, owner="one", rate=None, connections=None):
    return outbox.permit(
        ACCOUNT,
        at,
        owner=owner,
        lease=LEASE,
        limits=Limits(rate_per_minute=rate, connections=connections),
        wanted=wanted,
    )


def test_workers_share_the_rate(outbox):
    now = Post(outbox._engine).now
    start = threading.Barrier(4)
    taken = []

    def work(owner):
        start.wait()
        taken.extend(permit(outbox, now, wanted=2, owner=owner, rate=30).letters for _ in range(10))

    workers = [threading.Thread(target=work, args=(owner,)) for owner in "ABCD"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(taken) == 30


@pytest.mark.parametrize(
    ("passed", "letters"),
    [
        (timedelta(0), 0),
        (SECOND, 0),
        (2 * SECOND, 1),
        (20 * SECOND, 10),
        (timedelta(days=1), 30),
        (timedelta(minutes=-5), 0),  # another worker's clock
        (timedelta(days=-365), 30),  # a clock that was a year ahead
    ],
)
def test_letters_become_free_again_with_time(outbox, passed, letters):
    now = Post(outbox._engine).now
    assert permit(outbox, now, wanted=50, rate=30).letters == 30

    assert permit(outbox, now + passed, wanted=50, rate=30).letters == letters


def test_a_clock_that_is_behind_gives_nothing_twice(outbox):
    now = Post(outbox._engine).now
    permit(outbox, now, wanted=50, rate=30)
    permit(outbox, now - timedelta(minutes=5), wanted=50, rate=30)

    assert permit(outbox, now, wanted=50, rate=30).letters == 0


# Connections ----------------------------------------------------------------------------------


def test_only_so_many_workers_connect_at_the_same_time(outbox):
    now = Post(outbox._engine).now
    first = [permit(outbox, now, wanted=9, owner=owner, connections=2).letters for owner in "ABC"]
    again = permit(outbox, now, wanted=9, owner="A", connections=2).letters
    outbox.release_claims("B")
    after_b = permit(outbox, now, wanted=9, owner="C", connections=2).letters

    assert first == [9, 9, 0]
    assert (again, after_b) == (9, 9)


def test_a_worker_that_died_holds_its_connection_no_longer_than_its_lease(outbox):
    now = Post(outbox._engine).now
    permit(outbox, now, wanted=1, owner="dead", connections=1)

    assert permit(outbox, now + LEASE - SECOND, wanted=1, owner="B", connections=1).letters == 0
    assert permit(outbox, now + LEASE, wanted=1, owner="B", connections=1).letters == 1


def test_a_second_worker_leaves_the_mail_to_the_first(post, server, setup):
    class WithASecondWorker(SmtpTransport):
        def submit(self, letter, before_end):
            second.append(post.deliver(single, owner="two"))
            return super().submit(letter, before_end)

    second = []
    single = replace(setup, connections=1)
    letters = CLAIMED_AT_ONCE + 2
    post.queue(*[requested() for _ in range(letters)])
    first = post.deliver(single, WithASecondWorker(single))

    assert first == DeliveryReport(sent=letters)
    assert DeliveryReport(waits="All 1 connections are in use.") in second
    assert server.connections == 1


# Rest -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "reply", "rest"),
    [
        ("MAIL", "432 4.3.2 Concurrent connections limit exceeded", timedelta(seconds=45)),
        ("MAIL", "451 4.7.500 Server busy", timedelta(hours=1)),
        ("MAIL", "530 5.7.57 Client not authenticated", timedelta(minutes=15)),
        ("DATA", "554 5.2.0 SubmissionQuotaExceededException", timedelta(hours=1)),
        ("DATA", "550 5.1.8 Access denied, bad outbound sender", timedelta(hours=4)),
        ("GREETING", "421 4.3.2 not now", timedelta(minutes=1)),
    ],
)
def test_an_account_in_trouble_rests_and_then_goes_on(post, server, setup, stage, reply, rest):
    post.queue(requested(), REJECTED)
    server.replies[stage] = [reply]
    troubled = post.deliver(setup)
    connections = server.connections
    post.now += rest - SECOND
    resting = post.deliver(setup, owner="another worker")

    assert troubled.resumes_at == post.now + SECOND
    assert resting == DeliveryReport(stopped=troubled.stopped, resumes_at=troubled.resumes_at)
    assert server.connections == connections
    assert [row.counted for row in post.rows()] == [0, 0]
    post.now += SECOND
    assert post.deliver(setup) == DeliveryReport(sent=2)


def test_another_account_does_not_rest(post, server, setup):
    post.queue(requested())
    server.replies["MAIL"] = ["550 5.1.8 Access denied, bad outbound sender"]
    post.deliver(setup)
    other = replace(setup, server="127.0.0.1")
    post.now += timedelta(hours=4)

    assert account_of(other) != account_of(setup)
    assert post.outbox.pause_of(account_of(other), post.now) is None


def test_an_operator_who_sends_an_email_again_ends_the_rest(post, server, setup):
    post.queue(requested())
    server.replies["MAIL"] = ["530 5.7.57 Client not authenticated"]
    post.deliver(setup)
    post.outbox.retry(1, post.now)

    assert post.deliver(setup) == DeliveryReport(sent=1)


def test_a_changed_mail_setup_ends_the_rest(post, server, setup):
    post.queue(requested())
    server.replies["MAIL"] = ["530 5.7.57 Client not authenticated"]
    post.deliver(setup)
    SqlMailSetups(post.engine, tuple).save(setup)

    assert post.deliver(setup) == DeliveryReport(sent=1)


# What cannot be recorded ----------------------------------------------------------------------


class Locked(SqlOutbox):
    """A database that somebody else is writing to when an email is to be marked."""

    def _finish(self, *_arguments):
        raise locked()

    def hand_over(self, *arguments, finishing=None, **facts):
        if finishing:
            raise locked()
        return super().hand_over(*arguments, **facts)


def locked():
    return sa.exc.OperationalError("UPDATE", {}, Exception("database is locked"))


@pytest.mark.parametrize(
    ("event", "copies", "state"),
    [(requested(), 2, "sent"), (REJECTED, 1, "uncertain")],
    ids=["a request", "other mail"],
)
def test_mail_that_was_taken_but_could_not_be_marked_is_uncertain(
    post, server, setup, event, copies, state
):
    post.queue(event, requested())
    with pytest.raises(sa.exc.OperationalError):
        deliver_with(Locked(post.engine), post, setup)
    in_hand = [row.state for row in post.rows() if row.in_hand_since]
    at_once = post.deliver(setup)
    post.now += timedelta(hours=1)
    post.deliver(setup)

    assert in_hand == ["sending"]
    assert at_once == DeliveryReport(sent=1)  # the one that was not in hand
    first = next(row for row in post.rows() if row.uncertain)
    assert first.state == state
    raw = [received.raw for received in server.received if first.raw == received.raw]
    assert len(raw) == copies


def deliver_with(outbox, post, setup):
    used, post.outbox = post.outbox, outbox
    try:
        return post.deliver(setup)
    finally:
        post.outbox = used


def test_a_mark_that_fails_once_is_made_the_next_time(post, server, setup):
    class LockedOnce(SqlOutbox):
        times = 0

        def _finish(self, *arguments):
            self.times += 1
            if self.times == 1:
                raise sa.exc.OperationalError("UPDATE", {}, Exception("database is locked"))
            return super()._finish(*arguments)

    post.queue(requested())

    assert deliver_with(LockedOnce(post.engine), post, setup) == DeliveryReport(sent=1)
    assert post.rows()[0].attempts == 1


def test_a_letter_whose_hand_over_cannot_be_noted_is_not_ended(post, server, setup):
    class Locked(SqlOutbox):
        def hand_over(self, *_arguments, **_facts):
            raise sa.exc.OperationalError("UPDATE", {}, Exception("database is locked"))

    post.queue(requested())
    with pytest.raises(sa.exc.OperationalError):
        deliver_with(Locked(post.engine), post, setup)

    assert server.received == []
    with post.engine.connect() as connection:
        assert connection.scalar(sa.select(emails.c.state)) == "queued"
    assert post.deliver(setup) == DeliveryReport(sent=1)


# One commit a letter --------------------------------------------------------------------------


class Marking(SqlOutbox):
    """Tells which emails were marked on their own, and with the hand-over of the next one."""

    def __init__(self, engine):
        super().__init__(engine)
        self.alone, self.together = [], []

    def finish(self, email_id, **facts):
        self.alone.append(email_id)
        return super().finish(email_id, **facts)

    def hand_over(self, email_id, *, finishing=None, **facts):
        if finishing:
            self.together.append(finishing.email_id)
        return super().hand_over(email_id, finishing=finishing, **facts)


def test_a_letter_that_was_sent_is_marked_with_the_hand_over_of_the_next_one(post, server, setup):
    outbox = Marking(post.engine)
    post.queue(requested(), requested(), requested())

    assert deliver_with(outbox, post, setup) == DeliveryReport(sent=3)
    assert (outbox.together, outbox.alone) == ([1, 2], [3])
    assert [row.attempts for row in post.rows()] == [1, 1, 1]
    assert len(post.reasons()) == 3


def test_it_does_not_wait_for_a_letter_that_is_not_handed_over(post, server, setup):
    class RefusesTheSecond(SmtpTransport):
        def submit(self, letter, before_end):
            if server.received:
                assert post.states()[0] == "sending"
                server.replies["RCPT"] = ["550 5.1.1 no such user"]
            return super().submit(letter, before_end)

    outbox = Marking(post.engine)
    post.queue(requested(), requested())
    used, post.outbox = post.outbox, outbox
    report = post.deliver(setup, RefusesTheSecond(setup))
    post.outbox = used

    assert report == DeliveryReport(sent=1, refused=1)
    assert (outbox.together, outbox.alone) == ([], [1, 2])


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, ConnectionAbortedError])
def test_it_does_not_wait_when_the_next_letter_ends_the_pass(post, server, setup, interruption):
    class Interrupted(SmtpTransport):
        def submit(self, letter, before_end):
            if server.received:
                raise interruption
            return super().submit(letter, before_end)

    post.queue(requested(), requested())
    with pytest.raises(interruption):
        post.deliver(setup, Interrupted(setup))

    assert post.states() == ["sent", "queued"]


def test_a_slow_letter_is_marked_at_once(post, server, setup):
    class Slow(SmtpTransport):
        def submit(self, letter, before_end):
            accepted = super().submit(letter, before_end)
            post.now += 0.3 * LEASE
            return accepted

    outbox = Marking(post.engine)
    post.queue(requested(), requested())
    used, post.outbox = post.outbox, outbox
    post.deliver(setup, Slow(setup))
    post.outbox = used

    assert (outbox.together, outbox.alone) == ([], [1, 2])


def test_an_error_while_both_are_recorded_loses_neither(post, server, setup):
    class FailsTogether(SqlOutbox):
        def hand_over(self, email_id, *, finishing=None, **facts):
            if finishing:
                attempt = replace(finishing.end.attempt, stage=None)  # which no table takes
                finishing = replace(finishing, end=replace(finishing.end, attempt=attempt))
            return super().hand_over(email_id, finishing=finishing, **facts)

    post.queue(requested(), requested())
    with pytest.raises(sa.exc.IntegrityError):
        deliver_with(FailsTogether(post.engine), post, setup)

    assert post.states() == ["sent", "queued"]
    assert len(server.received) == 1  # the end of the second one was not sent
    assert post.deliver(setup) == DeliveryReport(sent=1)
    assert not any(row.uncertain for row in post.rows())
