"""How long is kept what nobody needs any more; who decided what, and when, is kept for ever.

Nothing goes before somebody sets a period. Approval entries, comments and events prove decisions:
no period concerns them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from workflow.date_formulas import DateFormula
from workflow.errors import WorkflowError

PERIOD: Final = re.compile(r"[1-9][0-9]{0,3}[DWMY]")
_SHORTEST_MONTH_BEFORE: Final = date(2025, 3, 1)  # so that 1M is never less than it seems


class Records(StrEnum):
    """What may go, in the order in which it does."""

    LETTERS = "letters"  # text and attachments of emails that are done with
    EMAILS = "emails"  # those emails themselves, with their attempts and notifications
    WEBHOOKS = "webhooks"  # deliveries that are done with
    API_ANSWERS = "api_answers"  # given again when a program repeats a step
    SESSIONS = "sessions"  # of people at the pages, and what was counted of wrong passwords
    DOCUMENTS = "documents"  # released ones to which nothing happened since


LEAST: Final[Mapping[Records, timedelta]] = {
    Records.LETTERS: timedelta(days=7),  # as Business Central keeps sent emails
    Records.EMAILS: timedelta(days=28),  # answers and bounces come as late as that
    Records.WEBHOOKS: timedelta(days=7),
    Records.API_ANSWERS: timedelta(days=7),  # what the API promises
    Records.SESSIONS: timedelta(days=2),  # longer than one lasts
    Records.DOCUMENTS: timedelta(days=365),
}
# Secrets and copies are no records: they go without a trace.
NOT_ARCHIVED: Final = frozenset({Records.API_ANSWERS, Records.SESSIONS})


class BadPeriod(WorkflowError):
    code = "BAD_PERIOD"
    template = "{} cannot be kept for {!r}."
    advice = "Write for example 90D, 6M or 7Y; empty is for ever."


class PeriodTooShort(WorkflowError):
    code = "PERIOD_TOO_SHORT"
    template = "{} must be kept for {} days at least; {} is shorter."


class NoRetention(WorkflowError):
    code = "NO_RETENTION"
    template = "Nothing is set to go: everything is kept for ever."
    advice = "Say for how long, for example `countersign retention set letters=1Y emails=7Y`."


class ArchiveNotWritable(WorkflowError):
    code = "ARCHIVE_NOT_WRITABLE"
    template = "The archive {} cannot be written: {}"
    advice = "Name a folder with --to or COUNTERSIGN_ARCHIVE_FOLDER; nothing was deleted."


@dataclass(frozen=True, kw_only=True)
class RetentionPolicy:
    """For how long each is kept; empty: for ever."""

    letters: str = ""
    emails: str = ""
    webhooks: str = ""
    api_answers: str = ""
    sessions: str = ""
    documents: str = ""

    def __post_init__(self) -> None:
        """
        Raises:
            BadPeriod, PeriodTooShort
        """
        for one in fields(self):
            _check(Records(one.name), getattr(self, one.name))

    def cutoffs(self, today: date) -> dict[Records, datetime]:
        """Before which moment each goes; what is kept for ever is not among them."""
        periods = {records: getattr(self, records.value) for records in Records}
        return {
            records: datetime.combine(_earlier(today, period), time(), tzinfo=UTC)
            for records, period in periods.items()
            if period
        }


@dataclass(frozen=True, kw_only=True)
class ArchiveFile:
    """What was written of a batch before it was deleted."""

    name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What was deleted in one transaction; the file is empty where nothing is archived."""

    number: int
    records: Records
    before: datetime
    rows: int
    file: str
    sha256: str
    at: datetime
    actor: str


Row = Mapping[str, Any]
Key = int | str


def _check(records: Records, period: str) -> None:
    if not period:
        return
    if not PERIOD.fullmatch(period):
        raise BadPeriod(records.value, period)
    kept = _SHORTEST_MONTH_BEFORE - _earlier(_SHORTEST_MONTH_BEFORE, period)
    if kept < LEAST[records]:
        raise PeriodTooShort(records.value, LEAST[records].days, period)


def _earlier(day: date, period: str) -> date:
    return DateFormula.parse(f"-{period}").apply(day)
