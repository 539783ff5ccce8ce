"""Real conversations with a mail server on this machine."""

import gc
import ssl
import time
from dataclasses import replace

import pytest

from notifications.delivery_errors import DeliveryError
from notifications.letters import Letter
from notifications.mail_setup import Authentication, MailNotSetUp, MailSetup
from notifications.replies import Outcome, ReplyKind, Stage
from notifications.transports import BeforeEnd, SmtpTransport, nothing

ACCOUNT = "erp@contoso.com"


def transport(setup: MailSetup, **options) -> SmtpTransport:
    return SmtpTransport(setup, timeout=5, answer_timeout=5, **options)


def refusal(setup: MailSetup, letter: Letter, before_end: BeforeEnd = nothing) -> DeliveryError:
    with transport(setup) as mail, pytest.raises(DeliveryError) as caught:
        mail.submit(letter, before_end)
    gc.collect()  # an unclosed socket would be a warning, and here every warning is an error
    return caught.value


def test_a_letter_goes_over_tls_after_signing_in_once(mail_server, signs_in, write):
    server = mail_server()
    letter = write()

    with transport(server.setup(**signs_in)) as mail:
        accepted = mail.submit(letter)

    assert (accepted.code, accepted.text) == (250, "2.0.0 queued as 4711")
    assert len(server.sign_ins) == 1
    [received] = server.received
    assert received.envelope_from == ACCOUNT
    assert received.recipients == ["bob@contoso.com"]
    assert received.raw == letter.raw


def test_a_server_that_knows_only_login_is_signed_in_to(mail_server, signs_in, write):
    server = mail_server(auth_exclude_mechanism=["PLAIN"])

    with transport(server.setup(**signs_in)) as mail:
        mail.submit(write())

    assert [mechanism for mechanism, _, _ in server.sign_ins] == ["LOGIN"]


def test_port_465_is_encrypted_from_the_first_byte(
    mail_server, certificates, signs_in, write, monkeypatch
):
    server = mail_server(tls=False, sign_in=False, implicit_tls=certificates.server)
    monkeypatch.setattr("notifications.connecting.IMPLICIT_TLS_PORT", server.port)
    setup = server.setup(**signs_in | {"authentication": Authentication.ANONYMOUS})

    with transport(setup) as mail:
        mail.submit(write())

    assert len(server.received) == 1


def test_a_relay_on_this_machine_needs_no_tls(mail_server, write):
    server = mail_server(tls=False, sign_in=False)

    with transport(server.setup()) as mail:
        mail.submit(write())

    assert len(server.received) == 1


def test_without_a_server_nothing_is_connected(write):
    with transport(MailSetup()) as mail, pytest.raises(MailNotSetUp):
        mail.submit(write())


def test_vector_s16_a_server_without_tls_is_given_nothing(mail_server, signs_in, write):
    server = mail_server(tls=False)

    error = refusal(server.setup(**signs_in), write())

    assert (error.stage, error.outcome, error.kind) == (
        Stage.TLS, Outcome.ACCOUNT, ReplyKind.TLS,
    )  # fmt: skip
    assert "STARTTLS" in str(error)
    assert not server.sign_ins
    assert not server.received


@pytest.mark.parametrize("fault", ["another name", "unknown authority"])
def test_a_wrong_certificate_is_not_talked_to(fault, mail_server, signs_in, write):
    server = mail_server(other_name=fault == "another name")
    if fault == "unknown authority":
        signs_in["ca_file"] = ""

    error = refusal(server.setup(**signs_in), write())

    assert (error.stage, error.outcome) == (Stage.TLS, Outcome.ACCOUNT)
    assert "certificate" in str(error)
    assert not server.sign_ins
    assert not server.received


def test_a_missing_ca_file_is_named(mail_server, signs_in, write, tmp_path):
    server = mail_server()

    error = refusal(server.setup(**signs_in | {"ca_file": str(tmp_path / "none.pem")}), write())

    assert error.outcome is Outcome.ACCOUNT
    assert "none.pem" in str(error)


