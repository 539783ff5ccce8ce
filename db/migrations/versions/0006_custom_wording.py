"""The company's own words in mails."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mail_wordings",
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("part IN ('intro', 'footer')", name=op.f("ck_mail_wordings_part")),
        sa.PrimaryKeyConstraint("message", "language", "part", name=op.f("pk_mail_wordings")),
    )
    op.create_table(
        "mail_overrides",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_overrides")),
        sa.UniqueConstraint("message", "language", name=op.f("uq_mail_overrides_message_language")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("mail_overrides")
    op.drop_table("mail_wordings")
