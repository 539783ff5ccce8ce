"""Signing in with OAuth 2.0: real tokens over HTTPS, real sign-ins with XOAUTH2."""

import json
import threading
from dataclasses import replace

import pytest

from db.engine import open_database
from db.token_caches import SqlTokenCache
from notifications.delivery_errors import DeliveryError
from notifications.mail_setup import Authentication, MailSetup, OAuthFlow, SignInAs
from notifications.oauth import Tokens
from notifications.oauth_errors import NotSignedIn, OAuthError
from notifications.replies import Outcome, ReplyKind, Stage
from notifications.senders import MailKind, Requester, choose_sender, explain
from notifications.transports import SmtpTransport
from token_endpoint import CLIENT, PERSON, REFRESH_TOKEN, SECRET, TENANT, token_endpoint

ANN = Requester(user_id="ANN", name="Ann Lee", email="ann@contoso.com")
CID = Requester(user_id="CID", name="Cid Moe", email="cid@contoso.com")
KEY = "the secret key of this installation"


@pytest.fixture
def entra(certificates):
    with token_endpoint(certificates.server) as running:
        yield running


@pytest.fixture
def engine(sqlite_database):
    engine = open_database(sqlite_database)
    yield engine
    engine.dispose()


@pytest.fixture
def new_tokens(engine):
    """The tokens of a process that starts now; what others kept is in the database."""
    return lambda: Tokens(SqlTokenCache(engine, lambda: (KEY,)))


@pytest.fixture
def exchange(mail_server):
    """A mail server that takes tokens for the account's mailbox."""
    server = mail_server()
    server.mailboxes = Mailboxes({PERSON})
    return server


class Mailboxes(dict):
    """Every token that is not in `refused` may use these mailboxes."""

    def __init__(self, mailboxes) -> None:
        self.usable = set(mailboxes)
        self.refused = set()

    def get(self, token, default=None):
        return default if token in self.refused else self.usable


@pytest.fixture
def app_setup(entra, exchange, certificates) -> MailSetup:
    """An app that signs in itself; requesters may be senders."""
    return MailSetup(
        server="localhost",
        port=exchange.port,
        authentication=Authentication.OAUTH2,
        secure=True,
        ca_file=str(certificates.ca_file),
        user_name=PERSON,
        send_as="noreply@contoso.com",
        allow_sender_substitution=True,
        tenant_id=TENANT,
        client_id=CLIENT,
        client_secret=SECRET,
        authority=entra.authority,
    )


@pytest.fixture
def person_setup(app_setup) -> MailSetup:
    return replace(app_setup, oauth_flow=OAuthFlow.DEVICE_CODE, client_secret="")


@pytest.fixture
def submit(new_tokens, write):
    """Sends workflow mail in somebody's name: `submit(setup, ANN)`."""
    tokens = new_tokens()

    def submit(setup, *requesters):
        with SmtpTransport(setup, tokens=tokens.of(setup), timeout=5) as mail:
            for requester in requesters:
                sender = choose_sender(setup, MailKind.WORKFLOW, requester)
                mail.submit(write(sender=sender))

    return submit


def test_vector_34_a_token_of_the_account_sends_as_the_requester(
    person_setup, exchange, new_tokens, submit
):
    account = new_tokens().of(person_setup)
    account.finish_sign_in(account.begin_sign_in())

    submit(person_setup, ANN)

    [received] = exchange.received
    assert b"<ann@contoso.com>" in received.raw
    assert received.envelope_from == PERSON
    assert [login for _, login, _ in exchange.sign_ins] == [PERSON.encode()]


@pytest.mark.parametrize("user_name", ["app", "", PERSON])
def test_vector_35_the_app_signs_in_as_each_requester(user_name, app_setup, exchange, submit):
    setup = replace(app_setup, sign_in_as=SignInAs.REQUESTER, user_name=user_name)
    exchange.mailboxes.usable = {"ann@contoso.com", "cid@contoso.com"}

    submit(setup, ANN, ANN, CID)

    assert [login.decode() for _, login, _ in exchange.sign_ins] == [
        "ann@contoso.com",
        "cid@contoso.com",
    ]
    assert [letter.envelope_from for letter in exchange.received] == [
        "ann@contoso.com",
        "ann@contoso.com",
        "cid@contoso.com",
    ]


def test_vector_36_an_expired_token_is_replaced_once(app_setup, entra, exchange, submit):
    submit(app_setup, ANN)
    exchange.mailboxes.refused = {entra.tokens[0]}

    submit(app_setup, ANN)

    assert len(exchange.received) == 2
    assert len(entra.tokens) == 2
    assert exchange.refused_tokens == [entra.tokens[0]]


def test_vector_36_a_token_of_the_account_is_replaced_once_too(
    person_setup, entra, exchange, new_tokens, submit
):
    account = new_tokens().of(person_setup)
    account.finish_sign_in(account.begin_sign_in())
    exchange.mailboxes.refused = {entra.tokens[0]}

    submit(person_setup, ANN)

    assert len(exchange.received) == 1
    assert entra.asked[-1]["grant_type"] == "refresh_token"
    assert entra.asked[-1]["refresh_token"] == REFRESH_TOKEN


