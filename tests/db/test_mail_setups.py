"""The mail setup comes back as it was saved, and its secrets cannot be read in the database."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from db.mail_setups import SecretKeyChanged, SqlMailSetups
from db.mail_tests import SqlMailTests
from db.secret_rotation import rotate_secrets
from db.tables import mail_setup
from db.token_caches import SqlTokenCache
from notifications.mail_setup import (
    Authentication,
    Envelope,
    MailSetup,
    OAuthFlow,
    SignInAs,
    SubstitutionMode,
)
from notifications.ports import MailTest

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

SETUP = MailSetup(
    server="mail.example.com",
    port=587,
    authentication=Authentication.BASIC,
    user_name="app@example.com",
    password="pässword",  # noqa: S106 - nobody's
    secure=True,
    send_as="noreply@example.com",
    allow_sender_substitution=True,
    sender_name="Contoso",
    allowed_domains=("example.com", "example.org"),
    envelope=Envelope.FROM,
    substitution_mode=SubstitutionMode.SEND_ON_BEHALF,
    ca_file="/etc/ca.pem",
    rate_per_minute=30,
    connections=3,
    oauth_flow=OAuthFlow.DEVICE_CODE,
    tenant_id="contoso.com",
    client_id="aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    client_secret="canary",  # noqa: S106 - nobody's
    sign_in_as=SignInAs.REQUESTER,
    authority="https://login.microsoftonline.us",
)
KEY = "a key of one's own"


@pytest.fixture
def setups(engine):
    return SqlMailSetups(engine, lambda: (KEY,))


@pytest.fixture
def cache(engine):
    return SqlTokenCache(engine, lambda: (KEY,))


def test_there_is_none_at_first(setups):
    assert setups.load() is None


def test_the_setup_comes_back(setups):
    setups.save(MailSetup())
    setups.save(SETUP)

    assert setups.load() == SETUP


def test_no_setting_of_the_test_setup_has_its_default():
    same = [f.name for f in fields(MailSetup) if getattr(SETUP, f.name) == f.default]

    assert same == []


def test_secrets_cannot_be_read_in_the_database(engine, setups):
    setups.save(SETUP)
    with engine.connect() as connection:
        row = connection.execute(sa.select(mail_setup)).one()

    assert SETUP.password not in str(tuple(row))
    assert SETUP.client_secret not in str(tuple(row))
    assert "mail.example.com" in row.settings


def test_vector_s11_there_is_one_setup(engine, setups):
    setups.save(SETUP)
    with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(
            sa.insert(mail_setup).values(id=2, settings="{}", password="", client_secret="")
        )


def test_with_another_key_a_secret_is_refused_and_can_be_given_again(engine, setups):
    setups.save(SETUP)
    other = SqlMailSetups(engine, lambda: ("another key altogether",))
    with pytest.raises(SecretKeyChanged, match="countersign mail setup password="):
        other.load()

    assert other.load_without_secrets().server == "mail.example.com"
    other.save(replace(other.load_without_secrets(), password="new"))  # noqa: S106
    assert other.load().password == "new"  # noqa: S105


def test_the_first_key_encrypts_and_the_others_still_read(engine, setups, cache):
    setups.save(SETUP)
    cache.save("tokens")
    both = ("a newer key altogether", KEY)

    assert SqlMailSetups(engine, lambda: both).load() == SETUP
    assert rotate_secrets(engine, lambda: both) == 3
    newer = ("a newer key altogether",)
    assert SqlMailSetups(engine, lambda: newer).load() == SETUP
    assert SqlTokenCache(engine, lambda: newer).load() == "tokens"


def test_rotating_without_the_old_key_changes_nothing(engine, setups, cache):
    setups.save(SETUP)
    cache.save("tokens")
    with pytest.raises(SecretKeyChanged):
        rotate_secrets(engine, lambda: ("another key altogether",))

    assert setups.load() == SETUP
    assert cache.load() == "tokens"


def test_there_may_be_nothing_to_rotate(engine):
    assert rotate_secrets(engine, lambda: (KEY,)) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"authentication": Authentication.ANONYMOUS},
        {"tenant_id": "fabrikam.com"},
        {"client_secret": "another"},
        {"user_name": "cid@example.com"},
        {"authority": "https://login.microsoftonline.com"},
    ],
    ids=str,
)
def test_tokens_of_another_sign_in_are_forgotten(change, setups, cache):
    setups.save(SETUP)
    cache.save("tokens")

    setups.save(replace(SETUP, **change))

    assert cache.load() == ""


def test_tokens_stay_when_something_else_changes(setups, cache):
    setups.save(SETUP)
    cache.save("tokens")

    setups.save(replace(SETUP, server="other.example.com", send_as=""))

    assert cache.load() == "tokens"


def test_tokens_that_cannot_be_read_are_had_anew(engine, cache):
    cache.save("tokens")

    assert SqlTokenCache(engine, lambda: ("another key altogether",)).load() == ""


def test_the_latest_test_is_remembered(engine):
    tests = SqlMailTests(engine)
    first = MailTest(
        at=NOON,
        to_address="ann@example.com",
        from_address="noreply@example.com",
        rule="send_as",
        login="app@example.com",
        accepted=False,
        stage="answer",
        code=554,
        enhanced="5.2.252",
        text="SendAsDenied",
    )
    assert tests.latest() is None
    tests.record(first)
    second = replace(first, accepted=True, stage="sent", code=250, enhanced=None)
    tests.record(second)

    assert tests.latest() == second


def test_without_a_password_no_key_is_needed(engine):
    def no_key():
        raise AssertionError

    setups = SqlMailSetups(engine, no_key)
    setups.save(MailSetup(server="relay"))

    assert setups.load() == MailSetup(server="relay")
