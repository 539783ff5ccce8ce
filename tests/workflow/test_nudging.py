"""A requester who waits reminds the approver, once a day."""

from datetime import timedelta

import pytest

from people import Story, only
from workflow.calendars import OFFICE
from workflow.errors import AlreadyReminded, NoNudgeRight, NoRequestToNudge
from workflow.events import RequestNudged
from workflow.nudging import nudge
from workflow.overdue import is_due_for_reminder


@pytest.fixture
def waiting():
    story = Story()
    story.send()
    return story


def test_the_requester_reminds_whoever_has_the_request(waiting):
    nudged = only(RequestNudged, nudge(waiting.by("ANN")))

    assert (nudged.tell, nudged.entry.approver, nudged.actor) == (("BOB",), "BOB", "ANN")


def test_an_administrator_may_remind_too(waiting):
    assert only(RequestNudged, nudge(waiting.by("EVA"))).tell == ("BOB",)


@pytest.mark.parametrize("who", ["BOB", "CID", "NOBODY"])
def test_nobody_else_may(waiting, who):
    with pytest.raises(NoNudgeRight):
        nudge(waiting.by(who))


def test_a_second_time_on_the_same_day_is_refused_and_the_next_day_is_not(waiting):
    nudge(waiting.by("ANN"))
    with pytest.raises(AlreadyReminded, match="BOB"):
        nudge(waiting.by("EVA"))
    waiting.today += timedelta(days=1)
    assert nudge(waiting.by("ANN"))


def test_one_reminder_a_day_whoever_it_comes_from(waiting):
    waiting.today += timedelta(days=1)  # overdue
    nudge(waiting.by("ANN"))
    entries = waiting.document.run.entries
    case = waiting.by("X")
    assert not any(is_due_for_reminder(case, entry, OFFICE) for entry in entries)


def test_there_is_nobody_to_remind_before_and_after_the_request(waiting):
    waiting.cancel()
    with pytest.raises(NoRequestToNudge):
        nudge(waiting.by("ANN"))


def test_an_approver_who_left_the_setup_is_not_reminded(waiting):
    del waiting.setup.people["BOB"]
    with pytest.raises(NoRequestToNudge):
        nudge(waiting.by("ANN"))
