"""A database in use is brought to the form that knows held and superseded emails, and back."""

from datetime import UTC, datetime

import sqlalchemy as sa

from db import schema
from db.engine import open_database

BEFORE = "0004"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def insert(connection, state, **more):
    """An email in that state, past everything our own tables check."""
    row = {
        "message_id": state,
        "recipient": "BOB",
        "message": "approval_requested",
        "requester": "ANN",
        "created_at": NOON.isoformat(sep=" "),
        "state": state,
        "attempts": 3,
        "uncertain": False,
        **more,
    }
    table = sa.table("emails", *map(sa.column, row))
    connection.execute(sa.insert(table).values(row))


def test_what_was_being_sent_may_have_been_sent(database_url):
    schema.downgrade(database_url, BEFORE)
    engine = open_database(database_url)
    with engine.begin() as connection:
        insert(connection, "queued")
        insert(connection, "sending", raw=b"bytes", lease_until=NOON.isoformat(sep=" "))
        insert(connection, "sent", raw=b"bytes")
    schema.upgrade(database_url)
    with engine.begin() as connection:
        rows = connection.execute(sa.text("SELECT * FROM emails ORDER BY id")).all()
    engine.dispose()

    assert [row.in_hand_since is not None for row in rows] == [False, True, False]
    assert {(row.counted, row.variant) for row in rows} == {(3, "first")}


def test_what_the_older_version_has_no_word_for_is_refused_there(database_url):
    engine = open_database(database_url)
    with engine.begin() as connection:
        for state in ("held", "superseded", "queued"):
            insert(connection, state, counted=0, variant="first")
    schema.downgrade(database_url, BEFORE)
    with engine.begin() as connection:
        states = connection.scalars(sa.text("SELECT state FROM emails ORDER BY id")).all()
    engine.dispose()

    assert states == ["refused", "refused", "queued"]
