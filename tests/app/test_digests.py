"""What a person's schedule collected comes as one email about what is still open then."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.catcher import Catcher
from scheduled_office import Office, key
from workflow.schedules import INSTANTLY, NotificationSchedule, Recurrence
from workflow.service import deciding, requesting

AT_FIVE = NotificationSchedule(recurrence=Recurrence.DAILY, time=time(17))
FIVE = datetime(2026, 11, 24, 17, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture
def office(database_url, tmp_path):
    """Bob hears at five o'clock of all that happened; the others at once."""
    with Catcher(tmp_path / "mails") as catcher:
        office = Office(database_url, catcher)
        office.told("BOB", AT_FIVE)
        yield office
        office.application.close()


def text_of(mail) -> str:
    return mail.message.get_body(("plain",)).get_content()


def listed(mail) -> list[str]:
    """The documents it asks for."""
    asked, _, _ = text_of(mail).partition("What happened")
    return sorted(set(re.findall(r"purchase order (PO-\d+)", asked)))


def test_at_the_time_of_the_schedule_one_email_tells_of_everything_that_is_open(office):
    for number in ("PO-1", "PO-2", "PO-3"):
        office.send(number)
        office.deliver()
    assert office.mails("BOB") == []

    office.approve("PO-2")
    office.now = FIVE
    office.deliver()

    (mail,) = office.mails("BOB")
    text = text_of(mail)
    assert mail.message["Subject"] == "2 approvals wait for you · first due 24 Nov 2026"
    assert mail.message["From"] == "approvals@example.com"
    assert ("PO-1" in text, "PO-2" in text, "PO-3" in text) == (True, False, True)
    assert "Total excl. VAT: €800.00" in text
    assert "€400.00 · Vendor of PO-1" in text


def test_each_digest_lists_everything_that_is_open_then_and_nothing_else(office):
    for number in ("PO-1", "PO-2"):
        office.send(number)
    office.now = FIVE
    office.deliver()
    office.deliver()
    office.now += timedelta(minutes=1)
    for number in ("PO-3", "PO-4"):
        office.send(number)
    office.now = FIVE + timedelta(days=1)
    office.deliver()

    first, second = office.mails("BOB")
    assert listed(first) == ["PO-1", "PO-2"]
    assert listed(second) == ["PO-1", "PO-2", "PO-3", "PO-4"]
    assert "Overdue since: 24 Nov 2026" in text_of(second)
    assert "To be decided by: 24 Nov 2026" in text_of(first)


def test_nothing_waits_for_the_digest_of_a_year_that_a_clock_only_showed(office):
    office.now += timedelta(days=365)
    office.send("PO-1")
    office.deliver()  # it would be in the digest of that evening
    office.now = FIVE - timedelta(hours=1)
    office.deliver()

    assert len(office.mails("BOB")) == 1


def test_what_was_handed_to_somebody_or_answered_is_not_in_his_next_digest(office):
    for number in ("PO-1", "PO-2", "PO-3"):
        office.send(number)
    office.now = FIVE
    office.deliver()
    office.now += timedelta(minutes=1)
    deciding.delegate(office.uow, key("PO-1"), office.as_("BOB"))
    office.approve("PO-2")
    for number in ("PO-4", "PO-5"):
        office.send(number)
    office.now = FIVE + timedelta(days=1)
    office.deliver()

    assert listed(office.mails("BOB")[-1]) == ["PO-3", "PO-4", "PO-5"]


def test_whoever_took_over_finds_it_in_his_digest_each_request_once(office):
    office.told("DEE", AT_FIVE)
    office.send("PO-1")
    office.send("PO-2")
    deciding.delegate(office.uow, key("PO-1"), office.as_("BOB"))
    deciding.delegate(office.uow, key("PO-2"), office.as_("BOB"))
    office.now = FIVE
    office.deliver()
    requesting.cancel_approval_request(office.uow, key("PO-2"), office.as_("ANN"))
    requesting.send_approval_request(office.uow, key("PO-2"), office.as_("ANN"))
    deciding.delegate(office.uow, key("PO-2"), office.as_("BOB"))
    office.now = FIVE + timedelta(days=1)
    office.deliver()

    first, second = office.mails("DEE")
    assert listed(first) == ["PO-1", "PO-2"]
    assert listed(second) == ["PO-1", "PO-2"]


def test_what_was_answered_before_it_was_sent_is_left_out_to_the_last(office):
    office.send("PO-1")
    office.send("PO-2")
    for number in ("PO-1", "PO-2"):
        office.approve(number)
    office.now = FIVE

    assert office.deliver().superseded == 1
    assert office.mails("BOB") == []


def test_what_is_closed_between_the_list_and_its_mail_server_is_dropped(office):
    office.send("PO-1")
    office.send("PO-2")
    office.now = FIVE
    server = office.application.mail_setups.load()
    office.application.mail_setups.save(type(server)())  # there is none yet
    office.deliver()
    office.approve("PO-1")
    office.application.mail_setups.save(server)
    office.deliver()

    (mail,) = office.mails("BOB")
    assert mail.message["Subject"] == "1 approval waits for you · first due 24 Nov 2026"
    assert "PO-1" not in text_of(mail)


def test_outcomes_come_after_the_requests_with_the_words_of_whoever_decided(office):
    office.told("ANN", AT_FIVE)
    office.told("BOB", INSTANTLY)
    office.send("PO-1")
    office.send("PO-2")
    deciding.reject(office.uow, key("PO-1"), office.as_("BOB"), comment="Too dear")
    office.approve("PO-2")
    office.now = FIVE
    office.deliver()

    (mail,) = office.mails("ANN")
    text = text_of(mail)
    assert mail.message["Subject"] == "2 messages about approvals"
    assert text.index("Bob rejected your request") < text.index("Your request is approved")
    assert "> Too dear" in text


def test_a_single_request_comes_as_itself_in_the_name_of_the_requester(office):
    office.send("PO-1")
    office.now = FIVE
    office.deliver()

    (mail,) = office.mails("BOB")
    assert mail.message["Subject"].startswith("Approve: €400.00")
    assert "ann@example.com" in mail.message["From"]


def test_a_request_sent_twice_is_listed_once(office):
    office.send("PO-1")
    requesting.cancel_approval_request(office.uow, key("PO-1"), office.as_("ANN"))
    requesting.send_approval_request(office.uow, key("PO-1"), office.as_("ANN"))
    office.now = FIVE
    office.deliver()

    (mail,) = office.mails("BOB")
    assert mail.message["Subject"].startswith("1 approval waits for you")
    assert "Ann canceled the request of Ann" in text_of(mail)


def test_no_more_than_forty_are_listed_and_the_rest_is_counted(office):
    for number in range(1, 46):
        office.send(f"PO-{number}", amount=number)
    office.now = FIVE
    office.deliver()

    (mail,) = office.mails("BOB")
    text = text_of(mail)
    assert mail.message["Subject"].startswith("45 approvals wait for you")
    assert text.count("Vendor of PO-") == 40
    assert "… and 5 more" in text
    assert "PO-45" in text  # all are due the same day: the larger amounts come first
    assert "Vendor of PO-5\n" not in text
