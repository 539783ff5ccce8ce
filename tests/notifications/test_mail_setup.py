"""The mail setup as a person fills it in, key by key."""

from dataclasses import fields

import pytest

from notifications.mail_setup import (
    DESCRIPTIONS,
    Authentication,
    Envelope,
    MailSetup,
    SubstitutionMode,
    WrongSetting,
    changed,
    office365,
)

FILLED = MailSetup(
    server="mail.contoso.com",
    port=587,
    authentication=Authentication.BASIC,
    user_name="erp@contoso.com",
    password="geheim",  # noqa: S106 - a password to be lost and kept
    secure=True,
    send_as="noreply@contoso.com",
)


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


@pytest.mark.parametrize("method", ["ntlm", "oauth2", "OAuth2"])
def test_vector_s4_a_method_that_is_not_there_yet_is_refused(method):
    with pytest.raises(WrongSetting, match="basic or anonymous"):
        changed(FILLED, {"authentication": method})


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
    "before",
    [
        MailSetup(),
        FILLED,
        MailSetup(allow_sender_substitution=True),
    ],
    ids=["vector-s7 empty", "vector-s8 filled", "vector-s9 anonymous with substitution"],
)
def test_office_365_settings_are_four_values(before):
    after = office365(before)

    assert (after.server, after.port, after.authentication, after.secure) == (
        "smtp.office365.com",
        587,
        Authentication.BASIC,
        True,
    )
    kept = ("user_name", "password", "send_as", "allow_sender_substitution")
    assert [getattr(after, key) for key in kept] == [getattr(before, key) for key in kept]


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
        ("client_secret", "very secret"),
    ],
)
def test_a_wrong_setting_is_named_and_nothing_is_changed(key, text):
    with pytest.raises(WrongSetting, match=f"^{key}"):
        changed(FILLED, {"port": "25", key: text})


def test_an_unknown_secret_is_not_repeated():
    with pytest.raises(WrongSetting) as caught:
        changed(FILLED, {"client_secret": "very secret"})

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


def test_a_good_setup_gives_no_warning():
    assert changed(FILLED, {"port": "587"}) == (FILLED, [])


def test_every_setting_is_described():
    assert set(DESCRIPTIONS) == {field.name for field in fields(MailSetup)}