def test_starttls_that_is_down_for_a_moment_is_tried_again_later(mail_server, signs_in, write):
    server = mail_server()
    server.replies["STARTTLS"] = ["454 4.7.0 TLS not available"]

    error = refusal(server.setup(**signs_in), write())

    assert (error.stage, error.outcome, error.code) == (Stage.TLS, Outcome.RETRY, 454)


def test_vector_26_a_wrong_password_is_tried_once(mail_server, signs_in, write):
    server = mail_server()

    error = refusal(server.setup(**signs_in | {"password": "wrong"}), write())

    assert (error.stage, error.outcome, error.code) == (Stage.AUTH, Outcome.ACCOUNT, 535)
    assert error.stops_the_pass
    assert "app password" in str(error)
    assert "wrong" not in str(error)
    assert len(server.sign_ins) == 1


def test_a_password_is_not_sent_in_the_clear_to_another_machine(
    mail_server, signs_in, write, monkeypatch
):
    server = mail_server(tls=False)
    monkeypatch.setattr("notifications.signing_in.on_this_machine", lambda _: False)

    error = refusal(server.setup(**signs_in | {"secure": False}), write())

    assert (error.stage, error.outcome) == (Stage.AUTH, Outcome.ACCOUNT)
    assert not server.sign_ins


def test_nobody_listening_is_tried_again_later(mail_server, write, unused_port):
    error = refusal(MailSetup(server="127.0.0.1", port=unused_port), write())

    assert (error.stage, error.outcome, error.code) == (Stage.CONNECT, Outcome.RETRY, None)
    assert error.stops_the_pass


