"""The mail doctor names the rung that is broken, and how to repair it."""

# ruff: noqa: ARG002 - the arguments of a token source

import base64
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

import dns_server
from dns_server import DnsServer
from notifications import connecting, doctor_conversation
from notifications.doctor import Patient, diagnosed, failed
from notifications.doctor_network import Budget, within
from notifications.doctor_rights import Known
from notifications.doctor_rungs import in_language
from notifications.doctor_senders import upper_rungs
from notifications.doctor_words import HIDDEN, Discretion, quoted
from notifications.mail_setup import Authentication, MailNotSetUp, MailSetup
from notifications.oauth_errors import NotSignedIn
from notifications.ports import MailTest
from notifications.senders import Requester
from scripted_server import HANG, ScriptedServer
from token_endpoint import jwt

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ANN = Requester(user_id="ANN", name="Ann Lee", email="ann@contoso.com")
BOB = Requester(user_id="BOB", name="Bob Ray", email="bob@contoso.com")
CANARY = "canary-4711"
NETWORK = ("dns", "tcp", "tls", "ehlo", "auth")
NAME_SERVER = DnsServer()  # of this file; it knows no domain
DENIED = "5.2.252 SendAsDenied; erp not allowed to send as ann"


@pytest.fixture(scope="module", autouse=True)
def _answering():
    with NAME_SERVER:
        yield


class NoTokens:
    def token(self, *, refused=""):
        raise NotSignedIn


class OneToken:
    def __init__(self, text):
        self.text = text

    def token(self, *, refused=""):
        return self.text


def diagnose(setup, *people, tokens=None, seconds=10.0, **known):
    patient = Patient(
        setup=setup, tokens=tokens or NoTokens(), people=people, known=Known(**known),
        name_server=NAME_SERVER.address,
    )  # fmt: skip
    return diagnosed(patient, NOW, seconds=seconds)


def grades(rungs):
    return {rung.check.value: rung.grade.value for rung in rungs if rung.check in NETWORK}


def the(check, rungs):
    [rung] = [rung for rung in rungs if rung.check == check]
    return rung


def verdict(address, *, accepted, text="", code=None):
    stage = "sent" if accepted else "answer"
    return MailTest(
        at=NOW, to_address="x@contoso.com", from_address=address, rule="", login="",
        accepted=accepted, stage=stage, code=code, text=text,
    )  # fmt: skip


