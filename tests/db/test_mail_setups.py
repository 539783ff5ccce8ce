"""The mail setup comes back as it was saved, and its password cannot be read in the database."""

from dataclasses import fields

import pytest
import sqlalchemy as sa

from db.mail_setups import SecretKeyChanged, SqlMailSetups
from db.tables import mail_setup
from notifications.mail_setup import Authentication, Envelope, MailSetup, SubstitutionMode

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
)


@pytest.fixture
def setups(engine):
    return SqlMailSetups(engine, lambda: "a key of one's own")


def test_there_is_none_at_first(setups):
    assert setups.load() is None


def test_the_setup_comes_back(setups):
    setups.save(MailSetup())
    setups.save(SETUP)

    assert setups.load() == SETUP


def test_no_setting_of_the_test_setup_has_its_default():
    same = [f.name for f in fields(MailSetup) if getattr(SETUP, f.name) == f.default]

    assert same == []


def test_the_password_cannot_be_read_in_the_database(engine, setups):
    setups.save(SETUP)
    with engine.connect() as connection:
        row = connection.execute(sa.select(mail_setup)).one()

    assert SETUP.password not in str(tuple(row))
    assert "mail.example.com" in row.settings


def test_with_another_key_the_password_is_refused_and_can_be_given_again(engine, setups):
    setups.save(SETUP)
    other = SqlMailSetups(engine, lambda: "another key altogether")
    with pytest.raises(SecretKeyChanged, match="countersign mail setup password="):
        other.load()

    assert other.load_without_password().server == "mail.example.com"


def test_without_a_password_no_key_is_needed(engine):
    def no_key():
        raise AssertionError

    setups = SqlMailSetups(engine, no_key)
    setups.save(MailSetup(server="relay"))

    assert setups.load() == MailSetup(server="relay")
