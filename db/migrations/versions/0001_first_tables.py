"""The first tables: setup, documents with their approvals, the archive, events and mail."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

AREAS = "('purchase', 'sales')"
DOCUMENT_TYPES = "('quote', 'order', 'invoice', 'credit_memo', 'blanket_order', 'return_order')"
APPROVER_TYPES = "('salesperson_purchaser', 'approver', 'user_group')"
LIMIT_TYPES = "('approval_limits', 'credit_limits', 'request_limits', 'no_limits')"
REASONS = (
    "('requester', 'salesperson_purchaser', 'chain', 'sufficient', "
    "'direct_approver', 'specific_approver', 'group_member', 'administrator', 'credit_limit')"
)
ENTRY_STATUSES = "('created', 'open', 'approved', 'rejected', 'canceled')"
DOCUMENT_STATUSES = "('open', 'pending_approval', 'released', 'pending_prepayment')"
NOTIFICATION_TYPES = "('new_record', 'approval', 'overdue')"
NOTIFICATION_METHODS = "('email', 'note')"
EMAIL_STATES = "('queued', 'sending', 'sent', 'refused', 'uncertain', 'corrupt')"
RUN_STATES = "('pending', 'approved', 'rejected', 'canceled')"


def where(condition: str) -> dict[str, Any]:
    """An index over some rows only."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    create_setup()
    create_documents()
    create_archive()
    create_events_and_mail()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_setup() -> None:
    op.create_table(
        "approval_users",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("salesperson_purchaser_code", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("substitute", sa.Text(), nullable=False),
        sa.Column("substitute_from", sa.Date()),
        sa.Column("substitute_to", sa.Date()),
        sa.Column("sales_limit", sa.BigInteger()),
        sa.Column("purchase_limit", sa.BigInteger()),
        sa.Column("request_limit", sa.BigInteger()),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_approval_users")),
    )
    op.create_index(
        "uq_approval_users_salesperson_purchaser_code",
        "approval_users",
        ["salesperson_purchaser_code"],
        unique=True,
        **where("salesperson_purchaser_code <> ''"),
    )
    op.create_table(
        "notification_setup",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.CheckConstraint(
            f"type IN {NOTIFICATION_TYPES}", name=op.f("ck_notification_setup_type")
        ),
        sa.CheckConstraint(
            f"method IN {NOTIFICATION_METHODS}", name=op.f("ck_notification_setup_method")
        ),
        sa.PrimaryKeyConstraint("user_id", "type", name=op.f("pk_notification_setup")),
    )
    op.create_table(
        "user_groups",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_user_groups")),
    )
    op.create_table(
        "user_group_members",
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("sequence_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_code"],
            ["user_groups.code"],
            name=op.f("fk_user_group_members_group_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_code", "user_id", name=op.f("pk_user_group_members")),
    )
    op.create_table(
        "workflows",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("latest_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_workflows")),
    )
    op.create_table(
        "workflow_versions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.CheckConstraint(f"area IN {AREAS}", name=op.f("ck_workflow_versions_area")),
        sa.CheckConstraint(
            f"document_type IN {DOCUMENT_TYPES}", name=op.f("ck_workflow_versions_document_type")
        ),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_workflow_versions")),
    )
    op.create_table(
        "counterparties",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("credit_limit_lcy", sa.BigInteger(), nullable=False),
        sa.Column("exposure_lcy", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"area IN {AREAS}", name=op.f("ck_counterparties_area")),
        sa.PrimaryKeyConstraint("area", "number", name=op.f("pk_counterparties")),
    )
    op.create_table(
        "restricted_items",
        sa.Column("number", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_restricted_items")),
    )
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_company_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "mail_setup",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_mail_setup_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_setup")),
    )


