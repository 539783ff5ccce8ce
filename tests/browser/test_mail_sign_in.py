"""Signing in for the mail account: the code at once, the rest while it happens."""

import time

import pytest

from db.token_caches import SqlTokenCache
from tests.browser.conftest import violations
from tests.notifications.conftest import certificates  # noqa: F401 - fixture
from tests.token_endpoint import CODE, PERSON, signed_in_by_a_person, token_endpoint

NOT_YET = (400, {"error": "authorization_pending"})
PATH = "/setup/mail/sign-in"


@pytest.fixture
def entra(company, certificates, monkeypatch):  # noqa: F811 - the fixture
    """A directory where nobody has entered the code yet."""
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "a key for the tests of pages")
    with token_endpoint(certificates.server) as endpoint:
        endpoint.interval, endpoint.answers = 1, [NOT_YET] * 1000
        company.mail_setups.save(signed_in_by_a_person(endpoint, certificates.ca_file))
        yield endpoint


def tokens(company):
    return SqlTokenCache(company.engine, company.secret_keys).load()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_code_is_there_at_once_and_the_page_tells_when_it_was_entered(
    person, company, entra, scripts
):
    with person("EVA", java_script_enabled=scripts) as page:
        page.goto(PATH)
        page.get_by_role("button", name="Get a code").click(no_wait_after=True)
        page.get_by_text(CODE).wait_for()
        page.get_by_text("15 minutes are left").wait_for()
        assert tokens(company) == ""
        entra.answers.clear()
        page.get_by_text(f"Signed in as {PERSON}.").wait_for()
        assert violations(page) == [] if scripts else True
    assert tokens(company)


def test_whoever_closes_the_page_has_kept_nothing(person, company, entra):
    with person("EVA") as page:
        page.goto(PATH)
        page.get_by_role("button", name="Get a code").click(no_wait_after=True)
        page.get_by_text(CODE).wait_for()
    time.sleep(2.5)  # what was asked already is answered
    asked = len(entra.asked)
    entra.answers.clear()  # now somebody enters the code
    time.sleep(2.5)
    assert len(entra.asked) == asked
    assert tokens(company) == ""
