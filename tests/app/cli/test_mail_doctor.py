"""The mail doctor at the command line."""

import pytest

from dns_server import DnsServer
from mailbox_server import mailbox_server
from scripted_server import ScriptedServer

SECRET = "canary-4711"  # noqa: S105 - no real one
DENIED = "554 5.2.252 SendAsDenied; erp@example.com not allowed to send as ann@example.com"


@pytest.fixture
def server():
    with ScriptedServer(offers_sign_in=True) as running:
        yield running


@pytest.fixture
def substituting(company, done, server):
    """Mail carries the requester's address, by a server on this machine."""
    done(
        "mail", "setup", "server=127.0.0.1", f"port={server.port}", "authentication=basic",
        "user_name=erp@example.com", f"password={SECRET}", "allow_sender_substitution=yes",
    )  # fmt: skip


def test_without_a_mail_server_it_says_what_to_do(typed):
    ended = typed("mail", "doctor")

    assert ended.exit_code == 1
    assert "countersign mail setup server=" in ended.err


@pytest.mark.usefixtures("substituting")
def test_a_healthy_setup_in_words_and_as_json(done):
    words = done("mail", "doctor").out
    told = done("mail", "doctor", "--json")

    assert "auth: erp@example.com is signed in." in words
    assert "sender ANN: From Ann Ash <ann@example.com>" in words
    assert told.json["healthy"] is True
    assert {rung["check"] for rung in told.json["rungs"]} == {
        "setup", "dns", "tcp", "tls", "ehlo", "auth", "sender", "send_as", "alignment", "spf"
    }  # fmt: skip
    assert set(told.json["rungs"][0]) == {"check", "grade", "sentence", "fix", "about"}
    assert SECRET not in words + told.out + told.err


@pytest.mark.usefixtures("substituting")
def test_a_refused_sign_in_ends_with_1_and_repeats_no_secret(typed, server):
    server.always("auth", f"535 5.7.8 \x1b[2Jwrong: {SECRET}")

    ended = typed("mail", "doctor")
    told = typed("mail", "doctor", "--json")

    assert (ended.exit_code, told.exit_code) == (1, 1)
    assert told.json["healthy"] is False
    assert "failed   auth: Refused: 535" in ended.out
    assert "→ Check User Name and Password" in ended.out
    assert SECRET not in ended.out + ended.err + told.out + told.err
    assert "\x1b" not in ended.out + told.out


@pytest.mark.usefixtures("substituting")
def test_a_refusal_on_record_names_the_grant(done, typed, server):
    refusals = iter([DENIED])
    server.at["answer"] = lambda: next(refusals, None)
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")

    ended = typed("mail", "doctor")

    assert ended.exit_code == 1
    assert "failed   send as ANN: The mail server refused erp@example.com" in ended.out
    assert "-Identity 'ann@example.com' -Trustee 'erp@example.com'" in ended.out


@pytest.mark.usefixtures("substituting")
def test_a_test_letter_is_a_verdict_too(done):
    done("mail", "setup", "allow_sender_substitution=no", "send_as=noreply@example.com")
    before = done("mail", "doctor").out

    done("mail", "test", "ann@example.com")

    assert "`countersign mail test ADDRESS` tries it" in before
    assert "took a letter from noreply@example.com" in done("mail", "doctor").out


@pytest.mark.usefixtures("substituting")
def test_what_domains_publish_is_asked_of_the_name_server_that_is_named(done, typed):
    done("users", "set", "ann", "email=ann@contoso.com")
    done("mail", "setup", "allowed_domains=contoso.com,example.com")
    with DnsServer() as dns:
        dns.text("contoso.com", "v=spf1 ip4:192.0.2.1 -all")
        address = f"{dns.address.host}:{dns.address.port}"
        told = done("mail", "doctor", "--name-server", address).out

    assert ("contoso.com", "TXT") in dns.asked
    assert ("example.com", "TXT") not in dns.asked
    assert "_dmarc.contoso.com: v=DMARC1; p=none" in told
    assert "example.com is no domain of the Internet" in told
    for wrong in ("9.9.9.9:0", "9.9.9.9:x", "dns.example.com", "9.9.9.9:99999999"):
        assert typed("mail", "doctor", "--name-server", wrong).exit_code == 2


@pytest.mark.usefixtures("substituting")
def test_in_the_language_of_the_settings(done, monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_LANGUAGE", "nl")

    words = done("mail", "doctor").out
    rungs = done("mail", "doctor", "--json").json["rungs"]

    assert "goed          auth: erp@example.com is aangemeld." in words
    assert "omdat Vervanging van afzender toestaan aan staat" in words
    assert {"auth", "send_as"} <= {rung["check"] for rung in rungs}
    assert {rung["grade"] for rung in rungs} <= {"ok", "warning", "failed", "skipped"}


@pytest.mark.usefixtures("substituting")
def test_a_letter_there_and_back_is_a_verdict_on_that_sender(done, server):
    with mailbox_server() as mailboxes:
        folder = mailboxes.new_folder()
        server.at["accepted"] = lambda: mailboxes.put(folder, server.accepted[-1])
        done(
            "mail", "inbox", "server=localhost", f"port={folder.port}", "secure=no",
            f"user_name={folder.user_name}", "password=-", f"folder={folder.folder}",
            "answers_to=approvals@example.com", stdin=f"{folder.password}\n",
        )  # fmt: skip
        ended = done("mail", "doctor", "--round-trip", "--as", "ann", "--wait", "10")

    assert "A letter goes to approvals@example.com" in ended.err
    assert "ok       round trip: It arrived with From ann@example.com as it left" in ended.out
    assert "took a letter from ann@example.com" in done("mail", "doctor").out


@pytest.mark.usefixtures("substituting")
def test_without_a_mailbox_no_letter_goes_out(done, server):
    ended = done("mail", "doctor", "--round-trip")

    assert "skipped  round trip: No mailbox is set up" in ended.out
    assert server.accepted == []
