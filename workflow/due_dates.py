"""Due dates: by when an approver should decide, and from when on somebody else is asked.

All of them count in days of the company's calendar; `today_in` says which day it is there.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from workflow.date_formulas import DateFormula
from workflow.errors import WorkflowError


class NaiveMoment(WorkflowError):
    """A moment was given without its time zone, so nobody can tell when it is."""

    code = "NAIVE_MOMENT"
    template = "{0} has no time zone. Write for example {0}Z."


def local_moment(zone: ZoneInfo, at: datetime) -> datetime:
    """The moment as the clocks in the zone show it."""
    if at.utcoffset() is None:
        raise NaiveMoment(at.isoformat())
    return at.astimezone(zone)


def today_in(zone: ZoneInfo, at: datetime) -> date:
    return local_moment(zone, at).date()


def due_date(formula: DateFormula, today: date) -> date:
    return formula.apply(today)


def is_overdue(due: date, today: date) -> bool:
    return due < today  # due today is still in time


def delegation_due(opened_on: date, formula: DateFormula | None, today: date) -> bool:
    """Whether an entry that has been open since that day is to be handed to the substitute."""
    if formula is None or formula.is_blank:  # "delegate after" is set to never
        return False
    return formula.apply(opened_on) <= today
