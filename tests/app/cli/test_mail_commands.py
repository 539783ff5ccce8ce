"""The mail account, the outbox and the runs at the command line."""

from pathlib import Path

import pytest

from app.catcher import Catcher


@pytest.fixture
def catcher(tmp_path):
    with Catcher(tmp_path / "mails") as running:
        yield running


@pytest.fixture
def mail(done, catcher):
    """A mail server without sign-in that takes everything."""
    done("mail", "setup", f"server={catcher.host}", f"port={catcher.port}")
    done("mail", "setup", "send_as=noreply@example.com", "allow_sender_substitution=yes")


@pytest.mark.usefixtures("company", "mail")
class TestDelivery:
    def test_a_sent_request_reaches_the_approver_in_the_requesters_name(self, done, catcher):
        done("send", "PO-1", "--as", "ann")

        counts = done("run", "delivery", "--json").json["delivery"]

        (mail,) = catcher.mails()
        assert counts["sent"] == 1
        assert mail.recipients == ("bob@example.com",)
        assert mail.message["From"] == "Ann Ash <ann@example.com>"
        (row,) = done("outbox", "list", "--json").json
        assert (row["state"], row["rule"]) == ("sent", "requester")

    def test_a_second_pass_sends_nothing(self, done, catcher):
        done("send", "PO-1", "--as", "ann")
        done("run", "delivery")

        done("worker", "--once")

        assert len(catcher.mails()) == 1

    def test_a_mailbox_out_of_reach_is_a_problem_outside_after_the_mail_went_out(
        self, done, typed, catcher
    ):
        done(
            "mail", "inbox", "server=127.0.0.1", "port=1", "secure=no", "user_name=erp",
            "password=secret",
        )  # fmt: skip
        done("send", "PO-1", "--as", "ann")

        ended = typed("worker", "--once", "--json")

        assert len(catcher.mails()) == 1
        assert ended.exit_code == 3
        assert ended.json["mailbox_trouble"]
        assert "countersign mail inbox" in ended.err

    def test_an_email_is_shown_with_its_attempts_and_as_it_went_out(self, done):
        done("send", "PO-1", "--as", "ann")
        done("run", "delivery")

        shown = done("outbox", "show", "1", "--json").json
        assert shown["from"] == "ann@example.com"
        assert [one["stage"] for one in shown["attempts"]] == ["sent"]
        assert "Subject:" in done("outbox", "show", "1", "--raw").out

    def test_what_was_sent_is_not_retried(self, done, typed):
        done("send", "PO-1", "--as", "ann")
        done("run", "delivery")

        assert typed("outbox", "retry", "1").exit_code == 1
        assert typed("outbox", "show", "99").exit_code == 1

    def test_a_recipient_without_an_address_is_refused_and_retried_when_he_has_one(
        self, done, typed, catcher
    ):
        done("users", "set", "bob", "email=")
        done("send", "PO-1", "--as", "ann")
        refused = typed("run", "delivery")
        done("users", "set", "bob", "email=bob@example.com")

        done("outbox", "retry", "1")
        done("run", "delivery")

        assert refused.exit_code == 1
        assert "countersign outbox list" in refused.err
        subjects = [str(mail.message["Subject"]) for mail in catcher.mails()]
        about = [one.partition(":")[0] for one in subjects if "PO-1" in one]
        assert sorted(about) == ["Approve", "Not delivered", "Not delivered"]  # told: Ann, Eva

    def test_the_sender_is_explained_before_anything_is_sent(self, done):
        assert "this is the requester's E-Mail" in done("mail", "show", "ann").out

        done("users", "set", "ann", "email=")
        assert done("mail", "show", "ann", "--json").json["rule"] == "send_as"


def test_without_a_mail_server_mail_waits_and_the_run_says_so(done, typed, company):
    done("send", "PO-1", "--as", "ann")

    ended = typed("run", "delivery")

    assert ended.exit_code == 3
    assert "countersign mail setup server=" in ended.err


def test_a_held_email_is_not_sent_before_it_is_released(done, typed, company, catcher):
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")  # the email is made, but there is no mail server yet
    done("outbox", "hold", "1")
    done("mail", "setup", f"server={catcher.host}", f"port={catcher.port}")
    done("mail", "setup", "send_as=noreply@example.com")
    held = done("run", "delivery", "--json").json["delivery"]["sent"]
    again = typed("outbox", "retry", "1")
    done("outbox", "release", "1")
    released = done("run", "delivery", "--json").json["delivery"]["sent"]

    assert (held, released) == (0, 1)
    assert again.exit_code == 1
    assert "is held" in again.err
    assert typed("outbox", "hold", "1").exit_code == 1
    assert typed("outbox", "release", "1").exit_code == 1