@contextmanager
def answering(greeting):
    """Something that says one thing to whoever connects, and then nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        talking = []

        def serve():
            while True:
                try:
                    talking.append(listener.accept()[0])
                except OSError:
                    return
                greeting(talking[-1])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
    for connection in talking:
        connection.close()


def test_without_a_server_there_is_nothing_to_examine():
    with pytest.raises(MailNotSetUp):
        diagnose(MailSetup())


def test_all_is_well(mail_server, signs_in):
    server = mail_server()

    rungs = diagnose(server.setup(**signs_in), ANN)

    assert grades(rungs) == dict.fromkeys(NETWORK, "ok")
    assert not failed(rungs)
    assert "erp@contoso.com is signed in" in the("auth", rungs).sentence
    assert "TLSv1" in the("tls", rungs).sentence
    assert server.received == []


@pytest.mark.parametrize(
    ("broken", "rung", "words", "fix"),
    [
        ({"server": "nowhere.invalid"}, "dns", "not known", "server="),
        ({"server": "smtp..example.com"}, "dns", "not known", "server="),
        ({"port": None}, "tcp", "does not answer", "firewall"),
        ({"ca_file": ""}, "tls", "certificate", "ca_file"),
        ({"ca_file": "/nowhere/ca.pem"}, "tls", "cannot be read", "ca_file"),
        ({"password": "wrong"}, "auth", "535", "Password"),
        ({"user_name": "nobody@contoso.com"}, "auth", "535", "User Name"),
    ],
)
def test_the_broken_rung_is_named_and_those_above_are_not_climbed(
    mail_server, signs_in, unused_port, broken, rung, words, fix
):
    if "port" in broken:
        broken = {"port": unused_port}
    setup = replace(mail_server().setup(**signs_in), **broken)

    rungs = diagnose(setup, ANN)

    found = grades(rungs)
    below, above = NETWORK[: NETWORK.index(rung)], NETWORK[NETWORK.index(rung) + 1 :]
    assert found == {
        **dict.fromkeys(below, "ok"), rung: "failed", **dict.fromkeys(above, "skipped")
    }  # fmt: skip
    assert words in the(rung, rungs).sentence
    assert fix in the(rung, rungs).fix
    assert all(f"because {rung} failed" in the(name, rungs).sentence for name in above)
    assert failed(rungs)


def test_a_server_without_tls(mail_server, signs_in):
    rungs = diagnose(mail_server(tls=False).setup(**signs_in), ANN)

    assert grades(rungs)["tls"] == "failed"
    assert "STARTTLS" in the("tls", rungs).sentence
    assert "465 is encrypted from the first byte" in the("tls", rungs).fix
    assert "secure" in the("tls", rungs).fix


class TestEncryptedFromTheFirstByte:
    @pytest.fixture
    def on_465(self, monkeypatch):
        """The setup of a server whose port counts as 465."""

        def setup(server, signs_in):
            for module in (connecting, doctor_conversation):
                monkeypatch.setattr(module, "IMPLICIT_TLS_PORT", server.port)
            return server.setup(**signs_in)

        return setup

    def test_all_is_well(self, mail_server, signs_in, certificates, on_465):
        server = mail_server(implicit_tls=certificates.server, tls=False)

        assert grades(diagnose(on_465(server, signs_in), ANN)) == dict.fromkeys(NETWORK, "ok")

    def test_a_server_that_begins_in_clear(self, mail_server, signs_in, on_465):
        rungs = diagnose(on_465(mail_server(), signs_in), ANN)

        assert (grades(rungs)["tls"], grades(rungs)["ehlo"]) == ("failed", "skipped")
        assert "587" in the("tls", rungs).fix

    def test_one_that_refuses_when_encrypted(self, mail_server, signs_in, certificates, on_465):
        server = mail_server(implicit_tls=certificates.server, tls=False)
        server.replies["GREETING"] = ["421 4.3.2 later"] * 2

        rungs = diagnose(on_465(server, signs_in), ANN)

        assert (grades(rungs)["tls"], grades(rungs)["ehlo"]) == ("ok", "failed")


def test_a_certificate_for_another_name(mail_server, signs_in):
    rungs = diagnose(mail_server(other_name=True).setup(**signs_in), ANN)

    assert grades(rungs)["tls"] == "failed"
    assert "certificate" in the("tls", rungs).sentence


def test_a_certificate_that_is_not_right_is_explained_in_plain_words(mail_server, signs_in):
    other = diagnose(mail_server(other_name=True).setup(**signs_in), ANN)
    unknown = diagnose(mail_server().setup(**signs_in | {"ca_file": ""}), ANN)

    assert the("tls", other).sentence.endswith("another name than the server's in the mail setup.")
    assert "an authority that this machine does not know." in the("tls", unknown).sentence
    assert "ca_file" in the("tls", unknown).fix
    [dutch] = [rung for rung in in_language(other, "nl") if rung.check == "tls"]
    assert dutch.sentence.startswith("Het certificaat van de mailserver klopt niet: het is voor")


def test_a_server_that_says_nothing_is_told_as_such():
    with ScriptedServer() as server:
        server.always("ehlo", HANG)
        rungs = diagnose(MailSetup(server="127.0.0.1", port=server.port), seconds=8.0)

    assert the("ehlo", rungs).sentence == "The mail server stopped answering."


def test_an_account_without_a_password_is_warned_about(mail_server, signs_in):
    rungs = diagnose(mail_server().setup(**signs_in | {"password": ""}), ANN)

    assert "Password is empty" in the("setup", rungs).sentence


def test_a_greeting_that_refuses_is_told_in_its_code(mail_server, signs_in):
    server = mail_server()
    server.replies["GREETING"] = ["554 5.7.1 \x1b[31mgo away"] * 2

    rung = the("ehlo", diagnose(server.setup(**signs_in), ANN))

    assert rung.grade == "failed"
    assert "554" in rung.sentence
    assert "\x1b" not in rung.sentence


def test_what_is_no_mail_server_is_not_quoted(signs_in):
    with answering(lambda one: one.sendall(b"+OK POP3 hush\r\n")) as port:
        setup = MailSetup(server="127.0.0.1", port=port)
        rungs = diagnose(setup, ANN)

    assert "no mail server" in the("ehlo", rungs).sentence
    assert "hush" not in repr(rungs)
    assert the("auth", rungs).grade == "skipped"


def test_without_sign_in_and_on_this_machine_two_rungs_are_not_wanted(mail_server):
    rungs = diagnose(mail_server(tls=False, sign_in=False).setup(), ANN)

    assert grades(rungs) == {
        "dns": "ok", "tcp": "ok", "tls": "skipped", "ehlo": "ok", "auth": "skipped"
    }  # fmt: skip


@pytest.mark.parametrize("point", ["connect", "ehlo", "auth"])
def test_a_server_that_falls_silent_costs_no_more_than_the_budget(point):
    with ScriptedServer(offers_sign_in=True) as server:
        server.always(point, HANG)
        setup = MailSetup(
            server="127.0.0.1", port=server.port, authentication=Authentication.BASIC,
            user_name="erp@contoso.com", password=CANARY,
        )  # fmt: skip
        began = time.monotonic()
        rungs = diagnose(setup, ANN, seconds=1.0)
        took = time.monotonic() - began

    assert took < 3
    assert the("auth" if point == "auth" else "ehlo", rungs).grade == "failed"


def drip(connection, seconds):
    """A line now and then, and never the last one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            connection.sendall(b"220-still here\r\n")
        except OSError:
            return
        time.sleep(0.1)


