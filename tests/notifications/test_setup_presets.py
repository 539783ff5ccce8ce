"""The server settings of well-known providers, filled in at once."""

from dataclasses import replace

import pytest

from notifications.mail_setup import Authentication, MailSetup, OAuthFlow
from notifications.setup_presets import PRESETS, Provider, office365, recognised, with_preset
from notifications.setup_warnings import FORGOTTEN_WITH_ITS_SERVER, warnings

FILLED = MailSetup(
    server="mail.contoso.com",
    port=25,
    authentication=Authentication.BASIC,
    user_name="erp@contoso.com",
    password="geheim",  # noqa: S106 - a password to be lost and kept
    send_as="noreply@contoso.com",
    allow_sender_substitution=True,
)
KEPT = ("user_name", "send_as", "allow_sender_substitution")


@pytest.mark.parametrize(
    "before",
    [
        MailSetup(),
        FILLED,
        MailSetup(allow_sender_substitution=True),
    ],
    ids=["vector-s7 empty", "vector-s8 filled", "vector-s9 anonymous with substitution"],
)
def test_office_365_with_a_password_changes_the_server_and_nothing_else(before):
    after = office365(before, Authentication.BASIC)

    assert (after.server, after.port, after.authentication, after.secure) == (
        "smtp.office365.com",
        587,
        Authentication.BASIC,
        True,
    )
    assert [getattr(after, key) for key in KEPT] == [getattr(before, key) for key in KEPT]


def test_a_password_without_a_server_is_kept_and_that_of_another_server_is_forgotten():
    typed_first = office365(replace(FILLED, server=""), Authentication.BASIC)
    moved = office365(FILLED, Authentication.BASIC)

    assert typed_first.password == FILLED.password
    assert moved.password == ""
    assert office365(replace(moved, password="new"), Authentication.BASIC).password == "new"  # noqa: S105, S106
    assert FORGOTTEN_WITH_ITS_SERVER in warnings(FILLED, moved)
    assert FORGOTTEN_WITH_ITS_SERVER not in warnings(replace(FILLED, server=""), typed_first)


def test_office_365_proposes_oauth_2_and_keeps_to_its_limits():
    after = office365(FILLED)

    assert after.authentication is Authentication.OAUTH2
    assert (after.rate_per_minute, after.connections) == (30, 3)
    assert (after.user_name, after.send_as) == (FILLED.user_name, FILLED.send_as)
    assert not after.has_password


def test_office_365_applied_twice_keeps_the_app_and_its_secret():
    once = replace(office365(FILLED), client_id="an-app", client_secret="canary")  # noqa: S106

    assert office365(once) == once


@pytest.mark.parametrize(
    ("provider", "server", "port"),
    [
        (Provider.OFFICE_365, "smtp.office365.com", 587),
        (Provider.OUTLOOK_COM, "smtp-mail.outlook.com", 587),
        (Provider.GMAIL, "smtp.gmail.com", 587),
        (Provider.YAHOO, "smtp.mail.yahoo.com", 465),
    ],
)
def test_a_provider_is_filled_in_securely_and_recognised_again(provider, server, port):
    after = with_preset(FILLED, provider)

    assert (after.server, after.port, after.secure) == (server, port, True)
    assert recognised(after) is provider
    assert recognised(replace(after, secure=False)) is Provider.OTHER


def test_another_server_starts_empty():
    after = with_preset(FILLED, Provider.OTHER)

    assert (after.server, after.secure) == ("", True)
    assert after.rate_per_minute is None


def test_at_outlook_com_a_person_signs_in_and_that_does_not_stay_for_office_365():
    outlook = with_preset(FILLED, Provider.OUTLOOK_COM)
    office = with_preset(outlook, Provider.OFFICE_365)

    assert (outlook.oauth_flow, outlook.tenant_id) == (OAuthFlow.DEVICE_CODE, "consumers")
    assert office.tenant_id == ""


def test_who_needs_an_app_password_is_told():
    for provider in (Provider.OFFICE_365, Provider.GMAIL, Provider.YAHOO, Provider.OTHER):
        assert "app password" in PRESETS[provider].hint
