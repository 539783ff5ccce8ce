"""Signing in for the mail account with a code, on a page that waits for the answer."""

import pytest

from db.token_caches import SqlTokenCache
from notifications.mail_setup import MailSetup
from tests.token_endpoint import CODE, PERSON, REFRESH_TOKEN, signed_in_by_a_person, token_endpoint

SIGN_IN = "/setup/mail/sign-in"
NOT_YET = (400, {"error": "authorization_pending"})


@pytest.fixture
def eva(browser):
    return browser("EVA")


@pytest.fixture
def entra(company, certificates):
    """A directory that gives a code, for an account for which a person signs in."""
    with token_endpoint(certificates.server) as endpoint:
        endpoint.interval = 1
        company.mail_setups.save(signed_in_by_a_person(endpoint, certificates.ca_file))
        yield endpoint


def has_tokens(company):
    return REFRESH_TOKEN in SqlTokenCache(company.engine, company.secret_keys).load()


def test_the_code_is_shown_and_the_page_waits_until_somebody_entered_it(eva, entra, company):
    entra.answers = [NOT_YET, NOT_YET]
    shown = eva.send(SIGN_IN).text
    assert shown.index(CODE) < shown.index("minutes are left") < shown.index("Signed in as")
    assert len(entra.asked) == 3
    assert has_tokens(company)
    assert PERSON in eva.open("/setup/log").text
    for secret in (REFRESH_TOKEN, "canary-token", "canary-device-code"):
        assert secret not in shown


def test_looking_at_the_page_asks_for_nothing(eva, entra):
    assert PERSON in eva.open(SIGN_IN).text
    assert entra.agreed == []


def test_another_person_than_the_account_is_warned_of(eva, entra):
    entra.person = "bob@contoso.com"
    assert "if bob@contoso.com is another mailbox" in eva.send(SIGN_IN).text


def test_a_sign_in_that_was_declined_keeps_nothing_and_says_why(eva, entra, company):
    words = "AADSTS70008: The person declined."
    entra.answers = [
        NOT_YET,
        (400, {"error": "authorization_declined", "error_description": words}),
    ]
    shown = eva.send(SIGN_IN).text
    assert words in shown
    assert "Try again" in shown
    assert not has_tokens(company)


def test_a_directory_out_of_reach_is_told(eva, entra, company):
    entra.answers = [(503, "sorry")]
    shown = eva.send(SIGN_IN)
    assert 'class="refusal"' in shown.text
    assert not has_tokens(company)


def test_where_nobody_has_to_sign_in_the_page_says_so(eva, company):
    company.mail_setups.save(MailSetup(server="localhost"))
    assert "nobody has to sign in" in eva.open(SIGN_IN).text


def test_only_who_sets_up_signs_in(browser, entra, eva):
    ann = browser("ANN")
    assert ann.open(SIGN_IN).status_code == 403
    assert ann.send(SIGN_IN, token=eva.token(SIGN_IN)).status_code == 403
    assert entra.agreed == []
