"""Where documents of vendors and customers are emailed to, and in which language."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = ("email", "language")


def upgrade() -> None:
    with op.batch_alter_table("counterparties") as table:
        for name in COLUMNS:
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("counterparties") as table:
        for name in COLUMNS:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("counterparties") as table:
        for name in reversed(COLUMNS):
            table.drop_column(name)
