"""``countersign webhooks``: endpoints, deliveries and replays at the command line."""

import pytest
import standardwebhooks

from webhook_server import receiver


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "a secret key of sixteen or more")
    with receiver() as state:
        monkeypatch.setenv("COUNTERSIGN_WEBHOOK_TARGETS", state.target)
        yield state


def test_the_secret_is_shown_once_and_signs_what_arrives(done, server):
    added = done("webhooks", "add", server.url, "--event", "config.changed", "--json").json
    done("users", "set", "EVA", "full_name=Eva", "administrator=yes")
    report = done("run", "webhooks", "--json").json

    assert report["delivered"] == len(server.taken) == 2
    for taken in server.taken:
        standardwebhooks.Webhook(added["secret"]).verify(taken.body, taken.headers)
    shown = done("webhooks", "show", "1").out + done("webhooks", "list", "--json").out
    assert added["secret"] not in shown
    rows = done("webhooks", "deliveries", "1", "--json").json
    assert [(row["state"], row["status"], row["attempts"]) for row in rows] == [
        ("delivered", 204, 1)
    ] * 2


def test_rotate_disable_enable_and_remove(done, server):
    first = done("webhooks", "add", server.url, "--json").json["secret"]
    assert done("webhooks", "rotate", "1", "--json").json["secret"] != first
    done("webhooks", "disable", "1")
    assert done("webhooks", "show", "1", "--json").json["disabled_why"] == "by_hand"
    done("webhooks", "enable", "1")
    assert done("webhooks", "list", "--json").json[0]["enabled"] is True
    done("webhooks", "remove", "1", "--yes")
    assert done("webhooks", "list", "--json").json == []


def test_replay_of_one_and_of_a_range(done, typed, server):
    done("webhooks", "add", server.url, "--event", "config.changed")
    done("run", "webhooks")
    assert len(server.taken) == 1
    done("webhooks", "replay", "1")
    done("run", "webhooks")
    assert done("webhooks", "replay", "--from", "1", "--to", "99", "--dry-run", "--json").json == {
        "deliveries": 1,
        "dry_run": True,
    }
    done("webhooks", "replay", "--from", "1", "--to", "99", "--endpoint", "1")
    done("run", "webhooks")
    assert len({taken.headers["webhook-id"] for taken in server.taken}) == 1
    assert len(server.taken) == 3
    assert typed("webhooks", "replay").exit_code == 2
    assert typed("webhooks", "replay", "1", "--from", "1", "--to", "2").exit_code == 2
    assert typed("webhooks", "replay", "77").exit_code == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://flows.example.com/", "WEBHOOK_TARGET"),
        ("https://flows.example.com:22/", "WEBHOOK_TARGET"),
        ("ftp://flows.example.com/", "WEBHOOK_URL"),
    ],
)
def test_what_the_rule_forbids_is_refused(typed, server, url, code):
    ended = typed("webhooks", "add", url, "--json")

    assert (ended.exit_code, ended.json["refused"]["code"]) == (1, code)


def test_an_unknown_type_and_a_person_without_the_right_are_refused(done, typed, server):
    assert typed("webhooks", "add", server.url, "--event", "nonsense").exit_code == 1
    done("users", "set", "EVA", "full_name=Eva", "administrator=yes")
    done("users", "set", "ANN", "full_name=Ann")
    assert typed("webhooks", "add", server.url, "--as", "ann").exit_code == 1
    assert typed("webhooks", "show", "9").exit_code == 1
