"""Approval entries as lists show them: together with their request and their document."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from db.tables import approval_entries, approval_runs, documents
from workflow.documents import DocumentKey
from workflow.readings import EntryReading

_OF_ENTRY = tuple(
    name for name in EntryReading.__dataclass_fields__ if name in approval_entries.columns
)
_OTHERS = {
    "counterparty_name": documents.c.counterparty_name,
    "description": documents.c.description,
    "run_no": approval_runs.c.run_no,
    "requester": approval_runs.c.requester,
    "workflow_code": approval_runs.c.workflow_code,
}
ENTRIES = sa.select(
    documents.c.area,
    documents.c.document_type,
    documents.c.number,
    *_OTHERS.values(),
    *(approval_entries.c[name] for name in _OF_ENTRY),
).select_from(documents.join(approval_runs).join(approval_entries))


def is_document(key: DocumentKey) -> sa.ColumnElement[bool]:
    return sa.and_(
        documents.c.area == key.area,
        documents.c.document_type == key.document_type,
        documents.c.number == key.number,
    )


def entry_reading(row: Sequence[Any]) -> EntryReading:
    area, document_type, number, *values = row
    columns = dict(zip((*_OTHERS, *_OF_ENTRY), values, strict=True))
    return EntryReading(document=DocumentKey(area, document_type, number), **columns)
