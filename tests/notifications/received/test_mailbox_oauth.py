"""A mailbox that is signed in to with OAuth 2.0: real tokens over HTTPS, real sign-ins over TLS."""

import gc
from dataclasses import replace

import pytest

from db.engine import open_database
from db.token_caches import SqlTokenCache
from notifications.mail_setup import Authentication, MailSetup, OAuthFlow
from notifications.oauth import Tokens
from notifications.oauth_app import Right
from notifications.received.mailbox import ImapMailbox, MailboxError
from notifications.received.mailbox_setup import MailboxAuthentication, MailboxSetup
from token_endpoint import CLIENT, PERSON, SECRET, TENANT, token_endpoint
from token_mailbox import MAILBOX, token_mailbox

MAIL = b"From: bob@contoso.com\r\nSubject: Re: Approve\r\n\r\nWhich hall?\r\n"


@pytest.fixture
def entra(certificates):
    with token_endpoint(certificates.server) as running:
        yield running


@pytest.fixture
def exchange(certificates):
    """A mail server with one unread mail."""
    with token_mailbox(certificates.server) as running:
        running.mails = [MAIL]
        yield running


@pytest.fixture
def tokens(sqlite_database):
    engine = open_database(sqlite_database)
    yield Tokens(SqlTokenCache(engine, lambda: ("the secret key of this installation",)))
    engine.dispose()


@pytest.fixture
def app(entra, certificates, tokens):
    """The app of the mail setup, which signs in by itself."""
    setup = MailSetup(
        authentication=Authentication.OAUTH2,
        user_name=PERSON,
        ca_file=str(certificates.ca_file),
        tenant_id=TENANT,
        client_id=CLIENT,
        client_secret=SECRET,
        authority=entra.authority,
    )
    return tokens.of(setup, Right.READ)


@pytest.fixture
def setup(exchange, certificates):
    return MailboxSetup(
        server="localhost",
        port=exchange.port,
        authentication=MailboxAuthentication.OAUTH2,
        user_name=MAILBOX,
        ca_file=str(certificates.ca_file),
    )


def fetched(setup, app) -> list[bytes]:
    with ImapMailbox(setup, tokens=app, timeout=5) as mailbox:
        unread = list(mailbox.unread())
        for one in unread:
            mailbox.done(one.uid)
    return [one.raw for one in unread]


def refusal(setup, app) -> str:
    with pytest.raises(MailboxError) as caught:
        fetched(setup, app)
    gc.collect()  # an unclosed socket would be a warning, and here every warning is an error
    return str(caught.value)


def test_an_app_reads_a_mailbox_with_its_token(setup, app, entra, exchange):
    assert fetched(setup, app) == [MAIL]
    assert fetched(setup, app) == []

    assert exchange.tokens == [(MAILBOX, entra.tokens[0])] * 2
    assert [one["scope"] for one in entra.asked] == ["https://outlook.office365.com/.default"]


def test_a_person_reads_it_after_signing_in_with_a_code(setup, entra, exchange, tokens, app):
    person = replace(app._setup, oauth_flow=OAuthFlow.DEVICE_CODE, client_secret="")
    account = tokens.of(person)
    account.finish_sign_in(account.begin_sign_in(Right.READ))

    assert fetched(replace(setup, user_name=PERSON), tokens.of(person, Right.READ)) == [MAIL]

    assert exchange.tokens == [(PERSON, entra.tokens[-1])]
    assert "IMAP.AccessAsUser.All" in entra.asked[-1]["scope"]


@pytest.mark.parametrize("explains", [True, False], ids=["explained first", "no at once"])
def test_a_token_that_is_old_is_replaced_once(setup, app, entra, exchange, explains):
    exchange.explains = explains
    exchange.refused = {app.token()}

    assert fetched(setup, app) == [MAIL]

    assert [token for _, token in exchange.tokens] == entra.tokens
    assert len(entra.tokens) == 2
    assert exchange.answers == [b"\r\n"] * explains, "an empty line answers the explanation"


def test_a_mailbox_that_is_closed_to_the_app_is_said_with_what_to_do(setup, app, entra, exchange):
    exchange.refuses_all = True

    said = refusal(setup, app)

    assert len(exchange.tokens) == 2
    assert "AUTHENTICATE failed" in said
    assert "the-scope" in said
    assert f"Add-MailboxPermission {MAILBOX}" in said
    assert not any(token in said for token in entra.tokens)


def test_a_server_that_asks_without_end_is_left(setup, app, exchange):
    exchange.refuses_all, exchange.questions = True, 1_000

    assert "without end" in refusal(setup, app)


def test_a_server_that_takes_no_tokens_is_given_none(setup, app, entra, exchange):
    exchange.offers = "AUTH=PLAIN"

    assert "XOAUTH2" in refusal(setup, app)
    assert exchange.tokens == []
    assert entra.tokens == []


def test_without_an_app_in_the_mail_setup_it_says_where_to_fill_it_in(setup, exchange):
    assert "countersign mail setup" in refusal(setup, None)
    assert exchange.tokens == []


def test_an_app_without_consent_is_said_in_the_words_of_the_directory(setup, app, entra, exchange):
    words = "AADSTS65001: The user or administrator has not consented."
    entra.answers = [(400, {"error": "invalid_grant", "error_description": words})]

    assert "consent to the app's permissions" in refusal(setup, app)
    assert exchange.tokens == []
