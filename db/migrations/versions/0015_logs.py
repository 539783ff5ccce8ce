"""The logs of the setup and of overdue requests are read backwards, some lines at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LOGS = {
    "ix_events_setup": sa.text("document_id IS NULL"),
    "ix_events_overdue": sa.text("kind = 'ApprovalOverdue'"),
}


def upgrade() -> None:
    for name, where in LOGS.items():
        op.create_index(name, "events", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in LOGS:
        op.drop_index(name, table_name="events")
