"""The mail setup as a person fills it in, key by key."""

from dataclasses import fields, replace

import pytest

from notifications.mail_setup import (
    Authentication,
    Envelope,
    MailSetup,
    OAuthFlow,
    SignInAs,
    SubstitutionMode,
    WrongSetting,
)
from notifications.setting_descriptions import DESCRIPTIONS, described
from notifications.setting_readers import READERS
from notifications.setup_changes import changed

FILLED = MailSetup(
    server="mail.contoso.com",
    port=587,
    authentication=Authentication.BASIC,
    user_name="erp@contoso.com",
    password="geheim",  # noqa: S106 - a password to be lost and kept
    secure=True,
    send_as="noreply@contoso.com",
)


APP = {
    "authentication": "oauth2",
    "tenant_id": "contoso.com",
    "client_id": "AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee",
    "client_secret": "canary",
    "sign_in_as": "requester",
}


def test_vector_s1_a_new_setup_is_empty():
    assert MailSetup() == MailSetup(
        server="",
        port=25,
        authentication=Authentication.ANONYMOUS,
        user_name="",
        secure=False,
        send_as="",
        allow_sender_substitution=False,
    )


def test_vector_s2_choosing_anonymous_forgets_the_account_and_allows_substitution():
    after, _ = changed(FILLED, {"authentication": "anonymous"})

    assert (after.user_name, after.password) == ("", "")
    assert after.allow_sender_substitution
    assert after.send_as == "noreply@contoso.com"


def test_vector_s3_substitution_stays_on_and_that_is_said():
    anonymous, _ = changed(FILLED, {"authentication": "anonymous"})

    after, warnings = changed(
        anonymous, {"authentication": "basic", "user_name": "erp@contoso.com"}
    )

    assert after.allow_sender_substitution
    assert any("Allow Sender Substitution stays on" in warning for warning in warnings)


def test_a_password_never_goes_along_to_another_server():
    moved, told = changed(FILLED, {"server": "other.example.net"})
    renewed, silent = changed(FILLED, {"password": "another", "server": "other.example.net"})
    same, _ = changed(FILLED, {"server": " MAIL.contoso.com", "port": "25"})
    stars, _ = changed(FILLED, {"server": "other.example.net", "password": "***"})
    by_way_of_none, _ = changed(changed(FILLED, {"server": ""})[0], {"server": "other.example.net"})

    assert (moved.password, stars.password, by_way_of_none.password) == ("", "", "")
    assert moved.user_name == FILLED.user_name
    assert any("password=-" in each for each in told)
    assert (renewed.password, same.password) == ("another", "geheim")
    assert not any("password=-" in each for each in silent)


def test_an_app_secret_never_goes_along_to_another_authority():
    before, _ = changed(FILLED, APP)
    moved, told = changed(before, {"authority": "https://login.microsoftonline.us"})

    assert before.client_secret == "canary"  # noqa: S105
    assert moved.client_secret == ""
    assert any("another authority" in each for each in told)


def test_whoever_switches_substitution_on_hears_what_it_needs():
    off, _ = changed(FILLED, {"allow_sender_substitution": "no"})
    _, warnings = changed(off, {"allow_sender_substitution": "yes"})

    assert any("needs Send As on the mailbox of every requester" in each for each in warnings)
    assert not any("stays on" in each for each in warnings)


@pytest.mark.parametrize("method", ["ntlm", "NTLM "])
def test_vector_s4_ntlm_is_refused_with_the_reason(method):
    with pytest.raises(WrongSetting, match="Choose basic over TLS"):
        changed(FILLED, {"authentication": method})


def test_vector_s4_oauth2_keeps_the_user_name_and_forgets_the_password():
    after, _ = changed(FILLED, {"authentication": "OAuth2"})

    assert (after.authentication, after.user_name) == (Authentication.OAUTH2, "erp@contoso.com")
    assert not after.has_password


def test_vector_s4_basic_again_forgets_what_oauth2_needed():
    oauth2, _ = changed(FILLED, APP)

    after, _ = changed(oauth2, {"authentication": "basic"})

    assert not after.has_client_secret
    assert after.sign_in_as is SignInAs.ACCOUNT
    assert after.user_name == "erp@contoso.com"