def test_a_server_that_drips_costs_no_more_than_the_budget():
    with answering(lambda one: threading.Thread(target=drip, args=(one, 4)).start()) as port:
        began = time.monotonic()
        rungs = diagnose(MailSetup(server="127.0.0.1", port=port), ANN, seconds=1.0)
        took = time.monotonic() - began

    assert took < 3
    assert the("ehlo", rungs).grade == "failed"


@pytest.mark.faults
def test_with_the_usual_patience_all_is_over_in_twenty_seconds():
    """Neither the mail server nor the name service comes to an end."""

    def dripping(connection):
        threading.Thread(target=drip, args=(connection, 25)).start()

    with answering(dripping) as port, DnsServer(always=dns_server.HANG) as dns:
        patient = Patient(
            setup=MailSetup(server="127.0.0.1", port=port, allow_sender_substitution=True),
            tokens=NoTokens(), people=(ANN, BOB), known=Known(), name_server=dns.address,
        )  # fmt: skip
        began = time.monotonic()
        rungs = diagnosed(patient, NOW)

    assert time.monotonic() - began < 20
    assert the("ehlo", rungs).grade == "failed"
    assert the("spf", rungs).grade == "skipped"


class TestSecrets:
    def test_a_server_that_repeats_the_sign_in_is_not_quoted(self, mail_server, signs_in):
        setup = mail_server().setup(**signs_in)
        plain = base64.b64encode(f"\0{setup.user_name}\0{setup.password}".encode()).decode()
        discretion = Discretion(setup)

        for words in (setup.password, f"535 no {setup.password} here", plain, plain.upper()):
            assert discretion.said(words) == HIDDEN
        assert discretion.said("5.7.8 no") == "5.7.8 no"

    def test_a_part_of_a_token_is_enough(self):
        discretion = Discretion(MailSetup())
        token = jwt({"aud": "x" * 900})
        discretion.keep_token("erp@contoso.com", token)

        assert discretion.said(f"bad token {token[:500]}") == HIDDEN

    def test_an_echoed_password_is_hidden_in_the_report(self):
        with ScriptedServer(offers_sign_in=True) as server:
            server.always("auth", f"535 5.7.8 wrong password {CANARY}")
            setup = MailSetup(
                server="127.0.0.1", port=server.port, authentication=Authentication.BASIC,
                user_name="erp@contoso.com", password=CANARY,
            )  # fmt: skip
            rungs = diagnose(setup, ANN)

        assert the("auth", rungs).sentence == f"Refused: 535 {HIDDEN}"
        assert CANARY not in repr(rungs)


def test_a_refused_token_says_what_is_wrong_with_itself(mail_server, signs_in):
    token = jwt({"aud": "https://graph.microsoft.com", "roles": ["Mail.Send"]})
    settings = signs_in | {"authentication": Authentication.OAUTH2, "password": ""}

    rungs = diagnose(mail_server().setup(**settings), ANN, tokens=OneToken(token))

    assert the("auth", rungs).grade == "failed"
    assert "not for Exchange Online" in the("auth", rungs).fix
    assert "SMTP.SendAsApp" in the("auth", rungs).fix
    assert token not in repr(rungs)


def test_an_app_without_any_mailbox_cannot_sign_in(mail_server, signs_in):
    settings = signs_in | {"authentication": Authentication.OAUTH2, "user_name": ""}

    assert the("auth", diagnose(mail_server().setup(**settings))).grade == "failed"


def test_without_a_token_one_is_told_to_sign_in(mail_server, signs_in):
    settings = signs_in | {"authentication": Authentication.OAUTH2, "password": ""}

    rungs = diagnose(mail_server().setup(**settings), ANN)

    assert "countersign mail sign-in" in the("auth", rungs).fix