def create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_including_vat", sa.BigInteger(), nullable=False),
        sa.Column("amount_lcy", sa.BigInteger(), nullable=False),
        sa.Column("amount_including_vat_lcy", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("document_date", sa.Date()),
        sa.Column("due_date", sa.Date()),
        sa.Column("salesperson_purchaser_code", sa.Text(), nullable=False),
        sa.Column("counterparty_no", sa.Text(), nullable=False),
        sa.Column("counterparty_name", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("external_document_no", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("prepayment_unpaid", sa.Boolean(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
        sa.Column("editors", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"area IN {AREAS}", name=op.f("ck_documents_area")),
        sa.CheckConstraint(
            f"document_type IN {DOCUMENT_TYPES}", name=op.f("ck_documents_document_type")
        ),
        sa.CheckConstraint(f"status IN {DOCUMENT_STATUSES}", name=op.f("ck_documents_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint(
            "area", "document_type", "number", name=op.f("uq_documents_area_document_type_number")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_documents_number", "documents", ["number"])
    op.create_index("ix_documents_external_document_no", "documents", ["external_document_no"])
    op.create_index("ix_documents_status", "documents", ["status"])
    op.create_table(
        "number_series",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("last_no", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_number_series")),
    )
    op.create_table(
        "received_documents",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("counterparty_no", sa.Text(), nullable=False),
        sa.Column("counterparty_name", sa.Text(), nullable=False),
        sa.Column("external_document_no", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.CheckConstraint(f"area IN {AREAS}", name=op.f("ck_received_documents_area")),
        sa.CheckConstraint(
            f"document_type IN {DOCUMENT_TYPES}",
            name=op.f("ck_received_documents_document_type"),
        ),
        sa.PrimaryKeyConstraint(
            "area",
            "document_type",
            "counterparty_no",
            "counterparty_name",
            "external_document_no",
            "number",
            name=op.f("pk_received_documents"),
        ),
    )
    op.create_table(
        "approval_runs",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("document_id", NUMBER, nullable=False),
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("workflow_code", sa.Text(), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("terms_hash", sa.Text(), nullable=False),
        sa.Column("amount_lcy", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(f"state IN {RUN_STATES}", name=op.f("ck_approval_runs_state")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_approval_runs_document_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workflow_code", "workflow_version"],
            ["workflow_versions.code", "workflow_versions.version"],
            name=op.f("fk_approval_runs_workflow_code_workflow_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_runs")),
        sa.UniqueConstraint(
            "document_id", "run_no", name=op.f("uq_approval_runs_document_id_run_no")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "approval_entries",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("sequence_no", sa.Integer(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("authority_of", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("limit", sa.BigInteger()),
        sa.Column("approval_type", sa.Text(), nullable=False),
        sa.Column("limit_type", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_lcy", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_modified_by", sa.Text(), nullable=False),
        sa.Column("delegate_after", sa.Text(), nullable=False),
        sa.Column("delegate_from", sa.Date()),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("available_credit_lcy", sa.BigInteger()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("reminded_on", sa.Date()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint(
            f"approval_type IN {APPROVER_TYPES}", name=op.f("ck_approval_entries_approval_type")
        ),
        sa.CheckConstraint(
            f"limit_type IN {LIMIT_TYPES}", name=op.f("ck_approval_entries_limit_type")
        ),
        sa.CheckConstraint(f"reason IN {REASONS}", name=op.f("ck_approval_entries_reason")),
        sa.CheckConstraint(f"status IN {ENTRY_STATUSES}", name=op.f("ck_approval_entries_status")),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["approval_runs.id"],
            name=op.f("fk_approval_entries_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_approval_entries_open_approver",
        "approval_entries",
        ["approver"],
        **where("status = 'open'"),
    )
    op.create_index(
        "ix_approval_entries_open_delegate_from",
        "approval_entries",
        ["delegate_from"],
        **where("status = 'open'"),
    )
    op.create_index(
        "ix_approval_entries_open_due_date",
        "approval_entries",
        ["due_date"],
        **where("status = 'open'"),
    )
    op.create_index("ix_approval_entries_run_id", "approval_entries", ["run_id"])
    op.create_table(
        "approval_comments",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("document_id", NUMBER, nullable=False),
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_approval_comments_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_comments")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_approval_comments_document_id_run_no", "approval_comments", ["document_id", "run_no"]
    )


def create_archive() -> None:
    op.create_table(
        "archived_entries",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("document_id", NUMBER, nullable=False),
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("workflow_code", sa.Text(), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("sequence_no", sa.Integer(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("authority_of", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("limit", sa.BigInteger()),
        sa.Column("approval_type", sa.Text(), nullable=False),
        sa.Column("limit_type", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_lcy", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_modified_by", sa.Text(), nullable=False),
        sa.Column("delegate_after", sa.Text(), nullable=False),
        sa.Column("delegate_from", sa.Date()),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("available_credit_lcy", sa.BigInteger()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("reminded_on", sa.Date()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint(
            f"approval_type IN {APPROVER_TYPES}", name=op.f("ck_archived_entries_approval_type")
        ),
        sa.CheckConstraint(f"area IN {AREAS}", name=op.f("ck_archived_entries_area")),
        sa.CheckConstraint(
            f"document_type IN {DOCUMENT_TYPES}", name=op.f("ck_archived_entries_document_type")
        ),
        sa.CheckConstraint(
            f"limit_type IN {LIMIT_TYPES}", name=op.f("ck_archived_entries_limit_type")
        ),
        sa.CheckConstraint(f"reason IN {REASONS}", name=op.f("ck_archived_entries_reason")),
        sa.CheckConstraint(f"status IN {ENTRY_STATUSES}", name=op.f("ck_archived_entries_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_archived_entries_number", "archived_entries", ["number"])
    op.create_table(
        "archived_comments",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("document_id", NUMBER, nullable=False),
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(f"area IN {AREAS}", name=op.f("ck_archived_comments_area")),
        sa.CheckConstraint(
            f"document_type IN {DOCUMENT_TYPES}", name=op.f("ck_archived_comments_document_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_comments")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_archived_comments_number", "archived_comments", ["number"])


def create_events_and_mail() -> None:
    op.create_table(
        "events",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("document_id", NUMBER),
        sa.Column("seq", sa.Integer()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("document_id", "seq", name=op.f("uq_events_document_id_seq")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_subject", "events", ["subject"])
    op.create_table(
        "event_inbox",
        sa.Column("event_id", NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_inbox_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_inbox")),
    )
    op.create_table(
        "emails",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("owner", sa.Text()),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("to_address", sa.Text()),
        sa.Column("subject", sa.Text()),
        sa.Column("rule", sa.Text()),
        sa.Column("from_address", sa.Text()),
        sa.Column("sender_address", sa.Text()),
        sa.Column("reply_to", sa.Text()),
        sa.Column("envelope_from", sa.Text()),
        sa.Column("smtputf8", sa.Boolean()),
        sa.Column("raw", sa.LargeBinary()),
        sa.CheckConstraint(f"state IN {EMAIL_STATES}", name=op.f("ck_emails_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_emails_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_emails_waiting_next_attempt_at",
        "emails",
        ["next_attempt_at"],
        **where("state IN ('queued', 'sending', 'uncertain')"),
    )
    op.create_table(
        "email_attempts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("email_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("code", sa.Integer()),
        sa.Column("enhanced", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["email_id"], ["emails.id"], name=op.f("fk_email_attempts_email_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_attempts")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_email_attempts_email_id", "email_attempts", ["email_id"])
    op.create_table(
        "notifications",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_id", NUMBER),
        sa.ForeignKeyConstraint(
            ["email_id"], ["emails.id"], name=op.f("fk_notifications_email_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_notifications_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "event_id",
            "recipient",
            "message",
            name=op.f("uq_notifications_event_id_recipient_message"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_notifications_bundled_email_id",
        "notifications",
        ["email_id"],
        **where("email_id IS NOT NULL"),
    )
    op.create_index(
        "ix_notifications_waiting_due_at",
        "notifications",
        ["due_at"],
        sqlite_where=sa.text("email_id IS NULL"),
        postgresql_where=sa.text("email_id IS NULL"),
    )


TABLES = (
    "approval_users",
    "notification_setup",
    "user_groups",
    "user_group_members",
    "workflows",
    "workflow_versions",
    "counterparties",
    "restricted_items",
    "company",
    "mail_setup",
    "documents",
    "number_series",
    "received_documents",
    "approval_runs",
    "approval_entries",
    "approval_comments",
    "archived_entries",
    "archived_comments",
    "events",
    "event_inbox",
    "emails",
    "email_attempts",
    "notifications",
)