@pytest.mark.parametrize("explains", [True, False], ids=["334 first", "535 at once"])
def test_a_token_that_is_refused_twice_is_not_tried_again(
    explains, app_setup, entra, exchange, submit
):
    exchange.mailboxes.usable = set()
    exchange.explains_refusals = explains

    with pytest.raises(DeliveryError) as caught:
        submit(app_setup, ANN)

    error = caught.value
    assert (error.stage, error.code, error.outcome) == (Stage.AUTH, 535, Outcome.ACCOUNT)
    assert error.stops_the_pass
    assert "New-ServicePrincipal" in str(error)
    assert len(exchange.refused_tokens) == len(entra.tokens) == 2
    assert not exchange.received


def test_a_server_that_explains_first_is_told_the_next_token(app_setup, entra, exchange, submit):
    submit(app_setup, ANN)
    exchange.explains_refusals = True
    exchange.mailboxes.refused = {entra.tokens[0]}

    submit(app_setup, ANN)

    assert len(exchange.received) == 2


def test_a_requester_whose_mailbox_the_app_may_not_use_concerns_only_him(
    app_setup, exchange, submit
):
    setup = replace(app_setup, sign_in_as=SignInAs.REQUESTER)

    with pytest.raises(DeliveryError) as caught:
        submit(setup, ANN)

    error = caught.value
    assert (error.kind, error.outcome) == (ReplyKind.SEND_AS_DENIED, Outcome.REFUSED)
    assert not error.stops_the_pass
    assert "Add-MailboxPermission ann@contoso.com" in str(error)


def test_smtp_sign_in_switched_off_for_all_stops_the_account(app_setup, exchange, submit):
    setup = replace(app_setup, sign_in_as=SignInAs.REQUESTER)
    words = "SmtpClientAuthentication is disabled for the Tenant."
    exchange.replies["XOAUTH2"] = 2 * [f"535 5.7.139 Authentication unsuccessful, {words}"]

    with pytest.raises(DeliveryError) as caught:
        submit(setup, ANN)

    assert caught.value.stops_the_pass
    assert "Set-TransportConfig" in str(caught.value)


def test_a_directory_that_is_down_at_the_mail_server_costs_no_new_token(
    app_setup, entra, exchange, submit
):
    exchange.mailboxes.usable = set()
    exchange.replies["XOAUTH2"] = ["535 4.7.0 Temporary authentication failure"]

    with pytest.raises(DeliveryError) as caught:
        submit(app_setup, ANN)

    assert caught.value.outcome is Outcome.RETRY
    assert len(entra.tokens) == 1


def test_a_server_without_xoauth2_is_given_no_token(app_setup, mail_server, submit):
    server = mail_server(auth_exclude_mechanism=["XOAUTH2"])

    with pytest.raises(DeliveryError, match="XOAUTH2"):
        submit(replace(app_setup, port=server.port), ANN)

    assert not server.sign_ins


def test_a_test_and_mail_from_send_as_use_the_accounts_mailbox(app_setup, exchange, submit):
    setup = replace(app_setup, sign_in_as=SignInAs.REQUESTER)

    submit(setup, None)

    assert [login for _, login, _ in exchange.sign_ins] == [PERSON.encode()]


def test_the_explanation_names_the_mailbox_the_app_signs_in_to(app_setup):
    setup = replace(app_setup, sign_in_as=SignInAs.REQUESTER, user_name="")

    words = explain(choose_sender(setup, MailKind.WORKFLOW, ANN), setup)

    assert "the app signs in to the mailbox ann@contoso.com" in words
    assert "needs the right" not in words


def test_the_server_is_asked_for_smtputf8_before_anybody_signs_in(app_setup, exchange, new_tokens):
    setup = replace(app_setup, sign_in_as=SignInAs.REQUESTER, user_name="app")

    with SmtpTransport(setup, tokens=new_tokens().of(setup), timeout=5) as mail:
        assert mail.server_has_smtputf8

    assert not exchange.sign_ins


# Tokens ---------------------------------------------------------------------------------------


def test_a_token_is_asked_for_once_and_kept_for_the_next_process(app_setup, entra, new_tokens):
    first = new_tokens().of(app_setup)
    tokens = {first.token(), first.token(), new_tokens().of(app_setup).token()}

    assert len(tokens) == 1
    assert len(entra.asked) == 1
    assert entra.asked[0]["scope"] == "https://outlook.office365.com/.default"


