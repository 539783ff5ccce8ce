"""``python -m bench.mail``: our mail beside its peers', then our own letter by its parts.

All sides send the same letters through the same sink, in turns, each time from a new database.
"""

import argparse
import base64
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from socket import create_connection
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from postgres_server import PostgresUnavailable, throwaway_postgres

HOME = Path(__file__).parent.parent
PEER = HOME / "build" / "bench-peers" / "bin" / "python"
NewDatabase = Callable[[], str]


@dataclass(frozen=True)
class RunningSink:
    port: int
    told_at: int

    def told(self) -> dict[str, Any]:
        """What it took since it was asked before."""
        with create_connection(("127.0.0.1", self.told_at)) as line:
            told: dict[str, Any] = json.loads(line.makefile().read())
            return told


@dataclass(frozen=True)
class Side:
    name: str
    command: tuple[str, ...]
    on_postgresql_only: bool = False

    def is_installed(self) -> bool:
        """A peer that could not be installed is not measured."""
        if self.command[0] == sys.executable:
            return True
        asked = f"import importlib.metadata; importlib.metadata.version({self.name!r})"
        return (
            PEER.exists()
            and not subprocess.run(
                [PEER, "-c", asked], check=False, stderr=subprocess.DEVNULL
            ).returncode
        )


OURS = Side("Countersign", (sys.executable, "-m", "bench.our_mail"))
SIDES = (
    OURS,
    Side("Countersign, two workers", (*OURS.command, "--workers=2"), on_postgresql_only=True),
    Side("django-post_office", (str(PEER), "-m", "bench.post_office")),
    Side("django-mailer", (str(PEER), "-m", "bench.django_mailer")),
)


@dataclass(frozen=True)
class Run:
    ms: float  # a letter
    cpu_ms: float
    words: tuple[str, ...]  # of one letter
    versions: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mail", description=__doc__)
    parser.add_argument("--letters", type=int, default=1000, help="letters a run")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each side")
    options = parser.parse_args()
    console = Console()
    for side in SIDES:
        if not side.is_installed():
            console.print(f"{side.name} is not installed and not measured: see make bench-mail.")
    table = Table(title="queue and deliver one letter, ms")
    for heading in ("database", "side", "median", "least", "CPU", "letters/s", "ratio"):
        table.add_column(heading, justify="left" if heading in {"database", "side"} else "right")
    with running_sink() as sink, databases() as places:
        for database, new_database in places:
            sides = measured(sink, new_database, options.letters, options.rounds)
            for row in rows(database, sides):
                table.add_row(*row)
        console.print(table)
        console.print(own_letter(sink, options.letters))
    console.print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" {os.cpu_count()} cores; ratio = their median over ours: above 1 we are faster."
    )


def measured(
    sink: RunningSink, new_database: NewDatabase, letters: int, rounds: int
) -> dict[str, list[Run]]:
    """In turns, so that a slow moment of the machine meets both."""
    on_postgresql = new_database().startswith("postgresql")
    sides = [
        side
        for side in SIDES
        if side.is_installed() and (on_postgresql or not side.on_postgresql_only)
    ]
    runs: dict[str, list[Run]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            runs[side.name].append(run(side, sink, new_database(), letters))
    words = {run.words for side in runs.values() for run in side}
    if len(words) != 1:
        sys.exit(f"The sides do not send the same letter: {words}")
    return runs


def run(side: Side, sink: RunningSink, url: str, letters: int) -> Run:
    warm_up = 20
    command = [*side.command, url, str(sink.port), f"--letters={letters}", f"--warm-up={warm_up}"]
    done = subprocess.run(command, cwd=HOME, check=True, stdout=subprocess.PIPE)
    told, timed = sink.told(), json.loads(done.stdout)
    if told["letters"] != letters + warm_up:
        sys.exit(f"{side.name}: {told['letters']} letters came, not {letters + warm_up}.")
    return Run(
        ms=timed["seconds"] / letters * 1000,
        cpu_ms=timed["cpu"] / letters * 1000,
        words=words_of(base64.b64decode(told["kept"])),
        versions=timed.get("versions", ""),
    )


def words_of(raw: bytes) -> tuple[str, ...]:
    """Subject, text and HTML as a reader sees them."""
    letter = message_from_bytes(raw.removesuffix(b".\r\n"), policy=policy.default)
    parts = [letter.get_body((kind,)) for kind in ("plain", "html")]
    bodies = [part.get_content().strip() if part else "" for part in parts]
    return (str(letter["Subject"]).strip(), *(body.replace("\r\n", "\n") for body in bodies))


def rows(database: str, sides: dict[str, list[Run]]) -> Iterator[tuple[str, ...]]:
    ours = median(run.ms for run in sides[OURS.name])
    for name, runs in sides.items():
        middle = median(run.ms for run in runs)
        yield (
            database,
            name,
            f"{middle:.2f}",
            f"{min(run.ms for run in runs):.2f}",
            f"{median(run.cpu_ms for run in runs):.2f}",
            f"{1000 / middle:.0f}",
            "" if name == OURS.name else f"{middle / ours:.2f}",
        )


def own_letter(sink: RunningSink, letters: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/parts.db"
        command = [*OURS.command, url, str(sink.port), "--by-parts", f"--letters={letters}"]
        done = subprocess.run(command, cwd=HOME, check=True, stdout=subprocess.PIPE)
    parts = json.loads(done.stdout)
    told = ", ".join(f"{part} {spent / letters * 1000:.2f}" for part, spent in parts.items())
    return f"Our own letter ({sink.told()['bytes'] // letters:,} bytes), ms: {told}"


@contextmanager
def running_sink() -> Iterator[RunningSink]:
    command = [sys.executable, "-m", "bench.sink"]
    with subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdout is not None
        try:
            yield RunningSink(*map(int, sink.stdout.readline().split()))
        finally:
            sink.terminate()


@contextmanager
def databases() -> Iterator[Iterator[tuple[str, NewDatabase]]]:
    with tempfile.TemporaryDirectory() as folder:
        yield _databases(folder)


def _databases(folder: str) -> Iterator[tuple[str, NewDatabase]]:
    made = iter(range(1_000_000))
    yield "SQLite, WAL, synchronous FULL", lambda: f"sqlite:///{folder}/{next(made)}.db"
    try:
        with throwaway_postgres(durable=True) as server:
            yield "PostgreSQL, fsync on", lambda: server.create_database(f"mail_{next(made)}")
    except PostgresUnavailable as error:
        print(f"PostgreSQL is not measured: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
