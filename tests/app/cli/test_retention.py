"""``countersign retention``: nothing goes by itself, and the archive can be checked."""

from datetime import UTC, datetime

import sqlalchemy as sa

from db.engine import open_database
from db.tables import web_sessions

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_everything_is_kept_for_ever_at_first(done):
    rows = done("retention", "show", "--json").json

    assert {row["kept_for"] for row in rows} == {"for ever"}


def test_nothing_runs_without_a_period(typed):
    ended = typed("retention", "run")

    assert ended.exit_code == 1
    assert "countersign retention set letters=1Y" in ended.err


def test_periods_are_set_and_taken_back(done):
    done("retention", "set", "letters=90d", "emails=2Y")
    set_once = done("retention", "show", "--json").json
    done("retention", "set", "letters=")
    afterwards = done("retention", "show", "--json").json

    assert [row["kept_for"] for row in set_once][:2] == ["90D", "2Y"]
    assert [row["kept_for"] for row in afterwards][:2] == ["for ever", "2Y"]


def test_a_period_that_is_none_is_refused_with_an_example(typed):
    short, wrong, unknown = (
        typed("retention", "set", word) for word in ("letters=3D", "letters=often", "events=7Y")
    )

    assert (short.exit_code, wrong.exit_code, unknown.exit_code) == (1, 1, 2)
    assert "7 days at least" in short.err
    assert "90D, 6M or 7Y" in wrong.err


def test_the_log_of_what_happened_has_no_period(typed):
    for name in ("events", "entries", "approval_entries", "archived_entries", "comments"):
        assert typed("retention", "set", f"{name}=90D").exit_code == 2


def test_a_dry_run_shows_the_plan_and_a_run_says_what_went(done, sqlite_database, tmp_path):
    engine = open_database(sqlite_database)
    with engine.begin() as connection:
        session = {"id": "1", "user_id": "BOB", "browser": ""}
        times = dict.fromkeys(("signed_in_at", "last_seen_at"), LONG_AGO)
        connection.execute(sa.insert(web_sessions), session | times)
    engine.dispose()
    done("retention", "set", "sessions=30D")
    (planned,) = done("retention", "run", "--dry-run", "--json").json
    gone = done("retention", "run", "--to", tmp_path / "archive")

    assert (planned["records"], planned["rows"]) == ("sessions", 1)
    assert gone.out == "Gone: 1 sessions.\n"
    assert "Nothing is old enough" in done("retention", "run", "--to", tmp_path / "archive").out
    assert "0 files are as they were written." in done("retention", "check").out
