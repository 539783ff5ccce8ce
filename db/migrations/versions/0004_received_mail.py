"""Mail that comes in: the mailbox, what was made of each mail, and emails that came back."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RESULTS = "('bounced', 'delayed', 'comment', 'ignored')"
BOUNCED = sa.text("bounced_at IS NOT NULL")
EMAIL_COLUMNS: dict[str, Any] = {
    "bounced_at": sa.DateTime(timezone=True),
    "bounce_status": sa.Text(),
    "bounce_diagnostic": sa.Text(),
}


def upgrade() -> None:
    for name, kind in EMAIL_COLUMNS.items():
        op.add_column("emails", sa.Column(name, kind))
    op.create_index(
        "ix_emails_bounced_to_address",
        "emails",
        ["to_address"],
        sqlite_where=BOUNCED,
        postgresql_where=BOUNCED,
    )
    op.create_table(
        "inbound_mailbox",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_inbound_mailbox_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mailbox")),
    )
    op.create_table(
        "received_mails",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("email_id", NUMBER),
        sa.CheckConstraint(f"result IN {RESULTS}", name=op.f("ck_received_mails_result")),
        sa.ForeignKeyConstraint(
            ["email_id"], ["emails.id"], name=op.f("fk_received_mails_email_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_received_mails_message_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("received_mails")
    op.drop_table("inbound_mailbox")
    op.drop_index("ix_emails_bounced_to_address", "emails")
    as_before = {"sqlite_autoincrement": True}  # which a copy forgets
    with op.batch_alter_table("emails", table_kwargs=as_before) as table:
        for name in EMAIL_COLUMNS:
            table.drop_column(name)
