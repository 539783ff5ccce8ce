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
