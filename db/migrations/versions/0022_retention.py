"""What is kept how long, and what was archived and deleted."""

import sqlalchemy as sa
from alembic import op

from db.columns import Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

RECORDS = "'letters', 'emails', 'webhooks', 'api_answers', 'sessions', 'documents'"


def upgrade() -> None:
    op.create_table(
        "retention_policy",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("periods", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_retention_policy_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_policy")),
    )
    op.create_table(
        "retention_batches",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.Column("before", Moment(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint(f"records IN ({RECORDS})", name=op.f("ck_retention_batches_records")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_retention_batches")),
    )


def downgrade() -> None:
    op.drop_table("retention_batches")
    op.drop_table("retention_policy")
