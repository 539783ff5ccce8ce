"""Who lets a request lie is reminded, and then those above him hear of it, in working hours."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import passes
from app.catcher import Catcher
from app.public_holidays import NoSuchCountry, public_holidays
from scheduled_office import TUESDAY, Office
from workflow.options import CompanyOptions
from workflow.service import setting_up

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def office(database_url, tmp_path):
    with Catcher(tmp_path / "mails") as catcher:
        office = Office(database_url, catcher)
        office.send("PO-1")
        office.deliver()
        yield office
        office.application.close()


def run(office, *, days):
    """The runs of so many days later, twice each; the time of day stays."""
    office.now += timedelta(days=days)
    for _ in range(2):
        passes.remind(office.application)
        office.deliver()


def subjects(office, user):
    return [mail.message["Subject"] for mail in office.mails(user)]


def test_after_two_working_days_the_superior_and_the_administrators_hear_of_it_once(office):
    run(office, days=1)
    assert len(subjects(office, "BOB")) == 2  # asked and reminded
    assert subjects(office, "CID") == []

    run(office, days=1)
    run(office, days=1)

    assert len(subjects(office, "BOB")) == 3  # one and three working days late
    for user in ("CID", "EVA"):
        (subject,) = subjects(office, user)
        assert subject == "Not answered: €400.00 · Vendor of PO-1 · purchase order PO-1"
    (to_cid,), (to_eva,) = office.mails("CID"), office.mails("EVA")
    assert to_cid.message["From"] == "approvals@example.com"
    delegate = "countersign delegate purchase/order/PO-1 --as EVA --for BOB"
    assert delegate in to_eva.message.get_body(("plain",)).get_content()
    assert delegate not in to_cid.message.get_body(("plain",)).get_content()
    assert len(subjects(office, "ANN")) == 0


def test_who_answers_before_the_letter_goes_out_is_not_told_on(office):
    run(office, days=1)
    office.now += timedelta(days=1)
    assert passes.remind(office.application).escalated == 1
    office.approve("PO-1")

    office.deliver()

    assert subjects(office, "CID") == []


def test_nobody_gets_two_reminders_on_a_day_and_nothing_is_lost(office):
    office.now += timedelta(days=1)
    passes.remind(office.application)
    office.deliver()
    office.now -= timedelta(days=1)  # what the run had not come to when it was killed
    office.send("PO-2")
    office.now += timedelta(days=1, hours=1)
    assert passes.remind(office.application).done == 1
    for _ in range(2):
        office.deliver()
    assert reminders(office) == ["Re: Approve: €400.00 · Vendor of PO-1 · purchase order PO-1"]

    office.now += timedelta(days=2)
    passes.remind(office.application)
    office.deliver()

    _, second = reminders(office)
    assert second == "2 overdue approvals wait for you"
    assert office.application.read.outbox_list()[0].state == "sent"


def test_a_clock_that_is_set_back_repeats_nothing(office):
    run(office, days=1)
    office.now -= timedelta(days=1)
    run(office, days=0)
    run(office, days=1)

    assert len(reminders(office)) == 1


def reminders(office):
    return [
        subject
        for subject in subjects(office, "BOB")
        if subject.startswith("Re: Approve") or "overdue" in subject
    ]


def test_reminders_wait_until_it_is_not_quiet_any_more(office):
    office.now = datetime(2026, 11, 25, 0, 5, tzinfo=AMSTERDAM)
    assert passes.remind(office.application).done == 1
    office.deliver()
    assert len(subjects(office, "BOB")) == 1

    office.now = datetime(2026, 11, 25, 8, 0, tzinfo=AMSTERDAM)
    office.deliver()
    assert len(subjects(office, "BOB")) == 2


def test_nobody_is_reminded_at_christmas_or_on_a_closed_day(office):
    options = CompanyOptions(closed_days="2026-12-28")
    setting_up.set_company(office.uow, options, office.as_("EVA"))
    office.approve("PO-1")
    reminded = []
    office.now = TUESDAY.replace(month=12, day=23)
    office.send("PO-2")
    for _ in range(7):
        office.now += timedelta(days=1)
        if passes.remind(office.application).done:
            reminded.append(office.now.day)

    assert reminded == [24, 30]  # one and three working days late


def test_public_holidays_are_those_of_the_country_or_its_part():
    assert date(2026, 4, 27) in public_holidays("NL")
    assert date(2026, 1, 6) in public_holidays("de-by")
    assert date(2026, 1, 6) not in public_holidays("DE")
    with pytest.raises(NoSuchCountry, match="No public holidays are known of Atlantis"):
        public_holidays("Atlantis")
