"""Approval runs with their entries: read in one statement, written where they changed."""

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
from db.tables import approval_entries, approval_runs, workflow_versions
from db.workflows import Definitions
from workflow.approval_entries import ApprovalRun

RUN_COLUMNS = [approval_runs.c[name] for name in ("id", *RUN_NAMES)]
ENTRY_COLUMNS = [approval_entries.c[name] for name in ("id", *ENTRY_NAMES)]

# With the workflow version it started with: whoever loads a run asks for that next.
_RUN = (
    sa.select(workflow_versions.c.definition, *RUN_COLUMNS, *ENTRY_COLUMNS)
    .select_from(
        approval_runs.outerjoin(approval_entries).outerjoin(
            workflow_versions,
            sa.and_(
                workflow_versions.c.code == approval_runs.c.workflow_code,
                workflow_versions.c.version == approval_runs.c.workflow_version,
            ),
        )
    )
    .where(
        approval_runs.c.document_id == bindparam("document_id"),
        approval_runs.c.run_no == bindparam("latest"),
    )
    .order_by(approval_entries.c.id)
)
_INSERT_RUN = sa.insert(approval_runs).returning(approval_runs.c.id)
_UPDATE_RUN = sa.update(approval_runs).where(approval_runs.c.id == bindparam("this_run"))
_INSERT_ENTRIES = sa.insert(approval_entries)
_ENTRY_IDS = (
    sa.select(approval_entries.c.id)
    .where(approval_entries.c.run_id == bindparam("run_id"))
    .order_by(approval_entries.c.id)
)
_UPDATE_ENTRIES = sa.update(approval_entries).where(
    approval_entries.c.id == bindparam("this_entry")
)


def load_run(
    connection: Connection, document_id: int, run_no: int, definitions: Definitions
) -> ApprovalRun:
    """The run with its entries; *definitions* gets the workflow version it started with."""
    rows = connection.execute(_RUN, {"document_id": document_id, "latest": run_no}).all()
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
        run.id = connection.execute(_INSERT_RUN, row).scalar_one()
    elif changes := changed(before.run if before.run_id == run.id else {}, now.run):
        connection.execute(_UPDATE_RUN, {"this_run": run.id, **changes})
    _insert_entries(connection, run)
    _update_entries(connection, before, now)


def _insert_entries(connection: Connection, run: ApprovalRun) -> None:
    new = [entry for entry in run.entries if entry.id is None]
    if not new:
        return
    connection.execute(
        _INSERT_ENTRIES, [{"run_id": run.id, **entry_columns(entry)} for entry in new]
    )
    # Asked for afterwards: SQLite can return the ids of rows inserted together in any order.
    ids = connection.scalars(_ENTRY_IDS, {"run_id": run.id}).all()
    for entry, entry_id in zip(new, ids[-len(new) :], strict=True):
        entry.id = entry_id


def _update_entries(connection: Connection, before: Stored, now: Stored) -> None:
    """All in one statement, which therefore names the columns that changed in any of them."""
    changes = {
        entry_id: changed(before.entries.get(entry_id, {}), columns)
        for entry_id, columns in now.entries.items()
    }
    rows = [entry_id for entry_id, change in changes.items() if change]
    if not rows:
        return
    names = sorted({name for change in changes.values() for name in change})
    connection.execute(
        _UPDATE_ENTRIES,
        [
            {"this_entry": entry_id, **{name: now.entries[entry_id][name] for name in names}}
            for entry_id in rows
        ],
    )
