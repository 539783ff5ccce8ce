"""Links with which a person sets a password."""

import sqlalchemy as sa
from alembic import op

from db.columns import Moment

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("valid_until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("user_id", name=op.f("uq_password_links_user_id")),
    )


def downgrade() -> None:
    op.drop_table("password_links")
