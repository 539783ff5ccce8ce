"""Setting up the mail account at the command line: presets, the guide, the test, the keys."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from app.catcher import Catcher
from local_authority import make_certificates
from token_endpoint import CLIENT, PERSON, TENANT, token_endpoint
from token_mailbox import token_mailbox

FILLED = ("server=mail.example.com", "port=25", "authentication=basic", "user_name=erp@example.com")
APP = ("authentication=oauth2", f"tenant_id={TENANT}", f"client_id={CLIENT}")


@pytest.fixture
def catcher(tmp_path):
    with Catcher(tmp_path / "mails") as running:
        yield running


@pytest.fixture
def shown(done):
    """The setup as programs see it."""
    return lambda: done("mail", "show", "--json").json


class TestHelp:
    def test_every_setting_is_described(self, typed):
        out = typed("mail", "setup", "--help").out

        assert "rate_per_minute: Most letters a minute" in out
        assert "countersign mail setup client_secret=-" in out

    def test_in_the_language_of_the_settings(self, typed, monkeypatch):
        monkeypatch.setenv("COUNTERSIGN_LANGUAGE", "nl")

        assert "Hoogste aantal brieven per minuut" in typed("mail", "setup", "--help").out

    def test_also_where_a_setting_is_wrong(self, typed, monkeypatch):
        monkeypatch.setenv("COUNTERSIGN_TIMEZONE", "Mars/Olympus")

        assert "Most letters a minute" in typed("mail", "setup", "--help").out


class TestOffice365:
    def test_vector_s7_an_empty_setup_is_filled_in_unasked(self, done, shown):
        ended = done("mail", "office365")

        setup = shown()
        assert (setup["server"], setup["port"], setup["secure"]) == (
            "smtp.office365.com",
            587,
            True,
        )
        assert setup["authentication"] == "oauth2"
        assert (setup["rate_per_minute"], setup["connections"]) == (30, 3)
        assert "December 2026" in ended.err

    def test_vector_s8_a_filled_setup_is_overridden_only_when_asked(self, typed, done, shown):
        done("mail", "setup", *FILLED, "password=geheim")
        before = shown()

        refused = typed("mail", "office365", stdin="n\n")
        unchanged = shown()
        overridden = done("mail", "office365", "--sign-in", "basic", stdin="y\n")

        assert refused.exit_code == 1
        assert "Nothing is changed" in refused.err
        assert unchanged == before
        kept = ("user_name", "send_as", "allow_sender_substitution")
        assert {key: shown()[key] for key in kept} == {key: before[key] for key in kept}
        assert shown()["server"] == "smtp.office365.com"
        assert (before["password"], shown()["password"]) == ("***", "")
        assert "password was given for another server" in overridden.err

    def test_vector_s9_substitution_stays_on(self, done, shown):
        done("mail", "setup", "authentication=anonymous")

        done("mail", "office365", "--yes", "--sign-in", "basic")

        assert shown()["allow_sender_substitution"] is True

    def test_nobody_there_to_ask_changes_nothing(self, typed, done, shown):
        done("mail", "setup", *FILLED)

        assert typed("mail", "office365", stdin="").exit_code == 1
        assert shown()["server"] == "mail.example.com"

    def test_the_hint_is_in_the_language_of_the_settings(self, done, monkeypatch):
        monkeypatch.setenv("COUNTERSIGN_LANGUAGE", "nl")

        assert "eind december 2026" in done("mail", "office365").err


class TestGuide:
    def test_answers_become_the_setup(self, done, shown):
        answers = ["gmail", "", "contoso@gmail.com", "geheim", "-", "no"]

        ended = done("mail", "guide", stdin="\n".join(answers) + "\n")

        setup = shown()
        assert (setup["server"], setup["user_name"]) == ("smtp.gmail.com", "contoso@gmail.com")
        assert setup["password"] == "***"  # noqa: S105
        assert "app password" in ended.err
        assert "countersign mail test" in ended.err
        assert "geheim" not in ended.out + ended.err

    def test_a_wrong_answer_is_asked_again_and_one_can_go_back(self, done, shown):
        answers = ["hotmail", "yahoo", "", "wrong@yahoo.com", "<", "right@yahoo.com", "pw", "", ""]

        ended = done("mail", "guide", stdin="\n".join(answers) + "\n")

        assert shown()["user_name"] == "right@yahoo.com"
        assert "must be one of office365" in ended.err

    def test_stopping_halfway_keeps_what_was_there(self, typed, done, shown):
        done("mail", "setup", *FILLED)
        before = shown()

        ended = typed("mail", "guide", stdin="gmail\n\ncontoso@gmail.com\n")

        assert ended.exit_code == 1
        assert "Nothing is changed" in ended.err
        assert shown() == before

    def test_answers_from_a_file_are_read_without_a_warning(self, sqlite_database, shown):
        answers = ["gmail", "", "contoso@gmail.com", "geheim", "-", "no"]

        ended = subprocess.run(
            [sys.executable, "-m", "app.cli", "mail", "guide"],
            input="\n".join(answers) + "\n", capture_output=True, text=True, check=False,
            timeout=60, env=os.environ | {"COUNTERSIGN_DATABASE_URL": sqlite_database},
        )  # fmt: skip

        assert ended.returncode == 0, ended.stderr
        assert "Warning" not in ended.stderr
        assert "geheim" not in ended.stdout + ended.stderr
        assert shown()["password"] == "***"  # noqa: S105


class TestTest:
    def test_one_real_letter_is_sent_and_explained(self, done, shown, catcher):
        done("mail", "setup", f"server={catcher.host}", f"port={catcher.port}")
        done("mail", "setup", "send_as=noreply@example.com")

        ended = done("mail", "test", "ann@example.com")

        (mail,) = catcher.mails()
        assert mail.recipients == ("ann@example.com",)
        assert mail.message["From"] == "noreply@example.com"
        assert "because it is Send As in the mail setup" in ended.out
        assert shown()["last_test"]["accepted"] is True
        assert "accepted" in done("mail", "show").out

    def test_a_refusal_is_told_and_remembered(self, typed, done, shown, catcher):
        done("mail", "setup", f"server={catcher.host}", f"port={catcher.port}")
        catcher.stop()

        ended = typed("mail", "test", "ann@example.com", "--json")

        assert ended.exit_code == 3
        assert ended.json["verdict"]["stage"] == "connect"
        assert "could not be reached" in ended.err
        assert shown()["last_test"]["accepted"] is False
        assert "refused at connect" in done("mail", "show").out

    def test_vector_s14_without_a_server_it_is_refused(self, typed):
        ended = typed("mail", "test", "ann@example.com")

        assert ended.exit_code == 1
        assert "countersign mail setup server=" in ended.err

    def test_an_address_that_is_none_is_refused(self, typed, done, catcher):
        done("mail", "setup", f"server={catcher.host}", f"port={catcher.port}")

        assert typed("mail", "test", "ann").exit_code == 1


class TestSignIn:
    def test_a_person_signs_in_with_a_code(self, done, tmp_path):
        certificates = make_certificates(tmp_path)
        with token_endpoint(certificates.server) as entra:
            options = ("oauth_flow=device_code", f"authority={entra.authority}")
            done("mail", "setup", "server=localhost", *APP, *options, f"user_name={PERSON}",
                 f"ca_file={certificates.ca_file}")  # fmt: skip

            ended = done("mail", "sign-in")

            assert "enter the code ABCD-1234" in ended.err
            assert PERSON in ended.out
            entra.person = "bob@contoso.com"
            assert "another mailbox" in done("mail", "sign-in").err

    def test_whoever_signs_in_agrees_to_reading_only_where_a_mailbox_is_read(self, done, tmp_path):
        certificates = make_certificates(tmp_path)
        here = "server=localhost"
        trust = f"ca_file={certificates.ca_file}"
        with (
            token_endpoint(certificates.server) as entra,
            token_mailbox(certificates.server) as mailbox,
        ):
            mailbox.mails = [b"From: bob@example.com\r\nSubject: Hello\r\n\r\nHello\r\n"]
            options = ("oauth_flow=device_code", f"authority={entra.authority}")
            done("mail", "setup", here, *APP, *options, f"user_name={PERSON}", trust)
            done("mail", "sign-in")
            done("mail", "inbox", here, f"port={mailbox.port}", trust, f"user_name={PERSON}")
            done("mail", "inbox", "authentication=oauth2")
            done("mail", "sign-in")

            (read,) = done("mail", "read", "--json").json

            sending, reading = entra.agreed
            assert "SMTP.Send" in sending
            assert "IMAP" not in sending
            assert "SMTP.Send" in reading
            assert "IMAP.AccessAsUser.All" in reading
            assert read["result"] == "ignored"
            assert mailbox.seen == {1}
            assert [user for user, _ in mailbox.tokens] == [PERSON]

    def test_where_nobody_has_to_it_is_refused(self, typed, done):
        done("mail", "setup", "server=localhost", *APP)

        ended = typed("mail", "sign-in")

        assert ended.exit_code == 1
        assert "oauth_flow=device_code" in ended.err

    def test_entra_out_of_reach_is_a_problem_outside(self, typed, done, tmp_path):
        certificates = make_certificates(tmp_path)
        with token_endpoint(certificates.server) as entra:
            away = entra.authority
        done("mail", "setup", "server=localhost", *APP, "oauth_flow=device_code",
             f"authority={away}", f"ca_file={certificates.ca_file}")  # fmt: skip

        ended = typed("mail", "sign-in", "--json")

        assert ended.exit_code == 3
        assert ended.json["refused"]["code"] == "OAUTH"


class TestRotateKey:
    def test_secrets_are_encrypted_with_the_new_key(self, done, monkeypatch, shown):
        monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "the-key-of-last-year")
        done("mail", "setup", *FILLED, "password=geheim")
        monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "the-newest-key-of-all,the-key-of-last-year")

        assert done("mail", "rotate-key", "--json").json == {"rotated": 1}

        monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "the-newest-key-of-all")
        assert shown()["password"] == "***"  # noqa: S105

    def test_without_the_old_key_it_is_refused(self, typed, done, monkeypatch):
        monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "the-key-of-last-year")
        done("mail", "setup", *FILLED, "password=geheim")
        monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "the-newest-key-of-all")

        ended = typed("mail", "rotate-key")

        assert ended.exit_code == 1
        assert "behind a comma" in ended.err


def test_the_secrets_are_never_shown(done, sqlite_database):
    typed_in = done("mail", "setup", *APP, "client_secret=-", stdin="canary-secret\n")

    everything = typed_in.out + typed_in.err
    for words in (("mail", "show"), ("mail", "show", "--json")):
        everything += done(*words).out
    with closing(sqlite3.connect(sqlite_database.removeprefix("sqlite:///"))) as database:
        everything += "\n".join(database.iterdump())
    assert "***" in everything
    assert "canary" not in everything