def test_the_same_authentication_again_keeps_the_password():
    after, _ = changed(FILLED, {"authentication": "basic"})

    assert after == FILLED


@pytest.mark.parametrize("key", ["user_name", "password"])
def test_vector_s5_an_account_needs_a_sign_in(key):
    with pytest.raises(WrongSetting, match="Authentication must be basic"):
        changed(MailSetup(), {key: "erp@contoso.com"})


def test_the_order_of_the_keys_makes_no_difference():
    after, _ = changed(MailSetup(), {"user_name": "erp@contoso.com", "authentication": "basic"})

    assert after.user_name == "erp@contoso.com"


def test_vector_s6_the_user_name_is_trimmed():
    after, _ = changed(FILLED, {"user_name": "  erp2@contoso.com "})

    assert after.user_name == "erp2@contoso.com"


@pytest.mark.parametrize(
    "address", ["ann", "a@x.com;b@x.com", "a@x.com, b@x.com", "Ann <ann@x.com>"]
)
def test_vector_s10_and_32_send_as_is_one_address(address):
    with pytest.raises(WrongSetting, match="must be one email address"):
        changed(FILLED, {"send_as": address})


def test_vector_s12_the_password_is_never_shown():
    assert "geheim" not in repr(FILLED)
    assert FILLED.has_password
    with pytest.raises(WrongSetting) as caught:
        changed(FILLED, {"password": "ge\nheim"})
    assert "heim" not in str(caught.value)


def test_vector_s13_three_stars_leave_the_password_as_it_was():
    after, _ = changed(FILLED, {"password": "***"})

    assert after.password == "geheim"  # noqa: S105


@pytest.mark.parametrize("port", ["0", "65536", "-1", "smtp", "", "2.5", "٣", "9" * 5000])
def test_vector_s15_a_port_is_between_1_and_65535(port):
    with pytest.raises(WrongSetting) as caught:
        changed(FILLED, {"port": port})
    assert caught.value.key == "port"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("server", " SMTP.Contoso.com ", "smtp.contoso.com"),
        ("server", "127.0.0.1", "127.0.0.1"),
        ("server", "::1", "::1"),
        ("server", "", ""),
        ("port", "465", 465),
        ("secure", "No", False),
        ("allow_sender_substitution", "on", True),
        ("send_as", "", ""),
        ("sender_name", "Contoso\r\nApprovals", "Contoso Approvals"),
        ("allowed_domains", "@Contoso.com, fabrikam.com exämple.com",
         ("contoso.com", "fabrikam.com", "xn--exmple-cua.com")),
        ("allowed_domains", "", ()),
        ("envelope", "from", Envelope.FROM),
        ("substitution_mode", "send_on_behalf", SubstitutionMode.SEND_ON_BEHALF),
        ("ca_file", " ca.pem ", "ca.pem"),
        ("rate_per_minute", "30", 30),
        ("rate_per_minute", "", None),
        ("connections", "Unlimited", None),
        ("connections", "3", 3),
        ("oauth_flow", "device_code", OAuthFlow.DEVICE_CODE),
        ("tenant_id", " Contoso.onmicrosoft.com ", "contoso.onmicrosoft.com"),
        ("client_id", APP["client_id"], APP["client_id"].lower()),
        ("authority", "https://login.microsoftonline.us/", "https://login.microsoftonline.us"),
    ],
)  # fmt: skip
def test_a_setting_is_read_as_a_person_types_it(key, text, value):
    after, _ = changed(FILLED, {key: text})

    assert getattr(after, key) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("server", "https://smtp.contoso.com"),
        ("server", "smtp.contoso.com:587"),
        ("server", "smtp contoso"),
        ("secure", "maybe"),
        ("envelope", "sender"),
        ("allowed_domains", "contoso..com"),
        ("user_name", "erp\r\nMAIL FROM"),
        ("colour", "red"),
        ("token", "very secret"),
        ("rate_per_minute", "0"),
        ("rate_per_minute", "a few"),
        ("connections", "101"),
        ("tenant_id", "contoso.com/other"),
        ("client_id", "my app"),
        ("client_secret", "no oauth2 yet"),
        ("sign_in_as", "requester"),
        ("authority", "http://login.microsoftonline.com"),
        ("authority", "https://ann@login.microsoftonline.com"),
        ("authority", "https://login.microsoftonline.com/tenant"),
    ],
)
def test_a_wrong_setting_is_named_and_nothing_is_changed(key, text):
    with pytest.raises(WrongSetting, match=f"^{key}"):
        changed(FILLED, {"port": "25", key: text})


