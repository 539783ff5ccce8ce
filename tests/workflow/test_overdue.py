"""Overdue requests and their reminders."""

from datetime import timedelta

import pytest

from people import Story, only, order
from workflow.calendars import OFFICE, WorkingCalendar
from workflow.events import ApprovalDueSoon, ApprovalOverdue, DelegationFailed, RequestEscalated
from workflow.nudging import nudge
from workflow.options import BC
from workflow.overdue import follow_up, look_ahead


@pytest.fixture
def late(story):
    story.send()  # due the same day
    story.today += timedelta(days=1)
    return story


def reminded(story, calendar=OFFICE):
    """What the daily run tells of lateness, apart from escalations."""
    events = follow_up(story.by("SYSTEM", background=True), calendar)
    return [event for event in events if not isinstance(event, RequestEscalated)]


def test_an_open_request_past_its_due_date_is_reminded_of(late):
    reminder = only(ApprovalOverdue, reminded(late))

    assert (reminder.tell, reminder.days_overdue) == (("BOB",), 1)


def test_a_request_due_today_is_still_in_time(story):
    story.send()

    assert reminded(story) == []


@pytest.mark.parametrize(
    ("reminders", "days"),
    [
        ("-1,0,1,3,7", [1, 3, 9]),  # from Monday; the 7th working day is the Wednesday after next
        ("daily", [1, 2, 3, 4, 7, 8, 9, 10, 11]),
        ("off", []),
        ("0", []),
        ("2", [2]),
    ],
)
def test_each_working_day_of_the_cadence_reminds_once_and_then_never_again(reminders, days):
    story = Story(reminders=reminders)
    story.send()  # on Monday, due the same day
    told = []
    for day in range(1, 12):
        story.today += timedelta(days=1)
        if OFFICE.is_working_day(story.today):
            told += [day for _ in range(2) if reminded(story)]

    assert told == days


def test_a_run_after_days_of_downtime_reminds_once(story):
    story.send()
    story.today += timedelta(days=4)

    assert only(ApprovalOverdue, reminded(story)).days_overdue == 4
    assert reminded(story) == []


def test_whoever_takes_over_a_late_request_is_reminded_from_then_on(late):
    late.today += timedelta(days=14)
    late.delegate("BOB")

    assert reminded(late) == []
    late.today += timedelta(days=1)
    assert only(ApprovalOverdue, reminded(late)).tell == ("DEE",)


def test_a_decided_request_is_not_reminded_of(late):
    late.approve("BOB")

    assert reminded(late) == []


def test_an_approver_who_left_the_setup_cannot_answer_and_the_administrators_hear_of_it_daily(late):
    del late.setup.people["BOB"]

    for _ in range(3):
        failed = only(DelegationFailed, reminded(late))
        late.today += timedelta(days=1)
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


# --- before it is due ----------------------------------------------------------------------


def ahead(story, calendar=OFFICE):
    return look_ahead(story.by("SYSTEM", background=True), calendar)


@pytest.fixture
def soon():
    """Sent on Monday, due on Friday."""
    story = Story(due="4D")
    story.send()
    return story


def test_who_has_not_answered_is_reminded_the_working_day_before_and_on_the_day(soon):
    told = []
    for _ in range(5):
        told += [(soon.today.isoweekday(), event.days_left) for _ in "12" for event in ahead(soon)]
        soon.today += timedelta(days=1)

    assert told == [(4, 1), (5, 0)]


def test_the_reminder_says_what_follows_without_an_answer():
    story = Story(due="4D", delegate_after="6D")
    story.send()
    story.today += timedelta(days=4)

    (reminder,) = ahead(story)
    assert reminder.tell == ("BOB",)
    assert reminder.escalated_on == story.today + timedelta(days=4)  # Tuesday
    assert reminder.handed_over_on == story.today + timedelta(days=2)


def test_a_due_date_on_a_closed_day_is_reminded_of_on_the_last_day_that_is_worked(soon):
    friday = soon.today + timedelta(days=4)
    calendar = WorkingCalendar(closed={friday})
    told = []
    for _ in range(4):
        told += [soon.today.isoweekday() for _ in ahead(soon, calendar)]
        soon.today += timedelta(days=1)

    assert told == [3, 4]


def test_who_was_asked_within_those_days_is_not_reminded_on_the_same_day():
    story = Story(due="1D")
    story.send()
    assert ahead(story) == []
    story.today += timedelta(days=1)
    assert only(ApprovalDueSoon, ahead(story)).days_left == 0


def test_after_downtime_the_day_before_and_the_day_itself_are_one_reminder(soon):
    soon.today += timedelta(days=4)

    assert len(ahead(soon)) == 1
    assert ahead(soon) == []


def test_a_clock_set_back_does_not_repeat_what_was_reminded_of(soon):
    soon.today += timedelta(days=4)
    assert ahead(soon)
    soon.today -= timedelta(days=1)
    assert ahead(soon) == []


def test_who_was_nudged_today_is_not_reminded_today(soon):
    soon.today += timedelta(days=3)
    nudge(soon.by("ANN"))

    assert ahead(soon) == []


def test_in_business_central_nobody_hears_before_it_is_due():
    story = Story(options=BC, due="4D")
    story.send()
    story.today += timedelta(days=4)

    assert ahead(story) == []


@pytest.mark.parametrize(
    "nonsense", ["", "1,1", "3,1", "-6", "61", "1,2,3,4,5,6", "weekly", "1, 2", "1.5"]
)
def test_a_cadence_that_makes_no_sense_is_refused(nonsense):
    with pytest.raises(ValueError, match="reminders is off, daily or up to 5 rising numbers"):
        Story(reminders=nonsense)


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