@pytest.mark.parametrize("greeting", ["554 5.3.2 not now", "421 4.3.2 too busy"])
def test_an_unfriendly_greeting_is_tried_again_later(greeting, mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    server.replies["GREETING"] = [greeting]

    error = refusal(server.setup(), write())

    assert (error.stage, error.outcome) == (Stage.CONNECT, Outcome.RETRY)


SEND_AS_DENIED = (
    "554 5.2.252 SendAsDenied; erp@contoso.com not allowed to send as ann@contoso.com; "
    "STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied"
)


@pytest.mark.parametrize(
    ("command", "reply", "stage", "outcome", "kind"),
    [
        ("MAIL", "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
         Stage.MAIL, Outcome.REFUSED, ReplyKind.SEND_AS_DENIED),
        ("MAIL", "530 5.7.57 Client not authenticated to send mail",
         Stage.MAIL, Outcome.ACCOUNT, ReplyKind.SIGN_IN),
        ("MAIL", "432 4.3.2 Concurrent connections limit exceeded",
         Stage.MAIL, Outcome.RETRY, ReplyKind.TOO_FAST),
        ("RCPT", "550 5.1.1 no such user", Stage.RCPT, Outcome.REFUSED, ReplyKind.RECIPIENT),
        ("RCPT", "450 4.2.0 greylisted", Stage.RCPT, Outcome.RETRY, ReplyKind.OTHER),
        ("RCPT", "553 5.7.1 <ann@contoso.com>: Sender address rejected: not owned by user erp",
         Stage.RCPT, Outcome.REFUSED, ReplyKind.SEND_AS_DENIED),
        ("DATA", SEND_AS_DENIED, Stage.ANSWER, Outcome.REFUSED, ReplyKind.SEND_AS_DENIED),
        ("DATA", "550 5.2.252 Sender throttled due to continuous send as denied errors.",
         Stage.ANSWER, Outcome.ACCOUNT, ReplyKind.SENDER_BLOCKED),
        ("DATA", "554 5.6.0 nonsense", Stage.ANSWER, Outcome.REFUSED, ReplyKind.OTHER),
        ("DATA", "451 4.3.0 try later", Stage.ANSWER, Outcome.RETRY, ReplyKind.OTHER),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(command, reply, stage, outcome, kind, mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    server.replies[command] = [reply]

    error = refusal(server.setup(), write())

    assert (error.stage, error.outcome, error.kind) == (stage, outcome, kind)
    assert error.code == int(reply[:3])
    assert error.enhanced == reply.split()[1]
    assert not server.received


def test_a_missing_send_as_grant_is_named(mail_server, signs_in, write):
    server = mail_server()
    server.replies["DATA"] = [SEND_AS_DENIED]

    error = refusal(server.setup(**signs_in), write())

    assert "grant Send As on the mailbox ann@contoso.com to erp@contoso.com" in str(error)


def test_after_a_refusal_the_same_connection_carries_the_next_letter(mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    server.replies["RCPT"] = ["550 5.1.1 no such user"]

    with transport(server.setup()) as mail:
        with pytest.raises(DeliveryError):
            mail.submit(write())
        mail.submit(write())

    assert server.connections == 1
    assert len(server.received) == 1


@pytest.mark.parametrize("pipelining", [False, True])
def test_one_refused_recipient_stops_the_letter_for_all(pipelining, mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    server.pipelining = pipelining
    server.replies["RCPT"] = ["250 2.1.5 fine", "550 5.1.1 no such user"]

    error = refusal(
        server.setup(), replace(write(), recipients=("bob@contoso.com", "cid@contoso.com"))
    )

    assert error.stage is Stage.RCPT
    assert not server.received
    assert ("DATA" in server.commands) is pipelining


def test_after_a_refusal_nothing_follows_that_a_server_could_take_for_a_letter(mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    server.replies["RCPT"] = ["", "550 5.1.1 no such user"]  # it takes Bob
    two = replace(write(), recipients=("bob@contoso.com", "cid@contoso.com"))

    with transport(server.setup()) as mail:
        with pytest.raises(DeliveryError):  # the server said: go on, to Bob alone
            mail.submit(two)
        mail.submit(write())

    [received] = server.received
    assert received.recipients == ["bob@contoso.com"]
    assert received.raw == write().raw
    assert server.connections == 2


def test_a_connection_lost_during_the_letter_is_tried_again_later(mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    server.drop = "during_letter"

    error = refusal(server.setup(), write(text="a long story\n" * 500_000))

    assert (error.stage, error.outcome) == (Stage.DATA, Outcome.RETRY)


def test_a_server_that_hung_up_before_the_final_dot_is_not_given_it(mail_server, write):
    """A short letter fits into the network's buffers, so that writing it fails nowhere."""
    server = mail_server(tls=False, sign_in=False)
    server.drop = "during_letter"

    error = refusal(server.setup(), write(), lambda: time.sleep(1))

    assert (error.stage, error.outcome) == (Stage.DATA, Outcome.RETRY)


@pytest.mark.parametrize("delivered", [False, True])
def test_a_connection_lost_after_the_final_dot_is_uncertain(delivered, mail_server, write):
    """The server did or did not keep the letter: from here both look the same."""
    server = mail_server(tls=False, sign_in=False)
    server.drop = "after_accepting" if delivered else "after_dot"

    error = refusal(server.setup(), write())

    assert (error.stage, error.outcome) == (Stage.ANSWER, Outcome.UNCERTAIN)
    assert len(server.received) == delivered


def test_after_a_lost_connection_the_next_letter_opens_a_new_one(mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    server.drop = "after_dot"

    with transport(server.setup()) as mail:
        with pytest.raises(DeliveryError):
            mail.submit(write())
        server.drop = ""
        mail.submit(write())

    assert server.connections == 2
    assert len(server.received) == 1


def test_one_connection_carries_many_letters(mail_server, signs_in, write):
    server = mail_server()

    with transport(server.setup(**signs_in)) as mail:
        for number in range(3):
            mail.submit(write(message_id=f"<{number}@contoso.com>"))

    assert server.connections == 1
    assert len(server.sign_ins) == 1
    assert len(server.received) == 3


def test_after_so_many_letters_a_new_connection_is_opened(mail_server, write):
    server = mail_server(tls=False, sign_in=False)

    with transport(server.setup(), max_letters=2) as mail:
        for _ in range(3):
            mail.submit(write())

    assert server.connections == 2


def test_after_a_pause_the_connection_is_tried_first(mail_server, write, monkeypatch):
    server = mail_server(tls=False, sign_in=False)
    monkeypatch.setattr("notifications.connecting.IDLE_SECONDS", 0.0)

    with transport(server.setup()) as mail:
        mail.submit(write())
        mail.submit(write())

    assert "NOOP" in server.commands
    assert server.connections == 1


def test_a_connection_the_server_closed_meanwhile_is_replaced(mail_server, write):
    server = mail_server(tls=False, sign_in=False, timeout=0.2)

    with transport(server.setup()) as mail:
        mail.submit(write())
        connection = mail.connect()
        connection.sock.settimeout(5)
        while connection.sock.recv(100):  # the server's goodbye, then its end
            pass
        mail.submit(write())

    assert server.connections == 2
    assert len(server.received) == 2


def test_a_letter_outside_ascii_needs_a_server_that_carries_it(mail_server, write):
    server = mail_server(tls=False, sign_in=False, smtputf8=False)

    error = refusal(server.setup(), write(to_address="jörg@contoso.com"))

    assert (error.outcome, error.kind) == (Outcome.REFUSED, ReplyKind.SMTPUTF8)
    assert not server.received


def test_a_letter_outside_ascii_reaches_a_server_that_carries_it(mail_server, write):
    server = mail_server(tls=False, sign_in=False)

    with transport(server.setup()) as mail:
        assert mail.server_has_smtputf8
        mail.submit(write(to_address="jörg@contoso.com"))

    [received] = server.received
    assert received.recipients == ["jörg@contoso.com"]
    assert "SMTPUTF8" in received.mail_options


def test_lines_that_begin_with_a_dot_arrive_as_they_were(mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    letter = write(text=".\n..\n.hidden\nend\n")
    dotted = replace(letter, raw=letter.raw + b".\r\n..two\r\nlast\r\n")

    with transport(server.setup()) as mail:
        mail.submit(dotted)

    assert server.received[0].raw == dotted.raw


def test_an_endless_reply_is_cut_off(mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    server.replies["MAIL"] = ["250-and so on\r\n" * 10_000 + "250 at last"]

    error = refusal(server.setup(), write())

    assert (error.stage, error.outcome) == (Stage.MAIL, Outcome.RETRY)


def test_the_words_of_the_server_are_made_harmless(mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    server.replies["RCPT"] = ["550 5.1.1 \x1b[31mred\x07 " + "x" * 2000]

    error = refusal(server.setup(), write())

    assert "\x1b" not in error.text
    assert r"\x1b[31mred\x07" in error.text
    assert len(error.text) <= 500


def test_an_address_with_a_line_break_never_becomes_a_command(mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    letter = replace(write(), recipients=("bob@contoso.com>\r\nRCPT TO:<eve@evil.example",))

    error = refusal(server.setup(), letter)

    assert error.outcome is Outcome.REFUSED
    assert not server.received


def test_an_address_no_command_can_carry_is_refused_and_the_next_letter_goes(mail_server, write):
    server = mail_server(tls=False, sign_in=False)
    letter = replace(write(), recipients=("jörg@contoso.com",), smtputf8=False)

    with transport(server.setup()) as mail:
        with pytest.raises(DeliveryError) as caught:
            mail.submit(letter)
        mail.submit(write())

    assert caught.value.outcome is Outcome.REFUSED
    assert len(server.received) == 1


def test_tls_is_at_least_1_2(mail_server, signs_in):
    server = mail_server()

    with transport(server.setup(**signs_in)) as mail:
        sock = mail.connect().sock

        assert isinstance(sock, ssl.SSLSocket)
        assert sock.context.minimum_version >= ssl.TLSVersion.TLSv1_2
        assert sock.context.check_hostname