def test_of_several_connections_that_are_refused_one_asks_anew(app_setup, entra, new_tokens):
    source = new_tokens().of(app_setup)
    old = source.token()
    got = []
    threads = [
        threading.Thread(target=lambda: got.append(source.token(refused=old))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == [entra.tokens[1]] * 3
    assert len(entra.tokens) == 2


def test_one_application_object_serves_as_long_as_the_setup_is_the_same(app_setup, new_tokens):
    tokens = new_tokens()

    assert tokens.of(app_setup) is tokens.of(replace(app_setup, sender_name="Contoso"))
    assert tokens.of(app_setup) is not tokens.of(replace(app_setup, tenant_id="contoso.com"))


def test_a_person_signs_in_with_a_code(person_setup, entra, new_tokens):
    account = new_tokens().of(person_setup)

    begun = account.begin_sign_in()
    entra.answers = [(400, {"error": "authorization_pending"})]
    name = account.finish_sign_in(begun)

    assert (begun.code, begun.minutes, name) == ("ABCD-1234", 15, PERSON)
    assert new_tokens().of(person_setup).token() == entra.tokens[0]


def test_a_new_sign_in_takes_the_place_of_the_one_before(person_setup, entra, new_tokens):
    account = new_tokens().of(person_setup)
    entra.person = "cid@contoso.com"
    account.finish_sign_in(account.begin_sign_in())
    entra.person = PERSON
    account.finish_sign_in(account.begin_sign_in())

    assert new_tokens().of(person_setup).token() == entra.tokens[1]


def test_another_process_that_runs_already_finds_the_sign_in(person_setup, entra, new_tokens):
    worker = new_tokens().of(person_setup)
    with pytest.raises(NotSignedIn, match="countersign mail sign-in"):
        worker.token()
    account = new_tokens().of(person_setup)
    account.finish_sign_in(account.begin_sign_in())

    assert worker.token() == entra.tokens[0]


def test_a_declined_sign_in_is_said_and_nothing_is_kept(person_setup, entra, new_tokens, engine):
    account = new_tokens().of(person_setup)
    entra.answers = [(400, {"error": "authorization_declined"})]

    with pytest.raises(OAuthError, match="declined"):
        account.finish_sign_in(account.begin_sign_in())

    assert SqlTokenCache(engine, lambda: (KEY,)).load() == ""


# Refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "words", "passing"),
    [
        ((401, {"error": "invalid_client", "error_description": "AADSTS7000222: expired."}),
         "has expired", False),
        ((400, {"error": "unauthorized_client", "error_description": "AADSTS700016: no."}),
         "Check client_id", False),
        ((400, {"error": "access_denied", "error_description": "AADSTS53003: policy"}),
         "Conditional Access", False),
        ((400, {"error": "invalid_grant", "error_description": "AADSTS65001: consent"}),
         "consent", False),
        ((400, {"error": "temporarily_unavailable", "error_description": "later"}), "later", True),
        ((503, "<html>busy</html>"), "could not be asked", True),
        ((200, "<html>a portal of a hotel</html>"), "makes no sense", True),
        ((302, "elsewhere"), "makes no sense", True),
    ],
)  # fmt: skip
def test_why_there_is_no_token_is_said_with_what_to_do(
    answer, words, passing, app_setup, entra, new_tokens
):
    entra.answers = [answer]

    with pytest.raises(OAuthError, match=words) as caught:
        new_tokens().of(app_setup).token()

    assert caught.value.passing is passing


def test_a_secret_that_entra_repeats_is_not_shown(app_setup, new_tokens):
    wrong = replace(app_setup, client_secret="canary-wrong-secret")  # noqa: S106 - a wrong one

    with pytest.raises(OAuthError, match="not its id") as caught:
        new_tokens().of(wrong).token()

    assert "canary" not in str(caught.value)
    assert "Trace ID" not in str(caught.value)


def test_a_directory_that_does_not_exist_is_named(app_setup, new_tokens):
    wrong = replace(app_setup, tenant_id="nowhere.example")

    with pytest.raises(OAuthError, match=r"nowhere\.example") as caught:
        new_tokens().of(wrong).token()

    assert not caught.value.passing


def test_an_authority_with_another_certificate_is_told_nothing(app_setup, entra, new_tokens):
    wrong = replace(app_setup, ca_file="")

    with pytest.raises(OAuthError, match="could not be asked") as caught:
        new_tokens().of(wrong).token()

    assert caught.value.passing
    assert not entra.asked


def test_without_a_token_the_letter_waits_or_the_account_stops(app_setup, entra, exchange, submit):
    entra.answers = [(503, "busy")]
    with pytest.raises(DeliveryError) as passing:
        submit(app_setup, ANN)
    with pytest.raises(DeliveryError) as lasting:
        submit(replace(app_setup, client_secret="wrong"), ANN)  # noqa: S106

    assert (passing.value.stage, passing.value.outcome) == (Stage.AUTH, Outcome.RETRY)
    assert lasting.value.outcome is Outcome.ACCOUNT
    assert not exchange.sign_ins


def test_the_kept_tokens_cannot_be_read_in_the_database(
    person_setup, entra, new_tokens, engine, sqlite_database
):
    account = new_tokens().of(person_setup)
    account.finish_sign_in(account.begin_sign_in())
    engine.dispose()
    path = sqlite_database.removeprefix("sqlite:///")
    with open(path, "rb") as file:  # noqa: PTH123 - what a thief would do
        stolen = file.read()

    assert REFRESH_TOKEN in SqlTokenCache(engine, lambda: (KEY,)).load()
    assert REFRESH_TOKEN.encode() not in stolen
    assert entra.tokens[0].encode() not in stolen
    assert json.loads(SqlTokenCache(engine, lambda: (KEY,)).load())