def judged(setup, *people, **known):
    """Only the upper rungs, which need no server."""
    return upper_rungs(setup, list(people), Known(**known), Discretion(setup))


@pytest.fixture
def substituting():
    return MailSetup(
        server="mail.contoso.com",
        authentication=Authentication.BASIC,
        user_name="erp@contoso.com",
        allow_sender_substitution=True,
    )


class TestSenders:
    def test_each_person_has_his_own_rung_or_shares_one(self, substituting):
        both = judged(replace(substituting, allow_sender_substitution=False), ANN, BOB)
        each = judged(substituting, ANN, BOB)

        assert the("send_as", both).about == ("ANN", "BOB")
        assert "the account's own" in the("send_as", both).sentence
        assert [one.about for one in each if one.check == "sender"] == [("ANN",), ("BOB",)]

    def test_a_right_nobody_tried_is_neither_good_nor_bad(self, substituting):
        rung = the("send_as", judged(substituting, ANN))

        assert rung.grade == "skipped"
        assert "Not tried yet" in rung.sentence
        assert (
            "Add-RecipientPermission -Identity 'ann@contoso.com' -Trustee 'erp@contoso.com' "
            "-AccessRights SendAs"
        ) in rung.fix

    def test_an_accepted_letter_proves_it(self, substituting):
        said = {"ann@contoso.com": verdict("ann@contoso.com", accepted=True)}

        rung = the("send_as", judged(substituting, ANN, verdicts=said))

        assert (rung.grade, rung.fix) == ("ok", "")
        assert "2026-11-25" in rung.sentence

    def test_a_refusal_fails_with_the_grant(self, substituting):
        refused = verdict("ann@contoso.com", accepted=False, code=554, text=DENIED)
        said = {"ann@contoso.com": refused}
        resting = frozenset({("erp@contoso.com", "ann@contoso.com")})

        for known in ({"verdicts": said}, {"resting": resting}):
            rung = the("send_as", judged(substituting, ANN, **known))
            assert rung.grade == "failed"
            assert "Add-RecipientPermission" in rung.fix
        sender = the("sender", judged(substituting, ANN, resting=resting))
        assert sender.grade == "warning"
        assert "Add-RecipientPermission" in sender.fix

    def test_a_refusal_for_another_reason_is_a_warning(self, substituting):
        refused = verdict("ann@contoso.com", accepted=False, code=552, text="5.3.4 too large")

        rungs = judged(substituting, ANN, verdicts={"ann@contoso.com": refused})

        assert the("send_as", rungs).grade == "warning"

    def test_without_sign_in_there_is_no_such_right(self, substituting):
        anonymous = replace(substituting, authentication=Authentication.ANONYMOUS)

        assert the("send_as", judged(anonymous, ANN)).grade == "skipped"

    def test_whoever_has_no_address_or_a_strange_one_is_warned(self, substituting):
        nobody = replace(ANN, email="")
        stranger = replace(ANN, email="ann@fabrikam.com")

        odd = replace(nobody, user_id="A; B")
        assert "users set 'A; B' email=" in the("sender", judged(substituting, odd)).fix
        assert "users set ANN email=" in the("sender", judged(substituting, nobody)).fix
        assert "allowed_domains=contoso.com,fabrikam.com" in (
            the("sender", judged(substituting, stranger)).fix
        )

    def test_no_sender_at_all_fails(self, substituting):
        setup = replace(substituting, user_name="erp", allow_sender_substitution=False)

        assert the("sender", judged(setup, ANN)).grade == "failed"

    def test_another_domain_needs_a_signature_of_its_own(self, substituting):
        setup = replace(substituting, allowed_domains=("contoso.com", "fabrikam.com"))

        own = the("alignment", judged(setup, ANN))
        other = the("alignment", judged(setup, replace(ANN, email="ann@fabrikam.com")))

        assert (own.grade, other.grade) == ("ok", "warning")
        assert "DKIM for fabrikam.com" in other.fix
        assert "both in contoso.com" in own.sentence


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("ann@contoso.com", "'ann@contoso.com'"),
        ("o'hara@contoso.com", "'o''hara@contoso.com'"),
        ("a\u2019; Remove-Mailbox", "'a\u2019\u2019; Remove-Mailbox'"),
        ("$(x)`n\n", "'$(x)`n'"),
    ],
)
def test_powershell_takes_an_address_for_text(text, literal):
    assert quoted(text) == literal


def test_work_that_takes_too_long_is_left_behind():
    with pytest.raises(TimeoutError):
        within(0.05, lambda: time.sleep(0.5))
    assert Budget(0).left() > 0
