"""The letter that tests the mail setup goes the way of real mail."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from notifications.mail_setup import MailNotSetUp, MailSetup
from notifications.readers import Company
from notifications.senders import NoSender
from notifications.setup_testing import NoTestRecipient, send_test
from notifications.transports import SmtpTransport

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
CONTOSO = Company(name="Contoso", language="en", time_zone="UTC", currency="EUR")


@pytest.fixture
def tested():
    """Tests a setup: `tested(setup, "ann@contoso.com")`."""

    def run(setup, to_address="ann@contoso.com", company=CONTOSO):
        with SmtpTransport(setup, timeout=5) as transport:
            return send_test(transport, setup, to_address, company=company, now=NOW)

    return run


def test_vector_24_the_test_comes_from_send_as_like_real_mail(mail_server, signs_in, tested):
    server = mail_server()

    result = tested(server.setup(**signs_in, send_as="noreply@contoso.com"))

    [received] = server.received
    assert received.recipients == ["ann@contoso.com"]
    assert b"From: noreply@contoso.com" in received.raw
    assert result.error is None
    assert (result.verdict.accepted, result.verdict.rule) == (True, "send_as")
    assert result.verdict.login == "erp@contoso.com"
    assert result.verdict.text == "2.0.0 queued as 4711"


def test_vector_25_a_missing_grant_is_shown_and_is_no_success(mail_server, signs_in, tested):
    server = mail_server()
    server.replies["DATA"] = ["554 5.2.252 SendAsDenied; erp not allowed to send as noreply"]

    result = tested(server.setup(**signs_in, send_as="noreply@contoso.com"))

    assert (result.verdict.accepted, result.verdict.stage) == (False, "answer")
    assert (result.verdict.code, result.verdict.enhanced) == (554, "5.2.252")
    assert "grant Send As on the mailbox noreply@contoso.com" in str(result.error)


def test_vector_22_without_sign_in_and_send_as_one_writes_to_oneself(mail_server, tested):
    server = mail_server(tls=False, sign_in=False)

    result = tested(server.setup())

    assert (result.verdict.rule, result.verdict.from_address) == ("recipient", "ann@contoso.com")
    assert result.verdict.login == ""


def test_vector_s14_without_a_server_there_is_no_test(tested):
    with pytest.raises(MailNotSetUp):
        tested(MailSetup())


def test_vector_s16_a_server_without_tls_is_given_no_test_letter(mail_server, signs_in, tested):
    server = mail_server(tls=False)

    result = tested(server.setup(**signs_in))

    assert result.verdict.stage == "tls"
    assert not server.received


@pytest.mark.parametrize("address", ["", "ann", "ann@contoso.com, bob@contoso.com"])
def test_a_test_goes_to_one_address(address, mail_server, signs_in, tested):
    with pytest.raises(NoTestRecipient):
        tested(mail_server().setup(**signs_in), address)


def test_a_setup_without_any_sender_is_refused_before_connecting(mail_server, signs_in, tested):
    server = mail_server()

    with pytest.raises(NoSender):
        tested(server.setup(**signs_in | {"user_name": "CONTOSO\\erp"}))
    assert server.connections == 0


def test_the_letter_is_in_the_language_of_the_company(mail_server, signs_in, tested):
    server = mail_server()

    tested(server.setup(**signs_in), company=replace(CONTOSO, language="nl", name="<Contoso>"))

    [received] = server.received
    assert b"Test van de mailinstellingen van" in received.raw
    assert b"&lt;Contoso&gt; werken" in received.raw
