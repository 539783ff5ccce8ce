"""Approval runs with their entries: read in one statement, written where they changed."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.document_rows import (
    ENTRY_NAMES,
    RUN_NAMES,
    Stored,
    changed,
    entry_columns,
    entry_from,
    run_columns,
    run_from,
)
from db.prepared import Prepared, Row
from db.tables import approval_entries, approval_runs, documents, workflow_versions
from db.workflows import Definitions
from workflow.approval_entries import ApprovalRun
from workflow.documents import DocumentKey

RUN_COLUMNS = [approval_runs.c[name] for name in ("id", *RUN_NAMES)]
ENTRY_COLUMNS = [approval_entries.c[name] for name in ("id", *ENTRY_NAMES)]

# With the workflow version it started with: whoever loads a run asks for that next.
_LATEST = sa.and_(
    approval_runs.c.document_id == documents.c.id, approval_runs.c.run_no == documents.c.run_no
)
_STARTED_WITH = sa.and_(
    workflow_versions.c.code == approval_runs.c.workflow_code,
    workflow_versions.c.version == approval_runs.c.workflow_version,
)
_RUN = Prepared(
    sa.select(workflow_versions.c.definition, *RUN_COLUMNS, *ENTRY_COLUMNS)
    .select_from(
        documents.join(approval_runs, _LATEST)
        .outerjoin(approval_entries, approval_entries.c.run_id == approval_runs.c.id)
        .outerjoin(workflow_versions, _STARTED_WITH)
    )
    .where(
        documents.c.area == bindparam("area"),
        documents.c.document_type == bindparam("document_type"),
        documents.c.number == bindparam("number"),
    )
    .order_by(approval_entries.c.id)
)
_INSERT_RUN = Prepared(sa.insert(approval_runs).returning(approval_runs.c.id))
_UPDATE_RUN = Prepared(sa.update(approval_runs).where(approval_runs.c.id == bindparam("this_run")))
_INSERT_ENTRIES = Prepared(sa.insert(approval_entries))
_ENTRY_IDS = Prepared(
    sa.select(approval_entries.c.id)
    .where(approval_entries.c.run_id == bindparam("run_id"))
    .order_by(approval_entries.c.id)
)
_UPDATE_ENTRIES = Prepared(
    sa.update(approval_entries).where(approval_entries.c.id == bindparam("this_entry"))
)


def asked_for_run(connection: Connection, key: DocumentKey) -> Callable[[], list[Row]]:
    """The document's latest run with its entries, to be read by ``run_from_rows``."""
    return _RUN.asked(connection, key._asdict())


def run_from_rows(rows: list[Row], definitions: Definitions) -> ApprovalRun:
    """The run with its entries; *definitions* gets the workflow version it started with."""
    width = 1 + len(RUN_COLUMNS)
    definition, *columns = rows[0][:width]
    run = run_from(columns)
    entries = [row[width:] for row in rows]
    run.entries = [entry_from(entry) for entry in entries if entry[0] is not None]
    if definition is not None:
        definitions[run.workflow_code, run.workflow_version] = definition
    return run


def save_run(
    connection: Connection, document_id: int, run: ApprovalRun, before: Stored, now: Stored
) -> None:
    if run.id is None:
        row = {"document_id": document_id, **run_columns(run)}
        run.id = _INSERT_RUN.value(connection, row)
    elif changes := changed(RUN_NAMES, before.run if before.run_id == run.id else (), now.run):
        _UPDATE_RUN.changed(connection, {"this_run": run.id, **changes})
    _insert_entries(connection, run)
    _update_entries(connection, before, now)


def _insert_entries(connection: Connection, run: ApprovalRun) -> None:
    new = [entry for entry in run.entries if entry.id is None]
    if not new:
        return
    rows = [{"run_id": run.id, **entry_columns(entry)} for entry in new]
    _INSERT_ENTRIES.change_many(connection, rows)
    # Asked for afterwards: SQLite can return the ids of rows inserted together in any order.
    ids = _ENTRY_IDS.rows(connection, {"run_id": run.id})
    for entry, (entry_id,) in zip(new, ids[-len(new) :], strict=True):
        entry.id = entry_id


def _update_entries(connection: Connection, before: Stored, now: Stored) -> None:
    """All in one statement, which therefore names the columns that changed in any of them."""
    touched = {
        entry_id: values
        for entry_id, values in now.entries.items()
        if before.entries.get(entry_id) != values
    }
    changes = [
        changed(ENTRY_NAMES, before.entries.get(entry_id, ()), values)
        for entry_id, values in touched.items()
    ]
    names = {name for change in changes for name in change}
    places = [(name, place) for place, name in enumerate(ENTRY_NAMES) if name in names]
    rows = [
        {"this_entry": entry_id, **{name: values[place] for name, place in places}}
        for entry_id, values in touched.items()
    ]
    _UPDATE_ENTRIES.change_many(connection, rows)
