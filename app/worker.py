"""The work that nobody waits for, done by itself: mail every few seconds, the daily runs hourly.

What is due is found by query, so that a worker may start, stop and die at any moment: the next
one goes on where it was.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from apscheduler.schedulers.background import BackgroundScheduler

from app.bootstrap import Application
from app.chores import (
    DELEGATION,
    OVERDUE,
    PURGE_EVERY,
    RETENTION,
    RUNS_EVERY,
    Chores,
    purge_if_possible,
    receive,
    remind_if_wanted,
)
from app.passes import MailReport, deliver, hand_over, post_webhooks
from app.receiving import TakenIn
from app.retention import Purged
from app.scaled_worker import ScaledWorker
from app.stopping import stop_asked
from notifications.webhook_delivery import WebhookReport
from workflow.service.running import RunReport

MAIL_EVERY: Final = timedelta(seconds=2)
WEBHOOKS_EVERY: Final = timedelta(seconds=5)
MAILBOX_EVERY: Final = timedelta(minutes=1)
AT_ONCE: Final = timedelta(0)
LOOK_EVERY: Final = 0.5  # seconds; some systems deliver signals only between waits


@dataclass(frozen=True, kw_only=True)
class WorkReport:
    """What one pass over everything did."""

    received: list[TakenIn]
    mailbox_trouble: str  # empty: none
    reminded: RunReport
    handed_over: RunReport
    mail: MailReport
    webhooks: WebhookReport
    purged: Purged
    archive_trouble: str  # empty: none


def run_worker(
    application: Application,
    *,
    once: bool = False,
    beside: AbstractContextManager[object] | None = None,
) -> WorkReport | None:
    """Work until SIGTERM or Ctrl-C; or do everything *once* and report.

    What runs *beside* it begins before it and ends after it.

    Raises:
        SchemaOutdated
    """
    if once:
        return work_once(application)
    with stop_asked() as asked, beside or nullcontext(), worker_of(application):
        application.say("Working. Ctrl-C ends it.")
        while not asked.wait(LOOK_EVERY):
            pass
    application.say("Stopped.")
    return None


def work_once(application: Application) -> WorkReport:
    """The runs first, so that their mail goes out with the rest."""
    received, trouble = receive(application)
    reminded, handed_over = remind_if_wanted(application), hand_over(application)
    mail, webhooks = deliver(application), post_webhooks(application)
    purged, archive_trouble = purge_if_possible(application)
    return WorkReport(
        received=received,
        mailbox_trouble=trouble,
        reminded=reminded,
        handed_over=handed_over,
        mail=mail,
        webhooks=webhooks,
        purged=purged,
        archive_trouble=archive_trouble,
    )


def worker_of(application: Application) -> AbstractContextManager[object]:
    """On PostgreSQL one of any number, woken by jobs; on SQLite the only one, which looks itself.

    Raises:
        SchemaOutdated
    """
    scaled = application.engine.dialect.name == "postgresql"
    return ScaledWorker(application) if scaled else Worker(application)


class Worker(Chores):
    """Works in the background while the `with` block runs; leaving it waits for what was begun."""

    def __enter__(self) -> Self:
        _ = self._application.engine  # refuses tables of another version before anything starts
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it would tell of every pass
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._every(MAIL_EVERY, self.deliver)
        self._every(WEBHOOKS_EVERY, self.post_webhooks)
        self._every(MAILBOX_EVERY, self.receive)
        self._every(RUNS_EVERY, self._remind)
        self._every(RUNS_EVERY, self._hand_over)
        self._every(PURGE_EVERY, self._purge)
        self._scheduler.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        self._kept.close()

    def _remind(self) -> None:
        self.is_turn(OVERDUE, every=AT_ONCE)
        self.remind()

    def _hand_over(self) -> None:
        self.is_turn(DELEGATION, every=AT_ONCE)
        self.hand_over()

    def _purge(self) -> None:
        self.is_turn(RETENTION, every=AT_ONCE)
        self.purge()

    def _every(self, interval: timedelta, job: Callable[[], object]) -> None:
        # What a job raises is logged by the scheduler, and the others go on.
        self._scheduler.add_job(
            job,
            "interval",
            seconds=interval.total_seconds(),
            next_run_time=datetime.now(UTC),
            name=job.__name__,
        )