def test_an_unknown_secret_is_not_repeated():
    with pytest.raises(WrongSetting) as caught:
        changed(FILLED, {"oauth_token": "very secret"})

    assert "very secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"server": "smtp.office365.com", "authentication": "anonymous"}, "accepts no mail"),
        ({"server": "smtp.office365.com"}, "December 2026"),
        ({"user_name": ""}, "User Name is empty"),
        ({"secure": "no"}, "not secure"),
        ({"user_name": "CONTOSO\\erp", "send_as": ""}, "fill Send As"),
    ],
    ids=["vector-23", "basic at office 365", "no user name", "no tls", "vector-30"],
)
def test_a_setup_that_will_not_work_is_warned_of(changes, words):
    _, warnings = changed(FILLED, changes)

    assert any(words in warning for warning in warnings)


OAUTH2 = replace(
    FILLED,
    authentication=Authentication.OAUTH2,
    password="",
    tenant_id="contoso.com",
    client_id=APP["client_id"].lower(),
    client_secret="canary",  # noqa: S106
)


@pytest.mark.parametrize(
    ("before", "changes", "words"),
    [
        (OAUTH2, {"tenant_id": ""}, "needs tenant_id and client_id"),
        (OAUTH2, {"client_secret": ""}, "client_secret is empty"),
        (OAUTH2, {"tenant_id": "common"}, "its own tenant_id"),
        (OAUTH2, {"sign_in_as": "requester"}, "Full Access on the mailbox of every requester"),
        (OAUTH2, {"oauth_flow": "device_code"}, "countersign mail sign-in"),
        (OAUTH2, {"secure": "no"}, "not secure"),
        (OAUTH2, {"user_name": "", "send_as": ""}, "fill Send As"),
        (FILLED, {"server": "smtp.office365.com", "port": "465"}, "port=587"),
        (FILLED, {"server": "smtp.gmail.com"}, "verified alias"),
    ],
    ids=str,
)
def test_a_setup_that_misses_something_is_warned_of(before, changes, words):
    _, warnings = changed(before, changes)

    assert any(words in warning for warning in warnings)


def test_an_app_without_a_user_name_is_no_mistake():
    after, warnings = changed(OAUTH2, {"user_name": "", "sign_in_as": "requester"})

    assert after.user_name == ""
    assert not any("User Name is empty" in warning for warning in warnings)


def test_a_person_who_signs_in_leaves_the_app_no_secret():
    requester, _ = changed(OAUTH2, {"sign_in_as": "requester"})

    after, _ = changed(requester, {"oauth_flow": "device_code"})

    assert not after.has_client_secret
    assert after.sign_in_as is SignInAs.ACCOUNT


def test_secrets_are_in_no_text_of_the_setup_or_of_a_refusal():
    assert "canary" not in repr(OAUTH2)
    assert "canary" not in str(OAUTH2)
    with pytest.raises(WrongSetting) as caught:
        changed(OAUTH2, {"client_secret": "can\nary"})
    assert "ary" not in str(caught.value)
    assert caught.value.value == ""


def test_a_good_setup_gives_no_warning():
    assert changed(FILLED, {"port": "587"}) == (FILLED, [])


def test_every_setting_is_described_and_read():
    settings = {field.name for field in fields(MailSetup)}

    assert set(DESCRIPTIONS) == settings
    assert set(READERS) == settings


def test_descriptions_are_short_and_dutch_has_its_own():
    english, dutch = described("en"), described("nl")

    assert english == DESCRIPTIONS
    assert not {key for key in dutch if dutch[key] == english[key]}
    assert max(map(len, [*english.values(), *dutch.values()])) <= 100