def test_an_email_that_failed_is_sent_again_in_another_ones_place(done, typed, company, catcher):
    done("mail", "setup", f"server={catcher.host}", f"port={catcher.port}")
    done("mail", "setup", "send_as=noreply@example.com")
    done("users", "set", "bob", "email=")
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")
    done("users", "set", "bob", "email=bob@example.com")

    retried = done("outbox", "retry", "1", "--json").json

    assert retried["in_place_of"] == 1
    done("run", "delivery")
    shown = done("outbox", "show", retried["id"], "--json").json
    assert (shown["state"], shown["variant"], shown["kin"]) == ("sent", "again", [1])
    assert done("outbox", "show", "1", "--json").json["state"] == "refused"


def test_an_account_that_rests_is_left_alone_and_says_until_when(done, typed, company, catcher):
    done("mail", "setup", "server=127.0.0.1", f"port={catcher.port}")
    done("mail", "setup", "send_as=noreply@example.com")
    done("send", "PO-1", "--as", "ann")
    catcher.stop()
    typed("run", "delivery")

    rests = typed("run", "delivery")

    assert rests.exit_code == 3
    assert "left alone until" in rests.err
    listed = done("outbox", "list")
    assert "left alone until" in listed.err
    assert "could not be reached" in listed.err
    assert len(done("outbox", "show", "1", "--json").json["attempts"]) == 1


def test_a_test_that_arrives_ends_the_rest_of_its_account(done, typed, company, tmp_path):
    with Catcher(tmp_path / "gone") as catcher:
        port = catcher.port
    done("mail", "setup", "server=127.0.0.1", f"port={port}", "send_as=noreply@example.com")
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")
    refused = typed("mail", "test", "ann@example.com")
    rests = "left alone" in done("outbox", "list").err
    with Catcher(tmp_path / "back", port=port):
        done("mail", "test", "ann@example.com")
        after = done("outbox", "list").err

    assert refused.exit_code == 3
    assert rests
    assert "left alone" not in after


def test_moments_are_those_of_the_companys_clock(done, typed, company, monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_TIMEZONE", "Asia/Kathmandu")  # +05:45 all year
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")

    shown = done("outbox", "show", "1", "--json").json
    (row,) = done("outbox", "list", "--json").json

    assert shown["created_at"].endswith("+05:45")
    assert row["next_attempt_at"].endswith("+05:45")


def test_a_mail_server_that_does_not_answer_is_a_problem_outside(done, typed, company, catcher):
    done("mail", "setup", "server=127.0.0.1", f"port={catcher.port}")
    done("mail", "setup", "send_as=noreply@example.com")
    done("send", "PO-1", "--as", "ann")
    catcher.stop()

    ended = typed("run", "delivery")

    assert ended.exit_code == 3
    assert "1 to be tried again" in ended.out


def test_the_password_is_stored_unreadable_and_never_shown(done, sqlite_database):
    setup = ["server=smtp.example.com", "authentication=basic", "user_name=erp@example.com"]

    made = done("mail", "setup", *setup, "secure=yes", "password=-", stdin="open sesame\n")

    stored = done("mail", "show")
    everything = made.out + made.err + stored.out + stored.err
    assert "***" in stored.out
    assert "open sesame" not in everything
    database = Path(sqlite_database.removeprefix("sqlite:///"))
    assert b"open sesame" not in database.read_bytes()


def test_an_unknown_setting_is_refused_with_the_known_ones(typed):
    ended = typed("mail", "setup", "sever=smtp.example.com")

    assert ended.exit_code == 2
    assert "allow_sender_substitution" in ended.err


@pytest.mark.usefixtures("company")
class TestRuns:
    def test_nothing_is_overdue_yet(self, done, typed):
        done("send", "PO-1", "--as", "ann")

        assert done("run", "overdue", "--json").json == {"done": 0, "escalated": 0, "refused": []}
        done("company", "set", "overdue_workflow=no")
        assert typed("run", "overdue").exit_code == 1

    def test_a_request_is_not_handed_over_before_its_time(self, done):
        done("workflows", "disable", "POAPW")
        done("workflows", "create", "POAPW", "--set", "delegate_after=1D", "--replace")
        done("workflows", "enable", "POAPW")
        done("send", "PO-1", "--as", "ann")

        assert done("run", "delegation").out == "0 handed over.\n"
