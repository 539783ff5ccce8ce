"""The migrations make exactly the tables the program declares, on both databases."""

import pytest
import sqlalchemy as sa

from db import schema
from db.engine import open_database
from db.tables import (
    METADATA,
    approval_entries,
    approval_runs,
    documents,
    emails,
    mail_wordings,
)
from notifications.ports import EmailState, Variant
from workflow.approval_entries import RunState
from workflow.statuses import (
    ApproverType,
    Area,
    DocumentStatus,
    DocumentType,
    EntryStatus,
    LimitType,
    Reason,
)
from workflow.wording import WordingPart

CHOICES = [
    (documents, "status", DocumentStatus),
    (documents, "area", Area),
    (documents, "document_type", DocumentType),
    (approval_runs, "state", RunState),
    (approval_entries, "status", EntryStatus),
    (approval_entries, "reason", Reason),
    (approval_entries, "approval_type", ApproverType),
    (approval_entries, "limit_type", LimitType),
    (emails, "state", EmailState),
    (emails, "variant", Variant),
    (mail_wordings, "part", WordingPart),
]


def test_a_migrated_database_has_what_the_program_needs(database_url):
    assert schema.check(database_url) == []


def test_migrating_twice_changes_nothing(database_url):
    schema.upgrade(database_url)

    assert schema.check(database_url) == []


def test_a_missing_column_is_found(database_url, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE company DROP COLUMN options")

    assert any("company" in difference for difference in schema.check(database_url))


def test_an_empty_database_is_said_to_be_outdated(database_url):
    schema.downgrade(database_url, "base")

    assert schema.check(database_url) == ["The database has no tables yet."]


def test_the_tables_can_be_taken_back_and_made_again(database_url, engine):
    schema.downgrade(database_url, "base")
    left = set(sa.inspect(engine).get_table_names())
    schema.upgrade(database_url)

    assert left == {"alembic_version"}
    assert schema.check(database_url) == []


def test_the_tables_of_the_job_queue_are_not_ours(database_url, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE procrastinate_of_a_later_version (id INTEGER)")

    assert schema.check(database_url) == []


def _row(table):
    """A row with something in every column that needs it."""
    row = {}
    for column in table.columns:
        if column.nullable or column.name == "id":
            continue
        python_type = column.type.impl if hasattr(column.type, "impl") else column.type
        match python_type:
            case sa.Text():
                row[column.name] = ""
            case sa.DateTime() | sa.Date():
                row[column.name] = "2026-03-02"
            case sa.Time():
                row[column.name] = "12:00:00"
            case sa.Boolean():
                row[column.name] = False
            case _:
                row[column.name] = 1
    for other, name, kind in CHOICES:
        if other is table:
            row[name] = next(iter(kind)).value
    return row


def _insert(connection, table, row):
    """As text, past everything our own columns check."""
    quoted = {name: connection.dialect.identifier_preparer.quote(name) for name in row}
    parameters = ", ".join(f":{name}" for name in row)
    columns = ", ".join(quoted.values())
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({parameters})"  # noqa: S608
    connection.execute(sa.text(statement), row)


@pytest.mark.parametrize(("table", "column", "kind"), CHOICES, ids=str)
def test_every_value_of_a_choice_can_be_stored_and_no_other(database_url, table, column, kind):
    engine = open_database(database_url, foreign_keys=False)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
        for number, member in enumerate(kind):
            row = _row(table) | {column: member.value}
            row |= {"number": str(number)} if table is documents else {}
            row |= {"run_no": number} if table is approval_runs else {}
            row |= {"message_id": str(number)} if table is emails else {}
            _insert(connection, table, row)
        another = {"id": 99} if "id" in table.c else {}
        with pytest.raises(sa.exc.IntegrityError):
            _insert(connection, table, row | another | {column: "nonsense"})
    engine.dispose()


def test_foreign_keys_are_held(engine):
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        _insert(connection, approval_runs, _row(approval_runs))


def test_numbers_of_deleted_documents_are_not_given_again(engine, uow, new_document):
    with uow:
        first = new_document("PO-1")
        uow.documents.add(first)
        uow.documents.archive(first, [])
        second = new_document("PO-2")
        uow.documents.add(second)

    assert second.id > first.id


def test_every_table_is_emptied_by_deleting_in_order(engine, received):
    received()
    with engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
