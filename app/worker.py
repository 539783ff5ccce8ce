"""The work that nobody waits for, done by itself: mail every few seconds, the daily runs hourly.

What is due is found by query, so that a worker may start, stop and die at any moment: the next
one goes on where it was.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any, Final, Self

from apscheduler.schedulers.background import BackgroundScheduler

from app.bootstrap import Application
from app.kept_connections import KeptConnection
from app.passes import MailReport, deliver, hand_over, post_webhooks, remind
from app.receiving import TakenIn, read_mailbox
from app.retention import Purged, purge
from app.stopping import Stopping, never
from notifications.received.mailbox import MailboxError
from notifications.webhook_delivery import WebhookReport
from workflow.errors import NoOverdueWorkflow
from workflow.retention import ArchiveNotWritable
from workflow.service.running import RunReport

MAIL_EVERY: Final = timedelta(seconds=2)
WEBHOOKS_EVERY: Final = timedelta(seconds=5)
MAILBOX_EVERY: Final = timedelta(minutes=1)
RUNS_EVERY: Final = timedelta(hours=1)
PURGE_EVERY: Final = timedelta(days=1)
PAUSE: Final = timedelta(minutes=1)  # after trouble with the mail server or the account
LOOK_EVERY: Final = 0.5  # seconds; some systems deliver signals only between waits

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
log: Final = logging.getLogger(__name__)


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


def run_worker(application: Application, *, once: bool = False) -> WorkReport | None:
    """Work until SIGTERM or Ctrl-C; or do everything *once* and report.

    Raises:
        SchemaOutdated
    """
    if once:
        return work_once(application)
    with stop_asked() as asked, Worker(application):
        application.say("Working. Ctrl-C ends it.")
        while not asked.wait(LOOK_EVERY):
            pass
    application.say("Stopped.")
    return None


def work_once(application: Application) -> WorkReport:
    """The runs first, so that their mail goes out with the rest."""
    received, trouble = _receive(application)
    reminded, handed_over = _remind(application), hand_over(application)
    mail, webhooks = deliver(application), post_webhooks(application)
    purged, archive_trouble = _purge(application)
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


class Worker:
    """Works in the background while the `with` block runs; leaving it waits for what was begun."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._stopping = threading.Event()
        self._mail_rests_until = 0.0  # by a clock that nobody sets back
        self._told: frozenset[str] = frozenset()  # what was said already
        self._kept = KeptConnection(application)
        # Or the mail would go out when a person has been reminded of half of what is late.
        self._one_at_a_time = threading.Lock()

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
        self._every(RUNS_EVERY, self.remind)
        self._every(RUNS_EVERY, self.hand_over)
        self._every(PURGE_EVERY, self.purge)
        self._scheduler.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        self._kept.close()

    def _every(self, interval: timedelta, job: Callable[[], None]) -> None:
        self._scheduler.add_job(
            job,
            "interval",
            seconds=interval.total_seconds(),
            next_run_time=datetime.now(UTC),
            name=job.__name__,
        )

    # --- jobs: what they raise is logged by the scheduler, and the others go on ---------------

    def deliver(self) -> None:
        if time.monotonic() < self._mail_rests_until:
            return
        with self._one_at_a_time:
            report = deliver(self._application, self._stopping.is_set, self._kept)
            self._kept.after(report.delivery)
        trouble = report.delivery.stopped
        if trouble and not self._stopping.is_set():  # a server in trouble is left alone for a while
            self._mail_rests_until = time.monotonic() + PAUSE.total_seconds()
        self._say_once(report.problems, [trouble] if trouble else [])

    def post_webhooks(self) -> None:
        post_webhooks(self._application, self._stopping.is_set)

    def receive(self) -> None:
        received, trouble = _receive(self._application, self._stopping.is_set)
        if trouble:
            log.warning("%s", trouble)
        for mail in received:
            log.info("%s: %s", mail.source, mail.text)

    def remind(self) -> None:
        with self._one_at_a_time:
            report = _remind(self._application)
        _log_refusals(report)

    def hand_over(self) -> None:
        _log_refusals(hand_over(self._application))

    def purge(self) -> None:
        purged, trouble = _purge(self._application, self._stopping.is_set)
        if trouble:
            log.warning("%s", trouble)
        for records, count in purged.rows.items():
            log.info("%s archived and deleted: %s", count, records)

    def _say_once(self, problems: Sequence[str], troubles: Sequence[str]) -> None:
        """What is said by every pass is said by the first."""
        for problem in problems:
            if problem not in self._told:
                log.error("%s", problem)
        for trouble in troubles:
            if trouble not in self._told and not self._stopping.is_set():
                log.warning("%s", trouble)
        self._told = frozenset((*problems, *troubles))


def _receive(application: Application, stopping: Stopping = never) -> tuple[list[TakenIn], str]:
    """Trouble with the mailbox must not keep other work from being done; it is told afterwards."""
    try:
        return read_mailbox(application, stopping), ""
    except MailboxError as error:
        return [], str(error)


def _remind(application: Application) -> RunReport:
    """A company that wants no overdue notices gets none."""
    try:
        return remind(application)
    except NoOverdueWorkflow:
        return RunReport(done=0)


def _purge(application: Application, stopping: Stopping = never) -> tuple[Purged, str]:
    """Only what somebody said may go; without an archive nothing does."""
    try:
        return purge(application, stopping=stopping), ""
    except ArchiveNotWritable as error:
        return Purged(), str(error)


def _log_refusals(report: RunReport) -> None:
    for refusal in report.refused:
        log.warning("%s: %s", refusal.document, refusal.error)


@contextmanager
def stop_asked() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set; a second one ends the process as usual."""
    asked = threading.Event()
    before: dict[signal.Signals, Any] = {}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked.set()
        restore()

    for number in STOP_SIGNALS:
        before[number] = signal.signal(number, stop)
    try:
        yield asked
    finally:
        restore()
