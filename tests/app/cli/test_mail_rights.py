"""What is done about mail at the command line needs the right that the pages ask for."""

import pytest

from app.bootstrap import Application
from app.settings import read_settings

COMMANDS = {
    "setup": ("mail", "setup", "server=mail.example.com"),
    "office365": ("mail", "office365", "--yes"),
    "guide": ("mail", "guide"),
    "inbox": ("mail", "inbox", "server=imap.example.com"),
    "test": ("mail", "test", "ann@example.com"),
    "sign-in": ("mail", "sign-in"),
    "grants": ("mail", "grants", "--granted", "ann@example.com"),
    "hold": ("outbox", "hold", "1"),
    "retry": ("outbox", "retry", "1"),
    "release": ("outbox", "release", "1"),
    "release all": ("outbox", "release", "--held"),
    "cancel": ("outbox", "cancel", "1"),
    "cancel all": ("outbox", "cancel", "--held", "--yes"),
}


@pytest.fixture
def waiting(company, done, typed):
    """One request to Bob that waits for a mail server."""
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")


@pytest.fixture
def left(done):
    """What anybody could have changed."""

    def look():
        shown = ("mail", "show"), ("mail", "inbox"), ("outbox", "show", "1")
        facts = [done(*words, "--json").json for words in shown]
        with Application(read_settings()) as app:
            return facts, [one.id for one in app.read.setup_log(limit=100)]

    return look


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_who_is_no_administrator_is_refused_and_changes_nothing(typed, left, words):
    before = left()
    refused = typed(*words, "--as", "bob", "--json")

    assert (refused.exit_code, refused.json["refused"]["code"]) == (1, "NOT_ADMIN")
    assert left() == before


@pytest.mark.usefixtures("waiting")
def test_the_person_of_the_settings_is_asked_for_the_same_right(typed, left, monkeypatch):
    before = left()
    monkeypatch.setenv("COUNTERSIGN_USER", "bob")

    assert typed("mail", "setup", "server=mail.example.com").exit_code == 1
    assert typed("outbox", "cancel", "1").exit_code == 1
    assert left() == before


def test_the_record_names_the_administrator_who_changed_the_mail_setup(done, company):
    done("mail", "setup", "server=mail.example.com", "--as", "cid")
    done("mail", "office365", "--yes", "--as", "cid")
    done("mail", "inbox", "server=imap.example.com", "--as", "cid")

    with Application(read_settings()) as app:
        latest = app.read.setup_log(limit=3)
    assert [(one.kind, one.actor) for one in latest] == [("MailSetupChanged", "CID")] * 3
