"""Waking workers on PostgreSQL, by Procrastinate: a job says that something is due, rows say what.

No job is needed for anything to be done: whatever a job would do is also done when its time comes
round. Nothing is lost with one, and one too many does no harm.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

TRIES: Final = 3
LOOK_EVERY: Final = 0.2  # seconds, whether to stop
POLL_EVERY: Final = 5.0  # seconds, where nobody is notified
BEAT_EVERY: Final = 5.0
DEAD_AFTER: Final = 15.0  # seconds without a beat
AGAIN_AFTER: Final = 5.0  # seconds after trouble with the database
CONNECTIONS: Final = 4
PATIENCE: Final = 5.0  # seconds, for a connection

log: Final = logging.getLogger(__name__)

# Waits for its worker already. It is kept from being begun until this transaction has ended, so
# that whoever does it sees what this transaction did.
_WAITS: Final = (
    "SELECT queueing_lock FROM procrastinate_jobs"
    " WHERE status = 'todo' AND queueing_lock = ANY(%s) FOR KEY SHARE SKIP LOCKED"
)
_PRODUCER: Final = App(connector=SyncPsycopgConnector())


@dataclass(frozen=True, kw_only=True)
class Work:
    """One kind of work, which a job of the same name asks for."""

    name: str
    do: Callable[[], None]
    cron: str  # when it is done without being asked for; seconds come last
    alone: bool = False  # never by two workers at once


def enqueue(connection: psycopg.Connection[Any], names: Sequence[str]) -> None:
    """Ask for work, as part of the connection's transaction; asked for twice it is done once.

    To be called last in the transaction: others that ask for the same wait until it ends.

    Raises:
        OperationalError
    """
    try:
        _enqueue(connection, names)
    except (psycopg.Error, ConnectorException) as error:
        raise sa.exc.OperationalError("ask for work", None, error) from error


def _enqueue(connection: psycopg.Connection[Any], names: Sequence[str]) -> None:
    missing = set(names)
    for _ in range(TRIES):
        waiting = connection.execute(_WAITS, [list(missing)]).fetchall()
        missing -= {name for (name,) in waiting}
        missing -= {name for name in sorted(missing) if _added(connection, name)}
        if not missing:
            return


def _added(connection: psycopg.Connection[Any], name: str) -> bool:
    job = _PRODUCER.configure_task(name, queue=name, queueing_lock=name, connection=connection)
    with suppress(AlreadyEnqueued), connection.transaction():
        job.defer()
        return True
    return False  # somebody else has just added it


def run_jobs(url: str, works: Sequence[Work], stopping: threading.Event) -> None:
    """Do the works when they are asked for, each in a thread of its own, until *stopping*.

    What was begun is finished. After trouble with the database it begins again.
    """
    while not stopping.is_set():
        try:
            asyncio.run(_run(url, works, stopping))
        except Exception as error:  # noqa: BLE001 - whatever it is, other work goes on
            log.warning("The job queue does not answer: %r", error)
        stopping.wait(AGAIN_AFTER)


async def _run(url: str, works: Sequence[Work], stopping: threading.Event) -> None:
    running = asyncio.create_task(_run_workers(_consumer(url, works), works))
    while not stopping.is_set() and not running.done():
        await asyncio.wait([running], timeout=LOOK_EVERY)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def _run_workers(queue: App, works: Sequence[Work]) -> None:
    """One for each work, so that who is busy with it leaves further jobs of it to others."""
    async with queue.open_async():
        tasks = [asyncio.create_task(_worker(queue, work)) for work in works]
        tasks.append(asyncio.create_task(_take_over(queue)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # what it ended with
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _worker(queue: App, work: Work) -> None:
    await queue.run_worker_async(
        queues=[work.name],
        name=work.name,
        concurrency=1,
        fetch_job_polling_interval=POLL_EVERY,
        install_signal_handlers=False,
        delete_jobs="always",
        update_heartbeat_interval=BEAT_EVERY,
        stalled_worker_timeout=DEAD_AFTER,
    )


async def _take_over(queue: App) -> None:
    """Jobs of workers that died are done by others; Procrastinate leaves that to us."""
    while True:
        for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
            try:
                await queue.job_manager.retry_job(job)
            except ConnectorException:  # the same waits already, or somebody was faster
                with suppress(ConnectorException):
                    await queue.job_manager.finish_job(job, Status.FAILED, delete_job=True)
        await asyncio.sleep(BEAT_EVERY)


def _consumer(url: str, works: Sequence[Work]) -> App:
    where = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connector = PsycopgConnector(conninfo=where, min_size=1, max_size=CONNECTIONS, timeout=PATIENCE)
    queue = App(connector=connector)
    for work in works:
        _register(queue, work)
    return queue


def _register(queue: App, work: Work) -> None:
    def do(timestamp: int = 0) -> None:  # noqa: ARG001 - of the tick, where there was one
        work.do()

    lock = work.name if work.alone else None
    task = queue.task(name=work.name, queue=work.name, queueing_lock=work.name, lock=lock)(do)
    queue.periodic(cron=work.cron, periodic_id=work.name)(task)
