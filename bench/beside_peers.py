"""``python -m bench.beside_peers``: the engine and the mail beside their peers.

Writes docs/benchmarks.md and its plot. All sides take turns, each run in a new database and a new
process, so that a slow moment of the machine meets all of them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import mail, report

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from postgres_server import PostgresUnavailable, throwaway_postgres

ACTIONS = 4  # a document: sent, approved three times
NewDatabase = Callable[[], str]


def side(name: str, module: str) -> mail.Side:
    python = sys.executable if module == "our" else str(mail.PEER)
    return mail.Side(name, (python, "-m", "bench.peers", module))


SIDES = (
    side("Countersign", "our"),
    side("SpiffWorkflow", "spiff"),
    side("django-fsm-2", "fsm"),
    side("joeflow", "joeflow"),
    side("django-viewflow", "viewflow"),
    side("django-approval-workflow", "approval_workflow"),
)


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: float
    versions: str


@dataclass(frozen=True)
class Database:
    name: str
    synchronous: str
    new: NewDatabase


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.beside_peers", description=__doc__)
    parser.add_argument("--documents", type=int, default=200, help="documents a run")
    parser.add_argument("--letters", type=int, default=300, help="letters a run; 0 leaves mail out")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each side")
    parser.add_argument("--only-print", action="store_true", help="leave the docs as they are")
    options = parser.parse_args()
    figures = report.Figures(
        documents=options.documents,
        letters=options.letters,
        rounds=options.rounds,
        not_measured=[each.name for each in (*SIDES, *mail.SIDES) if not each.is_installed()],
        engine=engine_results(options.documents, options.rounds),
        mail=mail_results(options.letters, options.rounds) if options.letters else [],
    )
    print(report.tables(figures))
    if not options.only_print:
        report.write(figures, mail.PEER)


def engine_results(documents: int, rounds: int) -> list[report.Result]:
    with databases() as places:
        return [result for database in places for result in measured(database, documents, rounds)]


def measured(database: Database, documents: int, rounds: int) -> Iterator[report.Result]:
    sides = [each for each in SIDES if each.is_installed()]
    runs: dict[str, list[Run]] = {each.name: [] for each in sides}
    for _ in range(rounds):
        for each in sides:
            runs[each.name].append(play(each, database, documents))
    actions = documents * ACTIONS
    for name, of_side in runs.items():
        yield result(database.name, name, of_side, runs[report.OURS], actions)


def result(
    database: str, name: str, runs: list[Run], ours: list[Run], actions: int
) -> report.Result:
    seconds = [run.seconds for run in runs]
    return report.Result(
        database=database,
        side=name,
        versions=runs[0].versions,
        ms=median(seconds) / actions * 1000,
        least_ms=min(seconds) / actions * 1000,
        cpu_ms=median(run.cpu for run in runs) / actions * 1000,
        ratio=median(theirs / mine.seconds for theirs, mine in zip(seconds, ours, strict=True)),
    )


def play(each: mail.Side, database: Database, documents: int) -> Run:
    options = (f"--synchronous={database.synchronous}", f"--documents={documents}")
    command = [*each.command, database.new(), *options]
    done = subprocess.run(command, cwd=mail.HOME, check=True, stdout=subprocess.PIPE)
    return Run(**json.loads(done.stdout))


def mail_results(letters: int, rounds: int) -> list[report.Result]:
    results = []
    with mail.running_sink() as sink, mail.databases() as places:
        for database, new_database in places:
            measured = mail.measured(sink, new_database, letters, rounds)
            runs = {
                name: [Run(one.ms / 1000, one.cpu_ms / 1000, one.versions) for one in of_side]
                for name, of_side in measured.items()
            }
            results += [
                result(database, name, of_side, runs[report.OURS], 1)
                for name, of_side in runs.items()
            ]
    return results


@contextmanager
def databases() -> Iterator[Iterator[Database]]:
    with tempfile.TemporaryDirectory() as folder:
        yield _databases(folder)


def _databases(folder: str) -> Iterator[Database]:
    made = iter(range(1_000_000))
    for synchronous in ("NORMAL", "FULL"):
        yield Database(
            f"SQLite, WAL, synchronous {synchronous}",
            synchronous,
            lambda: f"sqlite:///{folder}/{next(made)}.db",
        )
    try:
        with throwaway_postgres(durable=True) as server:
            yield Database(
                "PostgreSQL, fsync on",
                "FULL",
                lambda: server.create_database(f"engine_{next(made)}"),
            )
    except PostgresUnavailable as error:
        print(f"PostgreSQL is not measured: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
