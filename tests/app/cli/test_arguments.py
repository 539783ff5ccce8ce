"""What is typed is text; and what only reads waits for nobody who writes."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["comment", "PO-1", "--as", "ann", "--comment", "\udcff"], "Argument 6 is not UTF-8 text"),
        (["users", "show", "\udc80"], "Argument 3 is not UTF-8 text"),
        (["users", "set", "ann", "phone=\0"], "Argument 4 has a NUL character"),
        (["\udcff"], "Argument 1 is not UTF-8 text"),
    ],
)
@pytest.mark.usefixtures("company")
def test_what_is_no_text_is_a_usage_error(typed, words, reason):
    ended = typed(*words)

    assert ended.exit_code == 2
    assert reason in ended.err


def test_bytes_of_another_encoding_end_without_a_traceback(sqlite_database):
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", "users", "show", b"Zo\xeb"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "COUNTERSIGN_DATABASE_URL": sqlite_database},
    )

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["company", "show"],
        ["users", "list"],
        ["groups", "list"],
        ["workflows", "list"],
        ["workflows", "show", "POAPW"],
        ["workflows", "export"],
        ["who", "PO-1", "--as", "ann"],
        ["documents", "show", "PO-1"],
    ],
)
@pytest.mark.usefixtures("company")
def test_what_only_reads_waits_for_no_writer(done, sqlite_database, words):
    writer = sqlite3.connect(sqlite_database.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        done(*words)  # it would be refused after waiting for ten seconds
    finally:
        writer.close()


@pytest.mark.usefixtures("company")
def test_choices_of_the_company_are_changed_one_by_one(done):
    done("company", "set", "overdue_workflow=no")
    done("company", "set", "working_days_only=no")

    shown = done("company", "show", "--json").json
    assert (shown["overdue_workflow"], shown["working_days_only"]) == (False, False)


@pytest.mark.usefixtures("company")
def test_nobody_is_set_up_without_a_name(typed):
    ended = typed("users", "set", "", "email=a@example.com")

    assert ended.exit_code == 1
    assert "user_id: '' is empty." in ended.err


@pytest.mark.parametrize("rule", ["0", "00", "07", "100", "²", "most", ""])
def test_so_many_of_a_stage_is_a_number_as_people_write_it(typed, rule):
    ended = typed("workflows", "create", "POAPW", "--set", f"stage_rule={rule}")

    assert ended.exit_code == 2
    assert "all, any or a number from 1 to 99" in ended.err


def test_a_nul_character_in_a_file_is_refused_with_row_and_column(typed, file):
    given = file("users.csv", 'user_id,full_name\nANN,"Ann\nAsh"\nBOB,Bob\0\n')

    ended = typed("users", "import", given)

    assert ended.exit_code == 1
    assert "users.csv, row 3, full_name: has a NUL character" in ended.err
