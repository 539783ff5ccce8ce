"""How people are told: the default, and everybody's own choice."""

import pytest

from tests.web.forms import save
from workflow.notification_setup import NotificationMethod, NotificationType, setup_for


@pytest.fixture
def method(company):
    def of(user, kind=NotificationType.OVERDUE):
        return setup_for(user, kind, company.directory.notification_setup()).method

    return of


def test_everybody_chooses_for_himself(browser, method):
    assert save(browser("ANN"), "/settings/notifications", overdue="note").status_code == 303
    assert method("ANN") is NotificationMethod.NOTE
    assert method("BOB") is NotificationMethod.EMAIL


def test_what_one_does_not_change_follows_the_default(browser, method):
    ann = browser("ANN")
    save(ann, "/settings/notifications")
    save(browser("EVA"), "/setup/notifications", overdue="note")
    assert method("ANN") is NotificationMethod.NOTE


def test_an_administrator_chooses_for_a_person(browser, method):
    eva = browser("EVA")
    assert save(eva, "/setup/notifications", user="bob", overdue="note").status_code == 303
    assert method("BOB") is NotificationMethod.NOTE
    assert method("ANN") is NotificationMethod.EMAIL
    assert "BOB" in eva.open("/setup/notifications").text


@pytest.mark.parametrize(("field", "value"), [("user", "ZED"), ("overdue", "pigeon")])
def test_what_cannot_be_is_refused(browser, company, field, value):
    answer = save(browser("EVA"), "/setup/notifications", **{"overdue": "note", field: value})
    assert answer.status_code in {404, 422}
    assert company.directory.notification_setup() == []


def test_the_default_is_for_administrators(browser, company):
    ann = browser("ANN")
    assert ann.open("/setup/notifications").status_code == 403
    assert save(ann, "/setup/notifications", overdue="note").status_code == 403
    assert company.directory.notification_setup() == []


# --- back to the default -------------------------------------------------------------------


def test_an_own_choice_goes_back_to_the_default_and_follows_it(browser, method):
    ann = browser("ANN")
    assert "back-to-default" not in ann.open("/settings/notifications").text
    save(ann, "/settings/notifications", overdue="note", approval="note")
    assert "the default is: E-Mail, At once" in ann.open("/settings/notifications").text
    answer = ann.send("/settings/notifications", default="overdue", user="")
    assert answer.status_code == 303
    assert method("ANN") is NotificationMethod.EMAIL
    assert method("ANN", NotificationType.APPROVAL) is NotificationMethod.NOTE
    save(browser("EVA"), "/setup/notifications", overdue="note")
    assert method("ANN") is NotificationMethod.NOTE, "as the default says from now on"


def test_the_button_sends_nothing_of_the_fields_and_enter_does_not_press_it(browser):
    ann = browser("ANN")
    save(ann, "/settings/notifications", overdue="note")
    page = ann.open("/settings/notifications").text
    fields, others = page.split('<form id="back-to-default"')
    assert fields.count("<button form=") == fields.count('name="default"') == 1
    assert 'name="overdue"' not in others


def test_an_administrator_takes_back_the_choice_of_a_person_and_it_is_on_record(browser, method):
    eva = browser("EVA")
    save(eva, "/setup/notifications", user="BOB", overdue="note")
    eva.send(
        "/setup/notifications",
        shown_at="/setup/notifications?user=BOB",
        default="overdue",
        user="BOB",
    )
    assert method("BOB") is NotificationMethod.EMAIL
    log = eva.open("/setup/log").text
    assert log.count("Notifications of BOB changed") == 2
    assert "method: note → email" in log


def test_nobody_takes_back_the_choice_of_somebody_else(browser, company, method):
    save(browser("BOB"), "/settings/notifications", overdue="note")
    ann = browser("ANN")
    ann.send("/settings/notifications", default="overdue", user="BOB")
    assert ann.send("/setup/notifications", default="overdue", user="BOB").status_code == 403
    assert ann.send("/settings/notifications", default="pigeon").status_code == 422
    assert method("BOB") is NotificationMethod.NOTE


# --- when ----------------------------------------------------------------------------------


@pytest.fixture
def schedule(company):
    def of(user, kind=NotificationType.APPROVAL):
        return setup_for(user, kind, company.directory.notification_setup()).schedule

    return of


def test_everybody_chooses_when_he_is_told(browser, schedule):
    days = {f"approval.{day}": "no" for day in ("tue", "wed", "fri")}
    choice = {"approval.recurrence": "weekly", "approval.time": "08:30", **days}
    answer = save(browser("BOB"), "/settings/notifications", **choice)
    assert answer.status_code == 303
    assert str(schedule("BOB")) == "weekly on mon,thu at 08:30"
    assert str(schedule("ANN")) == "instantly"


def test_monthly_is_a_workday_or_a_date(browser, schedule):
    bob = browser("BOB")
    monthly = {"approval.recurrence": "monthly", "approval.monthly": "last_workday"}
    save(bob, "/settings/notifications", **monthly)
    assert str(schedule("BOB")) == "monthly on the last workday at 12:00"
    on_a_date = {"approval.monthly": "custom", "approval.day_of_month": "15"}
    save(bob, "/settings/notifications", **on_a_date)
    assert str(schedule("BOB")) == "monthly on day 15 at 12:00"


def test_the_page_says_when_the_next_email_goes_out(browser):
    bob = browser("BOB")
    save(bob, "/settings/notifications", **{"approval.recurrence": "daily"})
    assert "Mon, 2 Mar 2026, 12:00" in bob.open("/settings/notifications").text


def test_an_administrator_sees_and_changes_when_somebody_is_told(browser, schedule):
    eva = browser("EVA")
    page = "/setup/notifications?user=bob"
    eva.send(
        "/setup/notifications", user="BOB", **{"approval": "email", "approval.recurrence": "daily"}
    )
    assert str(schedule("BOB")) == "daily on mon,tue,wed,thu,fri at 12:00"
    assert eva.form("/setup/notifications")["approval.recurrence"] == "instantly"
    assert 'value="daily" selected' in eva.open(page).text
    assert "Monday to Friday at 12:00" in eva.open(page).text


def test_opening_somebody_who_is_not_there_says_so(browser):
    answer = browser("EVA").open("/setup/notifications?user=ZED")
    assert answer.status_code == 404
    assert "There is no user ZED" in answer.text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"approval.time": "25:00"}, "is not a time of day"),
        ({"approval.recurrence": "yearly"}, "is not one of the values"),
        ({"approval.monthly": "ultimo"}, "is not one of the values"),
        ({"approval.day_of_month": "32"}, "There is no day 32 in a month"),
        ({"approval.day_of_month": "x"}, "There is no day x in a month"),
        (
            {"approval.recurrence": "daily"}
            | {f"approval.{day}": "no" for day in ("mon", "tue", "wed", "thu", "fri")},
            "Select at least one weekday",
        ),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(browser, company, changes, reason):
    bob = browser("BOB")
    answer = save(bob, "/settings/notifications", **changes)
    assert answer.status_code == 422
    assert reason in answer.text
    assert company.directory.notification_setup() == []


def test_what_was_typed_is_still_there_after_a_refusal(browser):
    bob = browser("BOB")
    typed = {"approval.recurrence": "monthly", "approval.day_of_month": "32"}
    answer = save(bob, "/settings/notifications", **typed)
    assert typed.items() <= bob.fields_of(answer.text, "/settings/notifications").items()
