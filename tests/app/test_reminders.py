"""Who is to answer within days is reminded in time, in one mail with everything that is late."""

from datetime import timedelta

import pytest

from app import passes
from app.catcher import Catcher
from app.worker import work_once
from db.unit_of_work import SqlUnitOfWork
from scheduled_office import Office, key
from workflow.service import deciding


@pytest.fixture
def office(database_url, tmp_path):
    """Requests are due on the third day: those of Tuesday on Friday."""
    with Catcher(tmp_path / "mails") as catcher:
        office = Office(database_url, catcher, due="3D")
        yield office
        office.application.close()


def runs(office, *, days=0, times=2):
    """What the worker does so many days later."""
    office.now += timedelta(days=days)
    for _ in range(times):
        work_once(office.application)


def subjects(office, user="BOB"):
    return [mail.message["Subject"] for mail in office.mails(user)]


def text_of(mail):
    return mail.message.get_body(("plain",)).get_content()


def test_each_approver_hears_the_day_before_and_on_the_day_and_then_that_he_is_late(office):
    office.send("PO-1")
    told = []
    for _ in range(12):
        before = len(subjects(office))
        runs(office)
        told.append(len(subjects(office)) - before)
        office.now += timedelta(days=1)

    #      Tue Wed Thu Fri Sat Sun Mon Tue Wed Thu Fri Sat
    assert told == [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0]


def test_the_letter_says_by_when_and_what_follows(office):
    office.send("PO-1")
    runs(office)
    runs(office, days=2)

    _, reminder = office.mails("BOB")
    assert reminder.message["Subject"].startswith("Re: Approve: €400.00")
    text = text_of(reminder)
    assert "Your answer is due soon" in text
    assert "Please decide by: Friday, 27 November 2026" in text
    assert "Your approver and the administrators are told on 1 Dec 2026." in text


def test_what_is_due_and_what_is_late_is_one_mail_a_day(office):
    office.send("PO-1")
    runs(office, days=3)  # Friday
    office.send("PO-2")
    runs(office)
    before = len(subjects(office))
    runs(office, days=3, times=3)  # on Monday PO-1 is late and PO-2 due

    (reminder,) = office.mails("BOB")[before:]
    assert reminder.message["Subject"] == "2 due approvals wait for you"
    text = text_of(reminder)
    assert "Please decide by: Monday, 30 November 2026" in text
    assert "Was to be decided by: Friday, 27 November 2026, 3 days ago" in text


def test_mail_of_a_clock_that_ran_a_year_ahead_keeps_nobody_from_being_reminded(office):
    office.now += timedelta(days=364)
    office.send("PO-1")
    runs(office, days=3)  # he is mailed, and reminded, in a year that is not there yet
    office.now -= timedelta(days=367)
    office.send("PO-2")
    runs(office)
    before = len(subjects(office))
    runs(office, days=3)

    (reminder,) = office.mails("BOB")[before:]
    assert "PO-2" in text_of(reminder)


def test_three_days_of_downtime_make_one_reminder(office):
    office.send("PO-1")
    runs(office)
    runs(office, days=3)

    assert len(subjects(office)) == 2


def test_a_run_that_was_killed_halfway_goes_on_where_it_was(office):
    for number in ("PO-1", "PO-2", "PO-3"):
        office.send(number)
    runs(office)
    office.now += timedelta(days=2)
    killed = KilledAfterOne(office.application.engine)
    with pytest.raises(KeyboardInterrupt):
        passes.remind_ahead(office.application, killed)

    assert passes.remind_ahead(office.application).done == 2
    assert passes.remind_ahead(office.application).done == 0
    office.deliver()
    assert subjects(office)[-1] == "3 due approvals wait for you"
    assert len(subjects(office)) == 4


class KilledAfterOne(SqlUnitOfWork):
    """The process ends when the second document is to be stored."""

    commits = 0

    def commit(self):
        self.commits += 1
        if self.commits > 1:
            raise KeyboardInterrupt
        super().commit()


def test_a_clock_that_is_set_back_repeats_nothing(office):
    office.send("PO-1")
    runs(office, days=2)
    runs(office, days=-1)
    runs(office, days=1)

    assert len(subjects(office)) == 2


def test_who_answered_in_the_meantime_hears_nothing(office):
    office.send("PO-1")
    runs(office, days=1)
    office.now += timedelta(days=1)
    assert passes.remind_ahead(office.application).done == 1
    office.approve("PO-1")
    office.deliver()

    assert len(subjects(office)) == 1


def test_whoever_takes_over_is_the_one_who_is_reminded(office):
    office.send("PO-1")
    runs(office, days=1)
    deciding.delegate(office.uow, key("PO-1"), office.as_("BOB"))
    runs(office, days=1)

    assert len(subjects(office)) == 1
    assert len(subjects(office, "DEE")) == 2
