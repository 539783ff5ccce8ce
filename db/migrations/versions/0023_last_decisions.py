"""Finding what a person decided last."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAME = "ix_events_decisions"
DECISIONS = sa.text("kind IN ('RequestApproved', 'RequestRejected')")


def upgrade() -> None:
    op.create_index(
        NAME, "events", ["actor", "id"], sqlite_where=DECISIONS, postgresql_where=DECISIONS
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="events")
