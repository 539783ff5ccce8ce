"""What a worker does, whatever wakes it: mail, webhooks, the mailbox and the runs."""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from app.bootstrap import Application
from app.kept_connections import KeptConnections
from app.passes import deliver, hand_over, post_webhooks, remind_of_all
from app.receiving import TakenIn, read_mailbox
from app.retention import Purged, purge
from app.stopping import Stopping, never
from notifications.mail_setup import MailSetup
from notifications.received.mailbox import MailboxError
from workflow.errors import NoOverdueWorkflow
from workflow.retention import ArchiveNotWritable
from workflow.service.running import RunReport

PAUSE: Final = timedelta(minutes=1)  # after trouble with the mail server or the account
RUNS_EVERY: Final = timedelta(hours=1)
PURGE_EVERY: Final = timedelta(days=1)
OVERDUE: Final = "overdue"
DELEGATION: Final = "delegation"
RETENTION: Final = "retention"
log: Final = logging.getLogger(__name__)


class Chores:
    """Each may be done at any time, by several workers at once: the tables say what is due."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._stopping = threading.Event()
        self._mail_rests_until = 0.0  # by a clock that nobody sets back
        self._troubled_setup: MailSetup | None = None
        self._told: frozenset[str] = frozenset()  # what was said already
        self._kept = KeptConnections(application)
        # Or the mail would go out when a person has been reminded of half of what is late.
        self._one_at_a_time = threading.Lock()

    def deliver(self) -> bool:
        """Whether there may be more very soon: something was sent, or has to wait a little."""
        if self._mail_rests():
            return False
        with self._one_at_a_time:
            report = deliver(self._application, self._stopping.is_set, self._kept)
        trouble = report.delivery.stopped
        if trouble and not self._stopping.is_set():  # a server in trouble is left alone for a while
            self._mail_rests_until = time.monotonic() + PAUSE.total_seconds()
            self._troubled_setup = self._application.mail_setups.load()
        self._say_once(report.problems, [trouble] if trouble else [])
        return not trouble and bool(report.delivery.sent or report.delivery.waits)

    def post_webhooks(self) -> None:
        post_webhooks(self._application, self._stopping.is_set, owner=self._kept.owner)

    def receive(self) -> None:
        received, trouble = receive(self._application, self._stopping.is_set)
        if trouble:
            log.warning("%s", trouble)
        for mail in received:
            log.info("%s: %s", mail.source, mail.text)

    def remind(self) -> None:
        with self._one_at_a_time:
            report = remind_if_wanted(self._application, self._stopping.is_set)
        self._has_run(OVERDUE)
        _log_refusals(report)

    def purge(self) -> None:
        purged, trouble = purge_if_possible(self._application, self._stopping.is_set)
        self._has_run(RETENTION)
        if trouble:
            log.warning("%s", trouble)
        for records, count in purged.rows.items():
            log.info("%s archived and deleted: %s", count, records)

    def hand_over(self) -> None:
        report = hand_over(self._application)
        self._has_run(DELEGATION)
        _log_refusals(report)

    def is_turn(self, name: str, *, every: timedelta = RUNS_EVERY) -> bool:
        """Whether this worker makes the run now, and no other."""
        return self._application.background_runs.begin(
            name, owner=self._kept.owner, now=self._application.clock(), every=every
        )

    def _has_run(self, name: str) -> None:
        runs, now = self._application.background_runs, self._application.clock()
        runs.finish(name, owner=self._kept.owner, now=now)

    def _mail_rests(self) -> bool:
        """Not when the mail setup was changed: that may be what it waited for."""
        if time.monotonic() >= self._mail_rests_until:
            return False
        return self._application.mail_setups.load() == self._troubled_setup

    def _say_once(self, problems: Sequence[str], troubles: Sequence[str]) -> None:
        """What is said by every pass is said by the first."""
        for problem in problems:
            if problem not in self._told:
                log.error("%s", problem)
        for trouble in troubles:
            if trouble not in self._told and not self._stopping.is_set():
                log.warning("%s", trouble)
        self._told = frozenset((*problems, *troubles))


def receive(application: Application, stopping: Stopping = never) -> tuple[list[TakenIn], str]:
    """Trouble with the mailbox must not keep other work from being done; it is told afterwards."""
    try:
        return read_mailbox(application, stopping), ""
    except MailboxError as error:
        return [], str(error)


def remind_if_wanted(application: Application, stopping: Stopping = never) -> RunReport:
    """A company that wants no reminders gets none."""
    try:
        return remind_of_all(application, stopping=stopping)
    except NoOverdueWorkflow:
        return RunReport(done=0)


def purge_if_possible(application: Application, stopping: Stopping = never) -> tuple[Purged, str]:
    """Only what somebody said may go; without an archive nothing does."""
    try:
        return purge(application, stopping=stopping), ""
    except ArchiveNotWritable as error:
        return Purged(), str(error)


def _log_refusals(report: RunReport) -> None:
    for refusal in report.refused:
        facts = {"document": str(refusal.document)}
        log.warning("%s: %s", refusal.document, refusal.error, extra=facts)
