"""Waking the workers from within the transaction that gives them something to do."""

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection

from db.job_queue import enqueue

MAIL: Final = "mail"
WEBHOOKS: Final = "webhooks"
RUNS: Final = "runs"
MAILBOX: Final = "mailbox"
ASKED_FOR: Final = "asked for"
IN_CASE: Final = "in case"


def wake(connection: Connection, *names: str) -> None:
    """Have workers do it as soon as the transaction is committed; not when it is undone.

    On SQLite the one worker looks by itself, every few seconds.
    """
    connection.info.setdefault(ASKED_FOR, set()).update(names)


def wake_if(connection: Connection, changed: Callable[[], int], *names: str) -> None:
    """The same where rows turn out to be changed; the answer is awaited no sooner than needed."""
    connection.info.setdefault(IN_CASE, []).append((changed, names))


def enqueue_at_commit(engine: sa.Engine) -> None:
    """The jobs are part of the transaction, and the last thing in it."""

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.info.pop(ASKED_FOR, None)
        connection.info.pop(IN_CASE, None)

    @event.listens_for(engine, "commit")
    def committing(connection: Connection) -> None:
        names: set[str] = connection.info.pop(ASKED_FOR, set())
        for changed, more in connection.info.pop(IN_CASE, ()):
            names.update(more if changed() else ())
        if names:
            driver: Any = connection.connection.driver_connection
            enqueue(driver, sorted(names))
