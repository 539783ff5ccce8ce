"""What points to an email is found by index when emails are made and when they are purged."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_received_mails_email_id"), "received_mails", ["email_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_received_mails_email_id"), table_name="received_mails")
