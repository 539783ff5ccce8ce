"""Overdue requests and their reminders."""

from datetime import timedelta

import pytest

from people import MONDAY, Story, actor, only
from workflow.events import ApprovalOverdue, DelegationFailed
from workflow.options import BC
from workflow.overdue import is_due_for_reminder, is_working_day, remind


@pytest.fixture
def late(story):
    story.send()  # due the same day
    story.today += timedelta(days=1)
    return story


def ripe(story):
    return [e for e in story.document.run.entries if is_due_for_reminder(e, story.by("X").actor)]


def reminded(story):
    case = story.by("SYSTEM", background=True)
    return [event for entry in ripe(story) for event in remind(case, entry)]


def test_an_open_request_past_its_due_date_is_reminded_of(late):
    reminder = only(ApprovalOverdue, reminded(late))

    assert (reminder.tell, reminder.days_overdue) == (("BOB",), 1)


def test_a_request_due_today_is_still_in_time(story):
    story.send()

    assert ripe(story) == []


def test_there_is_one_reminder_a_day(late):
    assert reminded(late)
    assert reminded(late) == []
    late.today += timedelta(days=1)
    assert only(ApprovalOverdue, reminded(late)).days_overdue == 2


def test_a_decided_request_is_not_reminded_of(late):
    late.approve("BOB")

    assert ripe(late) == []


def test_an_approver_who_left_the_setup_cannot_answer_and_the_administrators_hear_of_it(late):
    del late.setup.people["BOB"]

    failed = only(DelegationFailed, reminded(late))
    assert failed.tell == ("EVA", "FINN")
    assert "BOB is not in the approval user setup any more" in failed.why


def test_in_business_central_an_approver_who_left_the_setup_is_passed_over():
    story = Story(options=BC)
    story.send()
    story.today += timedelta(days=1)
    del story.setup.people["BOB"]

    assert reminded(story) == []


@pytest.mark.parametrize("days", range(7))
def test_saturday_and_sunday_are_no_working_days(days):
    assert is_working_day(actor(day=MONDAY + timedelta(days=days))) is (days < 5)
