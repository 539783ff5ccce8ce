"""``python -m bench.size``: what people and workers wait for, in small and very large tables.

The same days' work in both: so many requests to send, to approve, to look at, to remind of, emails
to claim, and old records to archive and delete. They take turns at each of them, so that a slow
moment hits both; what counts is the ratio.
"""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from app.archives import ArchiveFolder
from bench import story
from bench.bulk import fill_company
from db.engine import open_database
from db.outbox import SqlOutbox
from db.queries import SqlQueries
from db.schema import upgrade
from db.tables import approval_entries, archived_entries, documents
from db.unit_of_work import SqlUnitOfWork
from notifications.outbox import bundle_notifications, expand_events
from workflow.actors import Actor
from workflow.readings import RequestFilter, RequestOrder
from workflow.retention import Key, Records, RetentionPolicy
from workflow.service import deciding, requesting, retaining, running

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from postgres_server import throwaway_postgres  # the tests' throw-away server
from query_plans import full_scans, recorded

ROUNDS = 10  # two working weeks
PER_ROUND = 10  # documents sent, and as many approved
LATE = 40  # requests that are overdue
CLAIMED = 50
CLAIMS = 4
LEASE = timedelta(minutes=10)
PART = 50  # rows on a page
LONG_AGO = timedelta(days=60)
KEPT = RetentionPolicy(letters="6M", emails="1Y", documents="1Y")
AIM = 1.5


@dataclass
class Company:
    """A database of one size, and the people who work in it."""

    engine: sa.Engine
    archive: ArchiveFolder
    gone: dict[Records, Key] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.uow = SqlUnitOfWork(self.engine)
        self.read = SqlQueries(self.engine)
        self.outbox = SqlOutbox(self.engine)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[what].append(time.perf_counter() - started)

    def send(self, day: int) -> Iterator[None]:
        for document in _numbers("SEND", day):
            with self.timed("send"):
                requesting.send_approval_request(self.uow, story.key(document), _actor("ANN"))
            yield

    def approve(self, day: int) -> Iterator[None]:
        for document in _numbers("APPROVE", day):
            with self.timed("approve"):
                deciding.approve(self.uow, story.key(document), _actor("BOB"))
            yield

    def look_often(self, _day: int) -> Iterator[None]:
        for _ in range(PER_ROUND):
            with self.timed("Requests to Approve"):
                self.look("CID")
            yield

    def remind(self, day: int) -> Iterator[None]:
        """Of the same ones every working day; as the run does, one after the other."""
        actor = _actor("SCHEDULE", _working_days(day))
        with self.timed("overdue run: which"):
            late = self.read.overdue(actor.today)
        yield
        for document in late:
            with self.timed("overdue run: each"):
                report = running.run_overdue(self.uow, [document], actor)
            assert report.done == 1
            yield
        assert len(late) == LATE

    def claim(self, day: int) -> Iterator[None]:
        now = _actor("SCHEDULE", _working_days(day)).at
        for _ in range(CLAIMS):
            with self.timed("outbox claim"):
                claimed = self.outbox.claim(now, owner="bench", lease=LEASE, limit=CLAIMED)
            assert len(claimed) == CLAIMED
            self.outbox.release_claims("bench")
            yield

    def let_go(self, day: int) -> Iterator[None]:
        """A batch of each kind, from where the day before has come."""
        actor = _actor("SCHEDULE", _working_days(day))
        for records, before in KEPT.cutoffs(actor.today).items():
            with self.timed(f"retention: which {records}"):
                keys = retaining.due(self.uow, records, before, self.gone.get(records))
            with self.timed(f"retention: {retaining.AT_ONCE} {records}"):
                batch = retaining.let_go(self.uow, records, before, keys, self.archive, actor)
            assert batch is not None
            assert batch.rows == retaining.AT_ONCE
            self.gone[records] = keys[-1]
            yield

    def look(self, user: str) -> None:
        """As the page does."""
        assert self.read.requests_page(user, RequestFilter(), RequestOrder.DUE, limit=PART)
        self.read.requests_waiting(user, RequestFilter())
        self.read.requesters_waiting(user)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.size", description=__doc__)
    parser.add_argument("--documents", type=int, default=250_000, help="four entries each")
    parser.add_argument("--small", type=int, default=2_500, help="to compare with")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one of the databases")
    options = parser.parse_args()
    sizes = (options.small, options.documents)
    if options.only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            measure("SQLite", [f"sqlite:///{folder}/{size}.db" for size in sizes], sizes)
    if options.only != "sqlite":
        with throwaway_postgres(durable=True) as server:
            urls = [server.create_database(f"of_{size}") for size in sizes]
            measure("PostgreSQL", urls, sizes)


