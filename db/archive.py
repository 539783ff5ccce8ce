"""The archive: copies of the approvals of documents that were posted or deleted."""

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.document_rows import ENTRY_NAMES
from db.tables import (
    approval_comments,
    approval_entries,
    approval_runs,
    archived_comments,
    archived_entries,
    documents,
)

_SOURCE = [
    bindparam("kind", type_=sa.Text).label("kind"),
    documents.c.area,
    documents.c.document_type,
    documents.c.number,
    documents.c.id.label("document_id"),
]
_ENTRIES = [
    *_SOURCE,
    *(
        approval_runs.c[name]
        for name in ("run_no", "requester", "workflow_code", "workflow_version", "content_hash")
    ),
    *(approval_entries.c[name] for name in ENTRY_NAMES),
]
_COMMENTS = [
    *_SOURCE,
    *(approval_comments.c[name] for name in ("run_no", "user_id", "at", "text")),
]
_COPY_ENTRIES = sa.insert(archived_entries).from_select(
    [column.name for column in _ENTRIES],
    sa.select(*_ENTRIES)
    .select_from(documents.join(approval_runs).join(approval_entries))
    .where(documents.c.id == bindparam("this_document"))
    .order_by(approval_entries.c.id),
)
_COPY_COMMENTS = sa.insert(archived_comments).from_select(
    [column.name for column in _COMMENTS],
    sa.select(*_COMMENTS)
    .select_from(documents.join(approval_comments))
    .where(documents.c.id == bindparam("this_document"))
    .order_by(approval_comments.c.id),
)


def copy_to_archive(connection: Connection, document_id: int, kind: str) -> None:
    """Entries and comments of all runs, once more for each kind."""
    for statement in (_COPY_ENTRIES, _COPY_COMMENTS):
        connection.execute(statement, {"this_document": document_id, "kind": kind})
