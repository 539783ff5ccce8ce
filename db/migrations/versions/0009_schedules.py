"""When people want to be told, which notifications wait for others, and which entries escalated."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

RECURRENCES = "('instantly', 'daily', 'weekly', 'monthly')"
MONTHLY_DATES = "('first_workday', 'last_workday', 'custom')"
SCHEDULE: dict[str, tuple[Any, str]] = {  # as everybody was told before
    "recurrence": (sa.Text(), "instantly"),
    "time": (sa.Time(), "12:00:00"),
    "weekdays": (sa.Text(), "12345"),
    "monthly": (sa.Text(), "first_workday"),
    "day_of_month": (sa.Integer(), "1"),
}
CHECKS = {"recurrence": RECURRENCES, "monthly": MONTHLY_DATES}


def upgrade() -> None:
    for name, (kind, default) in SCHEDULE.items():
        op.add_column(
            "notification_setup",
            sa.Column(name, kind, nullable=False, server_default=default),
        )
    with op.batch_alter_table("notification_setup") as table:
        for name in SCHEDULE:
            table.alter_column(name, server_default=None)
        for name, values in CHECKS.items():
            table.create_check_constraint(
                op.f(f"ck_notification_setup_{name}"), f"{name} IN {values}"
            )
    op.add_column(
        "notifications",
        sa.Column("collected", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for entries in ("approval_entries", "archived_entries"):
        op.add_column(entries, sa.Column("escalated_on", sa.Date()))


def downgrade() -> None:
    """What was collected for somebody is told one by one there."""
    for entries in ("archived_entries", "approval_entries"):
        op.drop_column(entries, "escalated_on")
    op.drop_column("notifications", "collected")
    with op.batch_alter_table("notification_setup") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_notification_setup_{name}"), type_="check")
        for name in SCHEDULE:
            table.drop_column(name)
