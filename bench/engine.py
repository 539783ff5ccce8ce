"""The engine beside the raw database, at equal durability, in tables of two sizes."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bench import story
from bench.filling import FILL, fill
from bench.replay import Recording, record, replay_postgresql, replay_sqlite
from db.engine import open_database
from db.schema import upgrade
from db.unit_of_work import SqlUnitOfWork

ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; milliseconds are medians over the rounds."""

    database: str
    documents_in_table: int
    ms_per_action: float
    raw_ms_per_action: float
    documents_per_second: float
    statements_per_action: float

    @property
    def ratio(self) -> float:
        return self.ms_per_action / self.raw_ms_per_action


def measure_sqlite(synchronous: str, filled: int, played: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.db"
        url = f"sqlite:///{prepared}"
        numbers = _prepare(url, filled, played)
        _checkpoint(url)

        def fresh() -> Path:
            copy = Path(folder) / f"{time.monotonic_ns()}.db"
            shutil.copyfile(prepared, copy)
            return copy

        def ours() -> float:
            return _play_all(f"sqlite:///{fresh()}", numbers, synchronous)[0]

        recording = _play_all(f"sqlite:///{fresh()}", numbers, synchronous, recorded=True)[1]

        def raw() -> float:
            path = fresh()
            return _timed(lambda: replay_sqlite(str(path), synchronous, recording))

        return _row(f"SQLite, {synchronous}", filled, played, ours, raw, recording)


def measure_postgresql(server: object, filled: int, played: int) -> Row:
    template = f"prepared_{filled}"
    url = server.create_database(template)  # type: ignore[attr-defined]
    numbers = _prepare(url, filled, played)
    made = 0

    def fresh() -> str:
        nonlocal made
        made += 1
        return server.create_database(f"run_{filled}_{made}", template=template)  # type: ignore[attr-defined, no-any-return]

    def ours() -> float:
        return _play_all(fresh(), numbers, "FULL")[0]

    recording = _play_all(fresh(), numbers, "FULL", recorded=True)[1]

    def raw() -> float:
        url = fresh()
        return _timed(lambda: replay_postgresql(url, recording))

    return _row("PostgreSQL", filled, played, ours, raw, recording)


def _row(
    database: str,
    filled: int,
    played: int,
    ours: Callable[[], float],
    raw: Callable[[], float],
    recording: Recording,
) -> Row:
    pairs = [(ours(), raw()) for _ in range(ROUNDS)]  # in turn: a slow moment hits both
    our_seconds, raw_seconds = (statistics.median(side) for side in zip(*pairs, strict=True))
    actions = played * story.ACTIONS
    return Row(
        database=database,
        documents_in_table=filled,
        ms_per_action=our_seconds / actions * 1000,
        raw_ms_per_action=raw_seconds / actions * 1000,
        documents_per_second=played / our_seconds,
        statements_per_action=recording.per_action,
    )


def _prepare(url: str, filled: int, played: int) -> list[str]:
    """A migrated database with *filled* finished documents and *played* open ones."""
    upgrade(url)
    numbers = [f"PO-{number}" for number in range(played)]
    with _engine(url, "NORMAL") as engine:
        story.set_up(engine)
        story.take_in(engine, [FILL, *numbers])
        for _ in story.play(SqlUnitOfWork(engine), FILL):
            pass
        fill(engine, filled)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))
    return numbers


def _play_all(
    url: str, numbers: list[str], synchronous: str, *, recorded: bool = False
) -> tuple[float, Recording]:
    with _engine(url, synchronous) as engine:
        uow = SqlUnitOfWork(engine)
        recording = record(engine) if recorded else Recording()

        def everything() -> None:
            for number in numbers:
                for _ in story.play(uow, number):
                    pass

        return _timed(everything), recording


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def _engine(url: str, synchronous: str) -> Iterator[sa.Engine]:
    engine = open_database(url, synchronous=synchronous)
    try:
        yield engine
    finally:
        engine.dispose()


def _checkpoint(url: str) -> None:
    with _engine(url, "FULL") as engine, engine.connect() as connection:
        connection.commit()
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
