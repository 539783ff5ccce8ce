"""The mail doctor at the command line."""

import pytest

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
        "setup", "dns", "tcp", "tls", "ehlo", "auth", "sender", "send_as", "alignment"
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
