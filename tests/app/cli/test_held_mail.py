"""Deciding about mail before it is sent: one email, or all that are held."""

from pathlib import Path

import pytest

from app.bootstrap import Application
from app.settings import read_settings


@pytest.fixture
def held(done, typed, company):
    """One request to Bob, made and held; there is no mail server."""
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")
    done("outbox", "hold", "1")
    return "1"


def state(done) -> str:
    return done("outbox", "show", "1", "--json").json["state"]


def recorded():
    with Application(read_settings()) as app:
        found = app.read.setup_log(limit=20)
    return [one for one in found if one.kind == "EmailOperated"]


@pytest.mark.usefixtures("held")
class TestHeld:
    @pytest.mark.parametrize(("command", "after"), [("release", "queued"), ("cancel", "canceled")])
    def test_all_are_decided_about_at_once(self, done, command, after):
        counted = done("outbox", command, "--held", "--dry-run", "--json").json
        before = state(done)
        yes = ["--yes"] if command == "cancel" else []
        said = done("outbox", command, "--held", *yes).out

        assert counted == {"emails": 1, "state": after, "dry_run": True}
        assert before == "held"
        assert said.startswith("1 email ")
        assert state(done) == after

    def test_only_those_to_one_person(self, done):
        others = done("outbox", "release", "--held", "--to", "cid", "--json").json["emails"]
        his = done("outbox", "release", "--held", "--to", "bob", "--json").json["emails"]

        assert (others, his) == (0, 1)

    def test_many_are_canceled_only_when_somebody_says_yes(self, done, typed):
        refused = typed("outbox", "cancel", "--held", stdin="n\n")

        assert refused.exit_code == 1
        assert "Never send 1 email" in refused.err
        assert state(done) == "held"
        typed("outbox", "cancel", "--held", stdin="y\n")
        assert state(done) == "canceled"

    def test_one_is_canceled_and_can_be_sent_again(self, done, typed):
        done("outbox", "cancel", "1", "--dry-run")
        before = state(done)
        done("outbox", "cancel", "1")
        canceled = state(done)
        twice = typed("outbox", "cancel", "1")
        done("outbox", "retry", "1")

        assert (before, canceled, state(done)) == ("held", "canceled", "queued")
        assert twice.exit_code == 1
        assert "is canceled" in twice.err

    def test_the_record_names_who_did_it_and_nothing_that_was_only_tried(self, done):
        done("outbox", "cancel", "1", "--dry-run", "--as", "cid")
        done("outbox", "cancel", "1", "--as", "cid")
        latest, before = recorded()

        assert (latest.actor, latest.event.step) == ("CID", "canceled")
        assert before.event.step == "held"

    def test_a_dry_run_releases_nothing(self, done):
        done("outbox", "release", "1", "--dry-run")

        assert state(done) == "held"


@pytest.mark.parametrize(
    "words", [(), ("1", "--held"), ("1", "--to", "bob")], ids=["none", "both", "one to somebody"]
)
def test_one_email_or_all_have_to_be_named(typed, company, words):
    assert typed("outbox", "cancel", *words).exit_code == 2
    assert typed("outbox", "release", *words).exit_code == 2


@pytest.mark.usefixtures("held")
class TestARestoredDatabase:
    @pytest.fixture
    def restored(self, done, held, sqlite_database):
        """One request waits, and the file of what was sent was left behind."""
        done("outbox", "release", held)
        Path(sqlite_database.removeprefix("sqlite:///") + ".sent").unlink()

    @pytest.mark.usefixtures("restored")
    def test_sends_nothing_until_somebody_accepts_it(self, done, typed):
        refused = typed("run", "delivery")
        counted = done("db", "accept-restore", "--dry-run", "--json").json
        still = typed("run", "delivery")
        accepted = done("db", "accept-restore")

        assert refused.exit_code == still.exit_code == 3
        assert "countersign db accept-restore" in refused.err
        assert (counted["held"], counted["dry_run"]) == (1, True)
        assert counted["suspicion"]
        assert "1 email" in accepted.out
        assert "countersign outbox release --held" in accepted.err
        assert state(done) == "held"

    @pytest.mark.usefixtures("restored")
    def test_that_was_only_moved_sends_what_waits(self, done, typed):
        typed("run", "delivery")
        done("db", "accept-restore", "--send-waiting")

        assert "accept-restore" not in typed("run", "delivery").err
        assert state(done) == "queued"

    def test_what_nobody_noticed_can_be_said(self, done):
        done("outbox", "release", "1")

        assert done("db", "accept-restore", "--json").json["held"] == 1
        assert state(done) == "held"
