"""Tables of documents, their approval runs, entries and comments, and the archive of those."""

from typing import Any

import sqlalchemy as sa

from db.columns import Json, Moment, Money
from db.metadata import METADATA, NUMBER, new_id, number, one_of, only, text, yes_or_no
from db.setup_tables import workflow_versions
from workflow.approval_entries import RunState
from workflow.dataclass_codec import from_plain, to_plain
from workflow.documents import DocumentLine
from workflow.statuses import (
    ApproverType,
    Area,
    DocumentStatus,
    DocumentType,
    EntryStatus,
    LimitType,
    Reason,
)

# --- how parts of a document become JSON ---------------------------------------------------


def _plain_lines(lines: tuple[DocumentLine, ...]) -> list[dict[str, object]]:
    return [to_plain(line) for line in lines]


def _lines(plain: list[dict[str, object]]) -> tuple[DocumentLine, ...]:
    return tuple(from_plain(DocumentLine, line) for line in plain)


# --- live documents ------------------------------------------------------------------------

documents = sa.Table(
    "documents",
    METADATA,
    new_id(),
    one_of("area", Area),
    one_of("document_type", DocumentType),
    text("number"),
    sa.Column("amount", Money, nullable=False),
    sa.Column("amount_including_vat", Money, nullable=False),
    sa.Column("amount_lcy", Money, nullable=False),
    sa.Column("amount_including_vat_lcy", Money, nullable=False),
    text("currency"),
    sa.Column("document_date", sa.Date),
    sa.Column("due_date", sa.Date),
    text("salesperson_purchaser_code"),
    text("counterparty_no"),
    text("counterparty_name"),
    text("requester"),
    text("external_document_no"),
    text("description"),
    yes_or_no("prepayment_unpaid"),
    sa.Column("lines", Json(_plain_lines, _lines), nullable=False),
    sa.Column("more", Json(dict, dict), nullable=False),
    sa.Column("editors", Json(sorted, frozenset), nullable=False),
    one_of("status", DocumentStatus),
    number("run_no"),  # of the latest run; 0 before the first
    number("event_count"),
    number("version"),
    sa.UniqueConstraint("area", "document_type", "number"),
    sa.Index(None, "number"),
    sa.Index(None, "external_document_no"),
    sa.Index(None, "status"),
    only("area", Area),
    only("document_type", DocumentType),
    only("status", DocumentStatus),
    sqlite_autoincrement=True,
)

number_series = sa.Table(
    "number_series",
    METADATA,
    text("code", primary_key=True),
    number("last_no"),
)

# Stays when the document is gone: the same bill is not to be paid twice.
received_documents = sa.Table(
    "received_documents",
    METADATA,
    one_of("area", Area, primary_key=True),
    one_of("document_type", DocumentType, primary_key=True),
    text("counterparty_no", primary_key=True),
    text("counterparty_name", primary_key=True),
    text("external_document_no", primary_key=True),
    text("number", primary_key=True),
    only("area", Area),
    only("document_type", DocumentType),
)

approval_runs = sa.Table(
    "approval_runs",
    METADATA,
    new_id(),
    sa.Column(
        "document_id", NUMBER, sa.ForeignKey(documents.c.id, ondelete="CASCADE"), nullable=False
    ),
    number("run_no"),
    text("requester"),
    text("workflow_code"),
    number("workflow_version"),
    text("content_hash"),
    text("terms_hash"),
    sa.Column("amount_lcy", Money, nullable=False),
    sa.Column("sent_at", Moment, nullable=False),
    yes_or_no("external"),
    one_of("state", RunState),
    sa.UniqueConstraint("document_id", "run_no"),
    sa.ForeignKeyConstraint(
        ["workflow_code", "workflow_version"],
        [workflow_versions.c.code, workflow_versions.c.version],
        ondelete="RESTRICT",
    ),
    only("state", RunState),
    sqlite_autoincrement=True,
)


def _entry_columns() -> list[sa.Column[Any]]:
    """What the live table and the archive both have."""
    return [
        number("sequence_no"),
        text("approver"),
        text("authority_of"),
        one_of("reason", Reason),
        sa.Column("limit", Money),  # NULL: unlimited
        one_of("approval_type", ApproverType),
        one_of("limit_type", LimitType),
        sa.Column("due_date", sa.Date, nullable=False),
        sa.Column("amount", Money, nullable=False),
        sa.Column("amount_lcy", Money, nullable=False),
        text("currency"),
        sa.Column("sent_at", Moment, nullable=False),
        sa.Column("last_modified_at", Moment, nullable=False),
        text("last_modified_by"),
        text("delegate_after"),
        sa.Column("delegate_from", sa.Date),
        number("hops"),
        sa.Column("available_credit_lcy", Money),
        sa.Column("decided_by", sa.Text),
        sa.Column("reminded_on", sa.Date),
        sa.Column("escalated_on", sa.Date),
        one_of("status", EntryStatus),
    ]


def _entry_checks() -> list[sa.CheckConstraint]:
    return [
        only("reason", Reason),
        only("approval_type", ApproverType),
        only("limit_type", LimitType),
        only("status", EntryStatus),
    ]


approval_entries = sa.Table(
    "approval_entries",
    METADATA,
    new_id(),
    sa.Column(
        "run_id",
        NUMBER,
        sa.ForeignKey(approval_runs.c.id, ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    *_entry_columns(),
    *_entry_checks(),
    sqlite_autoincrement=True,
)
# A literal value: with a parameter SQLite would not see that a query needs no more than the index.
IS_OPEN = approval_entries.c.status == sa.literal_column(f"'{EntryStatus.OPEN}'")
# The scheduled runs and the lists of requests look at open entries only, and there are few.
for name, column in {
    "ix_approval_entries_open_approver": approval_entries.c.approver,
    "ix_approval_entries_open_due_date": approval_entries.c.due_date,
    "ix_approval_entries_open_delegate_from": approval_entries.c.delegate_from,
}.items():
    sa.Index(name, column, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)

approval_comments = sa.Table(
    "approval_comments",
    METADATA,
    new_id(),
    sa.Column(
        "document_id", NUMBER, sa.ForeignKey(documents.c.id, ondelete="CASCADE"), nullable=False
    ),
    number("run_no"),
    text("user_id"),
    sa.Column("at", Moment, nullable=False),
    text("text"),
    sa.Index(None, "document_id", "run_no"),
    sqlite_autoincrement=True,
)

# --- documents that are gone: posted or deleted --------------------------------------------


def _source_columns() -> list[sa.Column[Any]]:
    """Which document it was, and what became of it."""
    return [
        new_id(),
        text("kind"),  # posted_invoice, posted_receipt, …, deleted
        one_of("area", Area),
        one_of("document_type", DocumentType),
        text("number"),
        sa.Column("document_id", NUMBER, nullable=False),
        number("run_no"),
    ]


archived_entries = sa.Table(
    "archived_entries",
    METADATA,
    *_source_columns(),
    text("requester"),
    text("workflow_code"),
    number("workflow_version"),
    text("content_hash"),
    *_entry_columns(),
    *_entry_checks(),
    sa.Index(None, "number"),
    only("area", Area),
    only("document_type", DocumentType),
    sqlite_autoincrement=True,
)

archived_comments = sa.Table(
    "archived_comments",
    METADATA,
    *_source_columns(),
    text("user_id"),
    sa.Column("at", Moment, nullable=False),
    text("text"),
    sa.Index(None, "number"),
    only("area", Area),
    only("document_type", DocumentType),
    sqlite_autoincrement=True,
)
