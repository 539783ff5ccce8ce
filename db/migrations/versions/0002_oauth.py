"""OAuth 2.0 for the mail account, and what came of testing the mail setup."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "mail_setup", sa.Column("client_secret", sa.Text(), nullable=False, server_default="")
    )
    op.create_table(
        "oauth_tokens",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cache", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_oauth_tokens_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_tokens")),
    )
    op.create_table(
        "mail_tests",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("from_address", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("code", sa.Integer()),
        sa.Column("enhanced", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_tests")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("mail_tests")
    op.drop_table("oauth_tokens")
    with op.batch_alter_table("mail_setup") as table:
        table.drop_column("client_secret")
