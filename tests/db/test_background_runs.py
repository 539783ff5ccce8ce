"""Each run is made once each time, whoever makes it, and again when its worker died in it."""

import threading
from datetime import UTC, datetime, timedelta

from db.background_runs import SqlBackgroundRuns
from db.engine import open_database

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = "2026-03-02 12:00:00.000000"


def beat(engine, owner):
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO worker_beats VALUES ('{owner}', '{MOMENT}', '{MOMENT}')"  # noqa: S608
        )


def test_it_is_the_turn_of_one_worker_each_hour(engine):
    runs = SqlBackgroundRuns(engine)
    beat(engine, "one")
    beat(engine, "two")
    turns = [
        runs.begin("overdue", owner=owner, now=NOON + later, every=HOUR)
        for owner, later in (
            ("one", timedelta(0)),
            ("two", timedelta(minutes=59)),
            ("two", HOUR),
            ("one", HOUR),
        )
    ]
    runs.finish("overdue", owner="two", now=NOON + HOUR)

    assert turns == [True, False, True, False]
    (run,) = runs.all()
    assert (run.owner, run.times, run.finished_at) == ("two", 2, NOON + HOUR)


def test_the_run_of_a_worker_that_died_in_it_is_made_by_another(engine):
    runs = SqlBackgroundRuns(engine)
    assert runs.begin("overdue", owner="dead", now=NOON, every=HOUR)

    assert runs.begin("overdue", owner="two", now=NOON, every=HOUR)
    runs.finish("overdue", owner="dead", now=NOON)  # he was only asleep
    (run,) = runs.all()
    assert run.finished_at is None
    runs.finish("overdue", owner="two", now=NOON)
    assert not runs.begin("overdue", owner="three", now=NOON, every=HOUR)


def test_a_clock_that_ran_ahead_does_not_stop_the_runs(engine):
    runs = SqlBackgroundRuns(engine)
    next_year = NOON + timedelta(days=365)
    runs.begin("overdue", owner="one", now=next_year, every=HOUR)
    runs.finish("overdue", owner="one", now=next_year)

    assert runs.begin("overdue", owner="one", now=NOON, every=HOUR)


def test_of_many_who_come_at_once_one_makes_it(database_url):
    engine = open_database(database_url)
    runs, start, turns = SqlBackgroundRuns(engine), threading.Barrier(6), []
    for number in range(6):
        beat(engine, number)

    def come(owner):
        start.wait()
        turns.append(runs.begin("overdue", owner=owner, now=NOON, every=HOUR))

    threads = [threading.Thread(target=come, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()

    assert sorted(turns) == [False] * 5 + [True]