def measure(database: str, urls: list[str], sizes: tuple[int, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _measure(database, urls, sizes, Path(folder))


def _measure(database: str, urls: list[str], sizes: tuple[int, ...], folder: Path) -> None:
    for url, size in zip(urls, sizes, strict=True):
        started = time.monotonic()
        prepare(url, size)
        print(f"{database}: {size:,} documents made in {time.monotonic() - started:.0f} s")
    companies = [
        Company(_open(url), ArchiveFolder(folder / str(size)))
        for url, size in zip(urls, sizes, strict=True)
    ]
    os.sync()  # or the disk is busy with what was just made
    for day in range(ROUNDS):
        for work in (
            Company.send,
            Company.approve,
            Company.look_often,
            Company.remind,
            Company.claim,
            Company.let_go,
        ):
            for _ in zip(*(work(company, day) for company in companies), strict=True):
                pass  # each has done it once more
    show(database, companies)
    for company in companies:
        company.engine.dispose()


def prepare(url: str, size: int) -> None:
    """The years before, and what is to be done this week."""
    upgrade(url)
    engine = _open(url)
    story.set_up(engine, due="2M")
    fill_company(url, size)
    uow, outbox = SqlUnitOfWork(engine), SqlOutbox(engine)
    late = [f"LATE-{number}" for number in range(LATE)]
    sent = [one for day in range(ROUNDS) for one in _numbers("APPROVE", day)]
    looked_at = [f"LOOK-{number}" for number in range(PART)]
    new = [one for day in range(ROUNDS) for one in _numbers("SEND", day)]
    story.take_in(engine, [*late, *sent, *looked_at, *new])
    for document in late:
        requesting.send_approval_request(uow, story.key(document), _actor("ANN", -LONG_AGO))
    for document in (*sent, *looked_at):
        requesting.send_approval_request(uow, story.key(document), _actor("ANN"))
    for document in looked_at:
        deciding.approve(uow, story.key(document), _actor("BOB"))
    while expand_events(outbox, now=story.AT).events:
        pass
    bundle_all(outbox)
    engine.dispose()


def bundle_all(outbox: SqlOutbox) -> None:
    while bundle_notifications(outbox, now=story.AT, domain="example.com"):
        pass


def show(database: str, companies: list[Company]) -> None:
    small, large = companies
    counts = [_count(company.engine) for company in companies]
    table = Table(title=f"{database}: ms, a quarter is faster")
    for heading in ("", *(f"{entries:,} entries" for _, entries in counts), "ratio"):
        table.add_column(heading, justify="left" if heading == "" else "right")
    for what in small.seconds:
        before, after = (1000 * _quarter(company.seconds[what]) for company in companies)
        ratio = after / before
        mark = "" if ratio <= AIM else " !"
        table.add_row(what, f"{before:.2f}", f"{after:.2f}", f"{ratio:.2f}{mark}")
    console = Console()
    console.print(table)
    for documents_there, entries in counts:
        console.print(f"{documents_there:,} documents, {entries:,} entries.")
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    console.print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; load {load}."
    )
    _show_scans(console, large)


def _show_scans(console: Console, company: Company) -> None:
    """What the database really does at that size, as it chooses itself."""
    with recorded(company.engine) as statements:
        _a_little_of_everything(company)
    found = full_scans(company.engine, statements)
    console.print(f"{len(statements.asked)} statements, {len(found)} of them read a table whole.")
    for statement, scans in found.items():
        console.print(scans, statement)


def _a_little_of_everything(company: Company) -> None:
    story.take_in(company.engine, ["LAST"])
    requesting.send_approval_request(company.uow, story.key("LAST"), _actor("ANN"))
    deciding.approve(company.uow, story.key("LAST"), _actor("BOB"))
    company.look("CID")
    actor = _actor("SCHEDULE", _working_days(ROUNDS))
    running.run_overdue(company.uow, company.read.overdue(actor.today), actor)
    while expand_events(company.outbox, now=actor.at).events:
        pass
    bundle_all(company.outbox)
    company.outbox.claim(actor.at, owner="bench", lease=LEASE, limit=CLAIMED)


def _count(engine: sa.Engine) -> tuple[int, int]:
    """Documents, and entries with those of the archive."""
    with engine.connect() as connection:

        def count(table: sa.Table) -> int:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()

        return count(documents), count(approval_entries) + count(archived_entries)


def _quarter(seconds: list[float]) -> float:
    """Others use the machine too: the slow half tells of them."""
    return quantiles(seconds, n=4)[0]


def _working_days(number: int) -> timedelta:
    """From a Monday."""
    return timedelta(days=number // 5 * 7 + number % 5)


def _numbers(what: str, day: int) -> list[str]:
    return [f"{what}-{day}-{number}" for number in range(PER_ROUND)]


def _actor(user: str, later: timedelta = timedelta()) -> Actor:
    at = story.AT + later
    return Actor(user=user, at=at, today=at.date())


def _open(url: str) -> sa.Engine:
    """A commit does not wait for the disk: that takes as long in any table."""
    if url.startswith("sqlite"):
        return open_database(url, synchronous="OFF")
    engine = open_database(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = sa.make_url(url).database
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    engine.dispose()
    return engine


if __name__ == "__main__":
    main()
