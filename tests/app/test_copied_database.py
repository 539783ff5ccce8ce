"""A database copied to the other kind is the same in everything, and no mail goes out twice."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.bootstrap import Application
from app.catcher import Catcher
from app.cli.program import program
from app.demo import run_demo
from app.passes import deliver
from app.settings import read_settings
from db import copying, schema
from db.copying import LEFT_OUT, TABLES, CopyRefused, copy
from db.engine import open_database
from db.tables import METADATA, documents, emails
from notifications.mail_setup import MailSetup
from notifications.ports import EmailState
from notifications.restored import COPIED
from notifications.setup_changes import changed

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def played(tmp_path_factory) -> str:
    """A company in which something has happened: one order from request to release."""
    folder = tmp_path_factory.mktemp("copied")
    run_demo(once=True, data=folder / "demo")
    (file,) = folder.glob("demo/**/*.db")
    return f"sqlite:///{file}"


@pytest.fixture
def empty_postgresql(postgres_server):
    name = f"copy_{os.getpid()}_{os.urandom(4).hex()}"
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


def contents(url):
    """Every table as it is stored; what is told apart on purpose is left out."""
    engine = open_database(url)
    with engine.connect() as connection:
        found = {
            table.name: connection.execute(
                sa.select(copying._plain(table)).order_by(
                    *(sa.column(key.name) for key in table.primary_key)
                )
            ).all()
            for table in TABLES
            if table.name != "delivery_guard"
        }
    engine.dispose()
    return found


def test_there_and_back_everything_is_the_same(played, empty_postgresql, tmp_path):
    there = copy(played, empty_postgresql, NOW)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    copy(empty_postgresql, back, NOW)

    assert there.total > 100
    assert sum(bool(count) for count in there.rows.values()) > 12
    assert contents(empty_postgresql) == contents(played)
    assert contents(back) == contents(played)
    assert schema.check(empty_postgresql) == schema.check(back) == []


def test_every_table_is_copied_but_those_of_processes():
    assert {table.name for table in TABLES} | LEFT_OUT == set(METADATA.tables)


def given_next(url, table):
    """The number the next row gets."""
    asked = f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id'))"
    if url.startswith("sqlite"):
        asked = f"SELECT seq + 1 FROM sqlite_sequence WHERE name = '{table.name}'"  # noqa: S608
    engine = open_database(url)
    with engine.connect() as connection:
        number = connection.exec_driver_sql(asked).scalar_one()
    engine.dispose()
    return number


@pytest.mark.parametrize("table", [documents, emails], ids=str)
def test_numbers_that_are_gone_are_not_given_again(played, empty_postgresql, tmp_path, table):
    copy(played, empty_postgresql, NOW)
    engine = open_database(empty_postgresql)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 5000)"
        )
    engine.dispose()
    back = f"sqlite:///{tmp_path / 'back.db'}"

    copy(empty_postgresql, back, NOW)

    assert given_next(back, table) == given_next(empty_postgresql, table) == 5001


def test_the_next_number_is_the_one_after_the_last(played, empty_postgresql):
    before = max(row.id for row in contents(played)["documents"])
    copy(played, empty_postgresql, NOW)

    assert given_next(empty_postgresql, documents) == before + 1


def test_a_database_with_data_is_refused_and_stays_as_it_is(played, empty_postgresql):
    copy(played, empty_postgresql, NOW)
    before = contents(empty_postgresql)

    with pytest.raises(CopyRefused, match="not empty"):
        copy(played, empty_postgresql, NOW)
    with pytest.raises(CopyRefused, match="same database"):
        copy(played, played, NOW)

    assert contents(empty_postgresql) == before


def test_trouble_in_the_last_table_leaves_nothing_behind(played, empty_postgresql, tmp_path):
    schema.upgrade(empty_postgresql)
    engine = open_database(empty_postgresql)
    last = [table for table in TABLES if contents(played).get(table.name)][-1]
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {last.name} ADD CHECK (false)")

    with pytest.raises(sa.exc.IntegrityError):
        copy(played, empty_postgresql, NOW)

    assert not any(contents(empty_postgresql).values())
    engine.dispose()


def test_what_is_being_sent_is_not_copied(played, empty_postgresql, tmp_path):
    busy = f"sqlite:///{tmp_path / 'busy.db'}"
    copy(played, busy, NOW)
    engine = open_database(busy)
    lease = NOW + timedelta(minutes=15)
    with engine.begin() as connection:
        values = {"state": EmailState.SENDING, "owner": "one", "lease_until": lease}
        connection.execute(sa.update(emails).values(values))

    with pytest.raises(CopyRefused, match="being sent") as refused:
        copy(busy, empty_postgresql, NOW)

    assert "09:15 UTC" in refused.value.next_step
    copy(busy, empty_postgresql, lease)
    engine.dispose()


# --- mail ----------------------------------------------------------------------------------


@pytest.fixture
def waiting(played, tmp_path):
    """A database in which one notice waits for a mail server that works."""
    url = f"sqlite:///{tmp_path / 'waiting.db'}"
    copy(played, url, NOW)
    with (
        Catcher(tmp_path / "mails") as catcher,
        Application(read_settings(database_url=url)) as app,
    ):
        app.guard.accept(hold=False)
        mail = {"server": catcher.host, "port": str(catcher.port), "send_as": "erp@contoso.com"}
        app.mail_setups.save(changed(MailSetup(), mail)[0])
        engine = open_database(url)
        last = sa.select(sa.func.max(emails.c.id)).scalar_subquery()
        with engine.begin() as connection:
            connection.execute(
                sa.update(emails)
                .where(emails.c.id == last)
                .values(state=EmailState.QUEUED, next_attempt_at=NOW)
            )
        engine.dispose()
        yield url, catcher


def typed(url, *words):
    return CliRunner(env={"COUNTERSIGN_DATABASE_URL": url}).invoke(
        program, [str(word) for word in words]
    )


def test_the_copy_sends_nothing_until_somebody_says_so_and_the_old_one_never(
    waiting, empty_postgresql
):
    old, catcher = waiting
    done = typed(old, "db", "copy", empty_postgresql, "--retire")
    assert done.exit_code == 0, done.output
    assert "db accept-restore --send-waiting" in done.stderr
    assert "COUNTERSIGN_SECRET_KEY_FILE" in done.stderr

    with Application(read_settings(database_url=empty_postgresql)) as copied:
        assert deliver(copied).delivery.stopped.startswith(COPIED)
        with Application(read_settings(database_url=old)) as retired:
            assert "copied to another place" in deliver(retired).delivery.stopped
        assert catcher.mails() == []

        accepted = typed(empty_postgresql, "db", "accept-restore", "--send-waiting")
        assert accepted.exit_code == 0, accepted.output
        assert deliver(copied).delivery.sent == 1
        assert deliver(copied).delivery.sent == 0
    with Application(read_settings(database_url=old)) as retired:
        assert deliver(retired).delivery.sent == 0
    assert len(catcher.mails()) == 1


def test_a_dry_run_counts_and_copies_nothing(played, empty_postgresql, tmp_path):
    counted = typed(played, "db", "copy", empty_postgresql, "--dry-run", "--json")
    told = json.loads(counted.stdout)
    new_file = tmp_path / "new.db"
    to_file = typed(played, "db", "copy", f"sqlite:///{new_file}", "--dry-run")

    assert counted.exit_code == to_file.exit_code == 0
    assert told["total"] == sum(told["rows"].values()) > 100
    assert schema.outdated(empty_postgresql) == ["The database has no tables yet."]
    assert not new_file.exists()


def test_a_refusal_says_what_to_do_and_exits_with_1(played, tmp_path):
    nothing = typed(f"sqlite:///{tmp_path / 'nowhere.db'}", "db", "copy", played)
    same = typed(played, "db", "copy", played)

    assert (nothing.exit_code, same.exit_code) == (1, 1)
    assert "There is no database yet." in nothing.stderr
    assert not (tmp_path / "nowhere.db").exists()
    assert "Name another one." in same.stderr


def test_a_second_process_shows_the_bar_only_on_a_screen(played, tmp_path):
    """On a pipe there is the result and nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "db", "copy", f"sqlite:///{tmp_path / 'x.db'}"],
        env=os.environ | {"COUNTERSIGN_DATABASE_URL": played},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert "copied, and counted on both sides." in done.stdout
    assert "Copying" not in done.stderr
