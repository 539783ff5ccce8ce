"""Overdue requests and their reminders."""

from datetime import timedelta

import pytest

from people import Story, only, order
from workflow.calendars import OFFICE, WorkingCalendar
from workflow.events import ApprovalOverdue, DelegationFailed, RequestEscalated
from workflow.options import BC
from workflow.overdue import follow_up, is_due_for_reminder, remind


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


@pytest.mark.parametrize(("days_back", "again"), [(1, 0), (6, 0), (7, 0), (8, 1)], ids=str)
def test_a_clock_that_is_set_back_repeats_no_reminder_unless_it_ran_wild(late, days_back, again):
    late.today += timedelta(days=20)
    assert reminded(late)
    late.today -= timedelta(days=days_back)

    assert len(reminded(late)) == again


# --- escalation ----------------------------------------------------------------------------


def run(story, days=1, calendar=OFFICE):
    """The daily run on each of the next days; what it told on the last one."""
    for _ in range(days):
        story.today += timedelta(days=1)
        events = follow_up(story.by("SYSTEM", background=True), calendar)
    return events


@pytest.mark.parametrize(("escalation", "day"), [("1", 1), ("2", 2), ("4", 4), ("5", 7), ("6", 8)])
def test_who_does_not_answer_his_reminders_is_told_of_after_so_many_working_days(escalation, day):
    story = Story(escalation=escalation)
    story.send()  # on Monday, due the same day
    quiet = [event for _ in range(day - 1) for event in run(story)]

    assert not [event for event in quiet if isinstance(event, RequestEscalated)]
    escalated = only(RequestEscalated, run(story))
    assert escalated.working_days == int(escalation)
    assert (escalated.superior, escalated.tell) == ("CID", ("CID", "EVA", "FINN"))
    assert not escalated.handed_over


def test_closed_days_do_not_count(story):
    story.send()
    wednesday = story.today + timedelta(days=2)
    calendar = WorkingCalendar(closed={wednesday})
    told = [type(event) for _ in range(3) for event in run(story, calendar=calendar)]

    assert told.count(RequestEscalated) == 1
    assert isinstance(told[-1], type)
    assert story.document.run.entries[1].escalated_on == wednesday + timedelta(days=1)


def test_an_entry_escalates_once_also_when_it_was_handed_over(story):
    story.send()
    only(RequestEscalated, run(story, days=2))
    story.delegate("BOB")

    assert [type(event) for event in run(story, days=5)] == [ApprovalOverdue]


def test_every_stage_escalates_for_itself():
    story = Story(order(5000))
    story.send()
    run(story, days=2)
    story.approve("BOB")
    story.today += timedelta(days=4)  # Cid is asked, due today: a Sunday

    escalated = only(RequestEscalated, run(story))
    assert (escalated.entry.approver, escalated.superior) == ("CID", "")
    assert escalated.tell == ("EVA", "FINN")


def test_escalating_gives_nobody_the_right_to_decide(story):
    story.send()
    before = story.entries
    run(story, days=2)

    assert story.entries == before
    assert story.asked == ["BOB"]


@pytest.mark.parametrize(
    ("changes", "editors", "tell"),
    [
        ({"approver": "ANN"}, frozenset(), ("EVA", "FINN")),  # who asked
        ({"approver": "CID"}, frozenset({"CID"}), ("EVA", "FINN")),  # who wrote the document
        ({"approver": ""}, frozenset(), ("EVA", "FINN")),
        ({"approver": "GONE"}, frozenset(), ("EVA", "FINN")),
        ({"approver": "EVA"}, frozenset(), ("EVA", "FINN")),  # once
    ],
)
def test_it_is_never_told_to_the_requester_or_an_editor(story, changes, editors, tell):
    story.send()
    story.setup.change("BOB", **changes)
    story.document.editors = editors

    assert only(RequestEscalated, run(story, days=2)).tell == tell


def test_an_administrator_who_asks_hears_nothing_of_his_own_request():
    story = Story()
    story.setup.change("EVA", approver="BOB")
    story.send("EVA")

    assert only(RequestEscalated, run(story, days=2)).tell == ("CID", "FINN")


@pytest.mark.parametrize("choice", [{"escalation": "off"}, {"options": BC}])
def test_a_workflow_may_escalate_nothing(choice):
    story = Story(**choice)
    story.send()

    assert not [event for event in run(story, days=20) if isinstance(event, RequestEscalated)]


@pytest.mark.parametrize("nonsense", ["0", "-1", "on", "100", "2.5", ""])
def test_an_escalation_that_makes_no_sense_is_refused(nonsense):
    with pytest.raises(ValueError, match="escalation is off or a number of working days"):
        Story(escalation=nonsense)


def test_of_an_approver_who_left_the_setup_nobody_says_that_he_does_not_answer(story):
    story.send()
    del story.setup.people["BOB"]

    assert [type(event) for event in run(story, days=4)] == [DelegationFailed]
