"""Jobs are part of the transaction that gives workers something to do."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from db.engine import open_database
from db.job_queue import enqueue
from db.unit_of_work import SqlUnitOfWork
from db.waking import MAIL, RUNS, WEBHOOKS, wake
from db.workers import SqlWorkers, second_of
from workflow.service.handling import receive
from workflow.service.requesting import send_approval_request

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def database_url(postgresql_database):
    """Only PostgreSQL has jobs."""
    return postgresql_database


@pytest.fixture
def jobs(engine):
    """``jobs()``: the names of those that wait."""

    def waiting():
        query = "SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY 1"
        with engine.connect() as connection:
            return list(connection.exec_driver_sql(query).scalars())

    return waiting


def begin(engine):
    """A worker takes the first job that it may take; its name, or None."""
    with engine.begin() as connection:
        query = "SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL)"
        return connection.exec_driver_sql(query).scalar()


def test_who_asks_wakes_mail_and_webhooks_with_his_event(company, new_document, actor, jobs):
    receive(company, new_document(), actor("ANN"))
    assert jobs() == []  # nobody is told of that

    send_approval_request(company, new_document().key, actor("ANN"))

    assert jobs() == [MAIL, WEBHOOKS]


def test_what_is_undone_wakes_nobody(company, new_document, actor, jobs, engine):
    receive(company, new_document(), actor("ANN"))
    with SqlUnitOfWork(engine, rehearsing=True) as uow:
        send_approval_request(uow, new_document().key, actor("ANN"))

    assert jobs() == []
    receive(company, new_document("PO-2"), actor("ANN"))  # on the same connection
    assert jobs() == []


def test_nobody_sees_the_job_before_the_event(engine, jobs):
    with engine.connect() as asking, asking.begin() as transaction:
        wake(asking, MAIL)
        enqueue(asking.connection.driver_connection, [MAIL])
        assert jobs() == []
        transaction.commit()

    assert jobs() == [MAIL]


def test_asked_for_twice_it_is_done_once(engine, jobs):
    for _ in range(3):
        with engine.begin() as connection:
            wake(connection, MAIL)

    assert jobs() == [MAIL]


def test_who_asks_while_it_is_being_done_asks_for_it_once_more(engine, jobs):
    with engine.begin() as connection:
        wake(connection, MAIL)
    assert begin(engine) == MAIL

    with engine.begin() as connection:
        wake(connection, MAIL)

    assert jobs() == [MAIL]


def test_a_job_that_waits_is_not_begun_before_those_who_rely_on_it_have_committed(engine):
    """Else its worker would look before there is something to see."""
    with engine.begin() as connection:
        wake(connection, MAIL)
    with engine.connect() as asking, asking.begin() as transaction:
        enqueue(asking.connection.driver_connection, [MAIL])

        assert begin(engine) is None
        transaction.commit()

    assert begin(engine) == MAIL


def test_many_ask_at_the_same_time_and_nobody_is_refused(database_url, jobs):
    engine = open_database(database_url)
    start, failures = threading.Barrier(8), []

    def ask():
        start.wait()
        try:
            for _ in range(10):
                with engine.begin() as connection:
                    wake(connection, WEBHOOKS, MAIL)
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()

    assert failures == []
    assert jobs() == [MAIL, WEBHOOKS]


def test_what_an_operator_lets_go_wakes_the_mail(outbox, queued_email, engine, jobs):
    queued_email()
    assert outbox.hold(1)
    while begin(engine):
        pass

    outbox.release(1, NOON)

    assert jobs() == [MAIL]


@pytest.mark.parametrize("dead", ["dead", second_of("dead")])
def test_what_the_dead_left_is_free_and_wakes_the_others(outbox, queued_email, engine, jobs, dead):
    """Whichever of its two connections it was to be sent over."""
    workers = SqlWorkers(engine)
    queued_email()
    workers.beat("dead")
    workers.beat("alive")
    lease = timedelta(minutes=15)
    (claimed,) = outbox.claim(NOON, owner=dead, lease=lease, limit=5)
    while begin(engine):
        pass
    assert workers.free_what_the_dead_left() == ()
    assert outbox.claim(NOON, owner="alive", lease=lease, limit=5) == []

    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE worker_beats SET beat_at = beat_at - interval '16 seconds' WHERE owner = 'dead'"
        )

    assert workers.free_what_the_dead_left() == ("dead",)
    assert [worker.owner for worker in workers.alive()] == ["alive"]
    assert jobs() == [MAIL, RUNS, WEBHOOKS]
    assert outbox.claim(NOON, owner="alive", lease=lease, limit=5)[0].id == claimed.id


def test_trouble_with_the_jobs_is_trouble_with_the_database(engine):
    """So that whoever asked is told what everybody is told whose database does not answer."""
    connection = engine.connect()
    connection.exec_driver_sql("ALTER TABLE procrastinate_jobs RENAME TO gone")
    wake(connection, MAIL)

    with pytest.raises(sa.exc.OperationalError):
        connection.commit()
    connection.close()
