"""Help, exit codes and the surroundings of the program, also as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import reference

ROOT = Path(__file__).parents[3]
COMMANDS = dict(reference.commands())
WIDTH = 80


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_that_can_be_copied(typed, command):
    ended = typed(*command.split()[1:], "--help")

    examples = [line for line in ended.out.splitlines() if line.startswith(f" {command} ")]
    assert ended.exit_code == 0
    assert "Example" in ended.out
    assert examples
    given = str(COMMANDS[command].epilog).splitlines()
    assert all(len(line) < WIDTH - 1 for line in given)


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"countersign demo"}))
def test_every_command_can_answer_in_json(command):
    assert "--json" in [opt for param in COMMANDS[command].params for opt in param.opts]


def test_a_new_database_is_upgraded_and_checked(typed, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'own.db'}")

    made = typed("db", "upgrade")
    checked = typed("db", "check", "--json")

    assert made.exit_code == 0
    assert checked.json == {"differences": []}


def test_a_database_without_tables_is_a_problem_outside_that_says_what_to_run(
    typed, tmp_path, monkeypatch
):
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")

    for words in (["users", "list"], ["users", "list", "--json"]):
        ended = typed(*words)
        assert ended.exit_code == 3
        assert "countersign db upgrade" in ended.err
    assert ended.json["refused"]["code"] == "SCHEMA_OUTDATED"
    assert typed("db", "check").exit_code == 1


def test_without_any_setting_a_database_is_made_on_first_use(typed, tmp_path, monkeypatch):
    monkeypatch.delenv("COUNTERSIGN_DATABASE_URL")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")

    first = typed("users", "list")
    second = typed("users", "list")

    assert first.exit_code == 0
    assert str(tmp_path / "countersign" / "countersign.db") in first.err
    assert "Made a new database" not in second.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEZONE", "Mars/Olympus"),
        ("LANGUAGE", "fy"),
        ("CURRENCY", "euro"),
        ("DATABASE_URL", "oracle://db"),
        ("BASE_URL", "ftp://x"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(typed, monkeypatch, name, value):
    monkeypatch.setenv(f"COUNTERSIGN_{name}", value)

    ended = typed("users", "list")

    assert ended.exit_code == 2
    assert f"COUNTERSIGN_{name}" in ended.err


def process(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        (["--version"], 0),
        (["users", "list"], 0),
        (["users", "show", "nobody"], 1),
        (["users", "shwo"], 2),
        (["users", "set", "ann", "colour=red"], 2),
        (["run", "delivery"], 3),
    ],
)
def test_exit_codes_of_the_process(sqlite_database, words, exit_code):
    ended = process(*words, COUNTERSIGN_DATABASE_URL=sqlite_database)

    assert ended.returncode == exit_code, ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_server_that_is_not_there_is_a_problem_outside():
    url = "postgresql://nobody@127.0.0.1:1/nothing"

    ended = process("users", "list", COUNTERSIGN_DATABASE_URL=url)

    assert ended.returncode == 3
    assert "Traceback" not in ended.stderr
    assert "COUNTERSIGN_DATABASE_URL" in ended.stderr


@pytest.mark.usefixtures("company")
def test_two_people_who_decide_at_the_same_moment_get_one_decision(done, sqlite_database):
    done("send", "PO-1", "--as", "ann")
    command = [sys.executable, "-m", "app.cli", "approve", "PO-1", "--as", "bob"]
    environment = {**os.environ, "COUNTERSIGN_DATABASE_URL": sqlite_database}

    both = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate()[1] for process in both]

    assert sorted(process.returncode for process in both) == [0, 1]
    assert "Traceback" not in "".join(told)
    approvals = done("documents", "show", "PO-1", "--json").json["approvals"]
    assert [one["decided_by"] for one in approvals] == [None, "BOB"]
