"""The company's own words in mails."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


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


def downgrade() -> None:
    op.drop_table("mail_wordings")
