"""The mailbox, and mail that comes back, at the command line."""

from pathlib import Path

import pytest

from app.catcher import Catcher
from mailbox_server import PASSWORD, mailbox_server


@pytest.fixture
def asked(done, company, tmp_path):
    """Bob was asked about PO-1; the Message-ID of that mail."""
    with Catcher(tmp_path / "mails") as catcher:
        done("mail", "setup", f"server={catcher.host}", f"port={catcher.port}")
        done("mail", "setup", "send_as=noreply@example.com", "allow_sender_substitution=yes")
        done("send", "PO-1", "--as", "ann")
        done("run", "delivery")
    return done("outbox", "show", "1", "--json").json["message_id"]


@pytest.fixture
def answer(file, asked):
    return file(
        "answer.eml",
        f"From: bob@example.com\nMessage-ID: <1@bob>\nIn-Reply-To: {asked}\n\nWhich hall?\n",
    )


@pytest.fixture
def bounce(file, asked):
    return file(
        "bounce.eml",
        "From: mailer-daemon@example.com\nMessage-ID: <1@mta>\n"
        "X-Failed-Recipients: bob@example.com\n"
        "Subject: Mail delivery failed\n\n550 5.1.1 No such user\n\n"
        f"Message-ID: {asked}\n",
    )


def test_a_bounce_shows_on_the_email_the_user_and_the_document(done, typed, bounce):
    (row,) = done("mail", "read", bounce, "--json").json

    assert (row["result"], row["email_id"]) == ("bounced", 1)
    email = done("outbox", "show", "1", "--json").json
    assert email["bounced"] == "5.1.1 550 5.1.1 No such user"
    assert email["bounced_at"]
    assert "bounced on" in done("users", "show", "bob").out
    warnings = done("users", "check", "--json").json
    assert any("mail to bob@example.com bounced" in one["warning"] for one in warnings)
    assert "mail to bob@example.com came back" in done("documents", "show", "PO-1").out

    done("users", "set", "bob", "email=bob.baker@example.com")
    assert done("users", "show", "bob", "--json").json["bounced"] == ""


def test_an_answer_becomes_a_comment_and_nothing_is_decided(done, answer):
    (row,) = done("mail", "read", answer, "--json").json

    assert row["result"] == "comment"
    assert "Which hall?" in done("documents", "show", "PO-1").out
    assert len(done("requests", "--as", "bob", "--json").json) == 1


def test_a_folder_of_mails_is_read_and_a_second_time_nothing_happens(done, answer, bounce):
    first = done("mail", "read", answer.parent, "--json").json
    second = done("mail", "read", answer.parent, "--json").json

    assert [one["result"] for one in first] == ["comment", "bounced"]
    assert [one["text"] for one in second] == ["it was taken in before"] * 2


def test_without_a_mailbox_or_files_it_says_what_to_do(typed):
    ended = typed("mail", "read")

    assert ended.exit_code == 1
    assert "countersign mail inbox server=" in ended.err


def test_the_mailbox_is_set_up_read_and_shown_without_its_password(
    done, typed, asked, sqlite_database
):
    with mailbox_server() as server:
        setup = server.new_folder()
        server.put(
            setup,
            f"From: bob@example.com\nMessage-ID: <2@bob>\nIn-Reply-To: {asked}\n\nNo\n".encode(),
        )
        words = [f"server={setup.server}", f"port={setup.port}", f"user_name={setup.user_name}"]
        done("mail", "inbox", *words, "secure=no", f"folder={setup.folder}")
        done("mail", "inbox", "password=-", stdin=f"{PASSWORD}\n")
        shown = done("mail", "inbox")
        done("mail", "inbox", "password=***")
        (row,) = done("mail", "read", "--json").json

    assert row["result"] == "comment"
    assert setup.folder in shown.out
    assert "Password" in shown.out
    assert PASSWORD not in shown.out
    database = Path(sqlite_database.removeprefix("sqlite:///"))
    assert PASSWORD.encode() not in database.read_bytes()
    assert typed("mail", "read").exit_code == 3


@pytest.mark.parametrize(
    "words",
    [
        ["sever=imap.example.com"],
        ["port=0"],
        ["folder="],
        ["answers_to=nobody"],
        ["authentication=magic"],
        ["user_name=a\nLOGOUT"],
    ],
)
def test_a_setting_that_cannot_be_is_refused(typed, words):
    refused = typed("mail", "inbox", *words)

    assert refused.exit_code == 2
    assert "countersign mail inbox --help" in refused.err


def test_of_the_password_only_that_there_is_one_is_shown(done):
    before = done("mail", "inbox", "--json").json
    done("mail", "inbox", "server=imap.example.com", "password=-", stdin=f"{PASSWORD}\n")
    after = done("mail", "inbox", "--json").json

    assert (before["password"], after["password"]) == ("not set", "set")


def test_a_password_of_another_key_is_given_again_where_it_belongs(done, typed, monkeypatch):
    done("mail", "inbox", "server=imap.example.com", "password=-", stdin=f"{PASSWORD}\n")
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "another key that is long enough")

    refused = typed("mail", "read")
    done("mail", "inbox", "password=-", stdin=f"{PASSWORD}\n")

    assert refused.exit_code == 1
    assert "countersign mail inbox password=-" in refused.err


def test_the_help_describes_every_setting(done):
    assert "answers_to:" in done("mail", "inbox", "--help").out


def test_the_password_of_the_mailbox_never_goes_along_to_another_server(done):
    done("mail", "inbox", "server=imap.example.com", "user_name=erp@example.com", "password=old")

    again = done("mail", "inbox", "server=IMAP.example.com", "port=143")
    moved = done("mail", "inbox", "server=imap.example.net")
    renewed = done("mail", "inbox", "password=new", "server=imap.example.org")

    assert "password" not in again.err + renewed.err
    assert "password=-" in moved.err


def test_the_mailbox_is_spoken_of_in_the_language_of_the_settings(
    company, done, typed, monkeypatch
):
    monkeypatch.setenv("COUNTERSIGN_LANGUAGE", "nl")
    assert "Er is geen postvak ingesteld" in typed("mail", "read").err
    changed = done("mail", "inbox", "server=imap.example.com")
    shown = done("mail", "inbox")

    assert changed.out == "Het postvak is gewijzigd.\n"
    assert "niet ingesteld" in shown.out
    assert "not set" in done("mail", "inbox", "--json").json.values()
