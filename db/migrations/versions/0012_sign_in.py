"""Accounts that may sign in at the pages, and their sessions."""

import sqlalchemy as sa
from alembic import op

from db.columns import Moment

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

HAS_ENTRA = sa.text("entra_object <> ''")


def upgrade() -> None:
    op.create_table(
        "user_accounts",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("entra_tenant", sa.Text(), nullable=False),
        sa.Column("entra_object", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_accounts")),
    )
    op.create_index(
        "uq_user_accounts_entra",
        "user_accounts",
        ["entra_tenant", "entra_object"],
        unique=True,
        sqlite_where=HAS_ENTRA,
        postgresql_where=HAS_ENTRA,
    )
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("signed_in_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
    )
    op.create_index(op.f("ix_web_sessions_user_id"), "web_sessions", ["user_id"])
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failures")),
    )


def downgrade() -> None:
    op.drop_table("sign_in_failures")
    op.drop_table("web_sessions")
    op.drop_table("user_accounts")
