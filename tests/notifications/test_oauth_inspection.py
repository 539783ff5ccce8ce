"""What a token says about itself, for the person who wonders why it is refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from notifications.mail_setup import Authentication, MailSetup, OAuthFlow
from notifications.oauth_inspection import TokenFacts, inspected, objections
from token_endpoint import CLIENT, TENANT, jwt

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
EXP = int(datetime(2026, 11, 25, 13, 0, tzinfo=UTC).timestamp())
APP_CLAIMS = {
    "tid": TENANT,
    "aud": "https://outlook.office365.com",
    "appid": CLIENT,
    "roles": ["SMTP.SendAsApp"],
    "exp": EXP,
}
APP = MailSetup(authentication=Authentication.OAUTH2, tenant_id=TENANT, client_id=CLIENT)
PERSON = replace(APP, oauth_flow=OAuthFlow.DEVICE_CODE)


def test_a_token_of_an_app_is_read_and_found_right():
    facts = inspected(jwt(APP_CLAIMS))

    assert facts == TokenFacts(
        tenant=TENANT,
        audience="https://outlook.office365.com",
        app=CLIENT,
        roles=("SMTP.SendAsApp",),
        expires_at=datetime(2026, 11, 25, 13, 0, tzinfo=UTC),
    )
    assert objections(facts, APP, NOW) == []


def test_a_token_of_a_person_is_read_and_found_right():
    claims = APP_CLAIMS | {"roles": [], "scp": "SMTP.Send openid", "upn": "erp@contoso.com"}

    facts = inspected(jwt(claims))

    assert (facts.user, facts.scopes) == ("erp@contoso.com", ("SMTP.Send", "openid"))
    assert objections(facts, PERSON, NOW) == []


@pytest.mark.parametrize(
    ("claims", "setup", "words"),
    [
        ({"aud": "https://graph.microsoft.com"}, APP, "graph.microsoft.com, not for Exchange"),
        ({"aud": None}, APP, "for nobody"),
        ({"roles": ["Mail.Send"]}, APP, "SMTP.SendAsApp"),
        ({}, PERSON, "SMTP.Send"),
        ({"tid": "99999999-0000-0000-0000-000000000000"}, APP, "another directory"),
        ({"appid": "99999999-0000-0000-0000-000000000000"}, APP, "another app"),
        ({"exp": EXP - 7200}, APP, "has expired"),
    ],
)
def test_what_is_wrong_with_a_token_is_said(claims, setup, words):
    facts = inspected(jwt(APP_CLAIMS | claims))

    assert any(words in sentence for sentence in objections(facts, setup, NOW))


def test_a_directory_named_by_its_domain_cannot_be_compared():
    facts = inspected(jwt(APP_CLAIMS))

    assert objections(facts, replace(APP, tenant_id="contoso.com"), NOW) == []


@pytest.mark.parametrize(
    "token",
    ["", "opaque", "a.b", "a.b.c", "a.é.c", "a.W10.c", jwt(APP_CLAIMS) + ".more"],
)
def test_a_token_that_cannot_be_read_is_no_error(token):
    assert inspected(token) is None


def test_claims_of_the_wrong_kind_are_passed_over():
    odd = {"tid": 7, "roles": {"a": 1}, "scp": None, "exp": "soon", "aud": ["x"]}

    assert inspected(jwt(odd)) == TokenFacts()
    assert inspected(jwt({"exp": 10**30})) == TokenFacts()
