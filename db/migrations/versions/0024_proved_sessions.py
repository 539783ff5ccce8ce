"""When somebody who is signed in last showed that it is he."""

import sqlalchemy as sa
from alembic import op

from db.columns import Moment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("web_sessions", sa.Column("proved_at", Moment()))


def downgrade() -> None:
    op.drop_column("web_sessions", "proved_at")
