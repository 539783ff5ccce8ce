"""The assisted setup of mail: one question a page, saved at the end or not at all."""

import pytest

from notifications.mail_setup import Authentication, MailSetup, OAuthFlow

GUIDE = "/setup/mail/guide"
SECRET = "hunter2 hunter2"  # noqa: S105 - of an account that does not exist
OTHER = [
    {"provider": "other"},
    {"server": "mail.example.com"},
    {"port": "587"},
    {"secure": "yes"},
    {"authentication": "basic"},
    {"user_name": "erp@example.com"},
    {"send_as": "noreply@example.com"},
    {"allow_sender_substitution": "yes"},
]


@pytest.fixture
def guide(browser):
    return Answering(browser("EVA"))


class Answering:
    """Somebody who answers the page he has before him."""

    def __init__(self, browser):
        self.browser = browser
        self.page = browser.open(GUIDE)

    def answer(self, **typed):
        return self._send({**self.browser.fields_of(self.page.text, GUIDE), **typed})

    def go_back(self):
        return self._send({**self.browser.fields_of(self.page.text, GUIDE), "back": "yes"})

    def _send(self, fields):
        self.page = self.browser.client.post(GUIDE, data=fields)
        return self.page

    def answer_all(self, answers):
        for answer in answers:
            assert self.answer(**answer).status_code == 200


def saved(company):
    return company.mail_setups.load() or MailSetup()


def test_a_server_of_ones_own_is_set_up_question_by_question(guide, company):
    guide.answer_all(OTHER)
    assert "Check and save" in guide.page.text
    assert saved(company) == MailSetup()
    assert guide.answer(password=SECRET, finish="yes").status_code == 303
    setup = saved(company)
    assert (setup.server, setup.port, setup.secure) == ("mail.example.com", 587, True)
    assert (setup.user_name, setup.password) == ("erp@example.com", SECRET)
    assert setup.send_as == "noreply@example.com"
    assert setup.allow_sender_substitution


def test_office_365_is_proposed_with_oauth_and_the_hint_about_app_passwords(guide, company):
    assert 'value="office365" selected' in guide.page.text
    page = guide.answer().text
    assert 'value="oauth2" selected' in page
    assert "app password" in page
    guide.answer_all(
        [
            {},
            {"user_name": "erp@contoso.com"},
            {"tenant_id": "contoso.com"},
            {"client_id": "00000000-0000-0000-0000-000000000001"},
            {"oauth_flow": "device_code"},
            {},
            {"allow_sender_substitution": "yes"},
        ]
    )
    assert guide.answer(finish="yes").status_code == 303
    setup = saved(company)
    assert setup.server == "smtp.office365.com"
    assert (setup.authentication, setup.oauth_flow) == (
        Authentication.OAUTH2,
        OAuthFlow.DEVICE_CODE,
    )


def test_a_wrong_answer_is_asked_again_with_what_was_typed(guide):
    guide.answer_all(OTHER[:2])
    page = guide.answer(port="99999")
    assert page.status_code == 422
    assert "must be a whole number from 1 to 65535" in page.text
    assert 'name="port" value="99999"' in page.text


def test_one_may_go_back_and_answer_otherwise(guide, company):
    guide.answer_all(OTHER)
    guide.go_back()
    assert 'name="asked" value="allow_sender_substitution"' in guide.page.text
    guide.go_back()
    assert 'name="asked" value="send_as"' in guide.page.text
    guide.answer_all([{"send_as": "orders@example.com"}, {}])
    guide.answer(password=SECRET, finish="yes")
    assert saved(company).send_as == "orders@example.com"


def test_a_password_that_is_needed_is_asked_again_and_nothing_is_saved(guide, company):
    guide.answer_all(OTHER)
    page = guide.answer(password="", finish="yes")
    assert page.status_code == 422
    assert "This is needed here." in page.text
    assert saved(company) == MailSetup()


def test_a_password_that_is_there_stays_when_none_is_typed(guide, browser, company):
    guide.answer_all(OTHER)
    guide.answer(password=SECRET, finish="yes")
    again = Answering(browser("EVA"))
    again.answer_all([*OTHER[:6], {"send_as": ""}, {}])
    assert SECRET not in again.page.text
    again.answer(finish="yes")
    assert (saved(company).password, saved(company).send_as) == (SECRET, "")


def test_the_pages_carry_no_secret(guide):
    guide.answer_all(OTHER)
    page = guide.answer(password=SECRET)  # without saving
    assert SECRET not in page.text


def test_only_administrators_are_guided(browser):
    assert browser("ANN").open(GUIDE).status_code == 403
