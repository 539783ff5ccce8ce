"""One of any number of workers on one PostgreSQL database: woken by jobs, and behind them by time.

It says every few seconds that it lives. What a worker that died had begun, the others take over.
"""

import logging
import threading
from contextlib import suppress
from typing import Final, Self

from sqlalchemy.exc import SQLAlchemyError

from app.bootstrap import Application
from app.chores import DELEGATION, OVERDUE, PURGE_EVERY, RETENTION, Chores
from db.job_queue import BEAT_EVERY, Work, run_jobs
from db.waking import MAIL, MAILBOX, RUNS, WEBHOOKS

EVERY_30_SECONDS: Final = "* * * * * */30"
EVERY_MINUTE: Final = "* * * * * 5"
LINGER: Final = 2.0  # seconds, for the next letter on a connection that is open
log: Final = logging.getLogger(__name__)


class ScaledWorker(Chores):
    """Works in the background while the `with` block runs; leaving it waits for what was begun."""

    def __init__(self, application: Application) -> None:
        super().__init__(application)
        self.owner = self._kept.owner
        url = application.settings.database_url
        works = (
            Work(name=MAIL, do=self._deliver_all, cron=EVERY_30_SECONDS),
            Work(name=WEBHOOKS, do=self.post_webhooks, cron=EVERY_30_SECONDS),
            Work(name=RUNS, do=self._run_what_is_due, cron=EVERY_MINUTE),
            Work(name=MAILBOX, do=self.receive, cron=EVERY_MINUTE, alone=True),
        )
        self._threads = (
            threading.Thread(target=run_jobs, args=(url, works, self._stopping), name="jobs"),
            threading.Thread(target=self._keep_beating, name="beats"),
        )

    def __enter__(self) -> Self:
        for noisy in ("procrastinate", "psycopg.pool"):  # they would tell of every job
            logging.getLogger(noisy).setLevel(logging.ERROR)
        with suppress(SQLAlchemyError):  # the next beat comes soon
            self._application.workers.beat(self.owner)
            self._application.workers.wake_all()  # at once, not when time comes round
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        with suppress(SQLAlchemyError):  # without a database there is nothing to give back
            self._kept.close()
            self._application.workers.forget(self.owner)

    def _deliver_all(self) -> None:
        """Until nothing is left. Connections may be few: it leaves none open to others' cost."""
        while self.deliver() and not self._stopping.wait(LINGER):
            pass
        self._kept.close()

    def _run_what_is_due(self) -> None:
        if self.is_turn(OVERDUE):
            self.remind()
        if self.is_turn(DELEGATION):
            self.hand_over()
        if self.is_turn(RETENTION, every=PURGE_EVERY):
            self.purge()

    def _keep_beating(self) -> None:
        while not self._stopping.wait(BEAT_EVERY):
            try:
                self._application.workers.beat(self.owner)
                for dead in self._application.workers.free_what_the_dead_left():
                    log.warning("A worker died; its work is taken over.", extra={"worker": dead})
            except SQLAlchemyError as error:
                log.warning("The database does not answer: %s", error)
