"""Jobs are done by whoever is free; those of a worker that died are done by another."""

import threading
import time
from contextlib import contextmanager

import pytest

from db.engine import open_database
from db.job_queue import DEAD_AFTER, Work, run_jobs
from db.waking import MAIL, wake

NEVER = "0 0 1 1 *"
EVERY_SECOND = "* * * * * *"


@pytest.fixture
def engine(postgresql_database):
    engine = open_database(postgresql_database)
    yield engine
    engine.dispose()


@contextmanager
def working(url, do, cron=NEVER, **options):
    stopping = threading.Event()
    works = [Work(name=MAIL, do=do, cron=cron, **options)]
    thread = threading.Thread(target=run_jobs, args=(url, works, stopping))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def states(engine):
    with engine.connect() as connection:
        query = "SELECT status::text FROM procrastinate_jobs ORDER BY id"
        return list(connection.exec_driver_sql(query).scalars())


def leave_a_job_of_a_dead_worker(engine):
    with engine.begin() as connection:
        wake(connection, MAIL)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s))",
            (DEAD_AFTER + 1,),
        )
        connection.exec_driver_sql("SELECT procrastinate_fetch_job_v2(NULL, 1)")


def test_a_job_is_done_and_leaves_nothing_behind(postgresql_database, engine):
    done = []
    with working(postgresql_database, lambda: done.append(1)):
        with engine.begin() as connection:
            wake(connection, MAIL)
        wait_for(lambda: done and not states(engine))


def test_the_job_of_a_worker_that_died_is_done_by_another(postgresql_database, engine):
    done = []
    leave_a_job_of_a_dead_worker(engine)
    assert states(engine) == ["doing"]

    with working(postgresql_database, lambda: done.append(1)):
        wait_for(lambda: done and not states(engine))


def test_where_the_same_waits_already_it_is_done_once(postgresql_database, engine):
    done = []
    leave_a_job_of_a_dead_worker(engine)
    with engine.begin() as connection:
        wake(connection, MAIL)
    assert states(engine) == ["doing", "todo"]

    with working(postgresql_database, lambda: done.append(time.sleep(0.2))):
        wait_for(lambda: done and not states(engine))

    assert 1 <= len(done) <= 2


def test_trouble_in_one_job_does_not_end_the_worker(postgresql_database, engine, caplog):
    done = []

    def fail_first():
        done.append(1)
        if len(done) == 1:
            raise ValueError("trouble")

    with working(postgresql_database, fail_first):
        for times in (1, 2):
            with engine.begin() as connection:
                wake(connection, MAIL)
            wait_for(lambda times=times: len(done) == times and not states(engine))

    assert "trouble" in caplog.text


def test_three_workers_do_what_each_tick_asks_for_once(postgresql_database, engine):
    done = []

    def note():
        done.append(1)

    began = time.monotonic()
    with (
        working(postgresql_database, note, EVERY_SECOND),
        working(postgresql_database, note, EVERY_SECOND),
        working(postgresql_database, note, EVERY_SECOND),
    ):
        wait_for(lambda: len(done) >= 4)
    ticks = time.monotonic() - began + 2  # the one before it began, and the one it ends in

    assert len(done) <= ticks
