"""Guards of delivery: too much mail is held, a restored database asks first; canceled emails."""

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = "'queued', 'sending', 'sent', 'refused', 'uncertain', 'corrupt', 'held', 'superseded'"
STATE_CHECK = "ck_emails_state"
PARTIAL_INDEXES = {  # SQLite makes the table anew, and loses what it does not read back
    "ix_emails_waiting_next_attempt_at": (
        "next_attempt_at",
        "state IN ('queued', 'sending', 'uncertain')",
    ),
    "ix_emails_bounced_to_address": ("to_address", "bounced_at IS NOT NULL"),
    "ix_emails_variants_first_id": ("first_id", "first_id IS NOT NULL"),
}
NEW_INDEXES = {
    "ix_emails_created_at": ["created_at"],
    "ix_emails_recipient_created_at": ["recipient", "created_at"],
}


def upgrade() -> None:
    _allow_states(f"{STATES}, 'canceled'")
    for name, columns in NEW_INDEXES.items():
        op.create_index(name, "emails", columns)
    op.create_table(
        "delivery_guard",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("suspicion", sa.Text(), nullable=False),
        sa.Column("last_event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("storm_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("id = 1", name=op.f("ck_delivery_guard_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_guard")),
    )


def downgrade() -> None:
    """What the older version has no word for is refused there: nobody sends it unasked."""
    op.drop_table("delivery_guard")
    for name in NEW_INDEXES:
        op.drop_index(name, "emails")
    op.execute("UPDATE emails SET state = 'refused' WHERE state = 'canceled'")
    _allow_states(STATES)


def _allow_states(states: str) -> None:
    for name in PARTIAL_INDEXES:
        op.drop_index(name, "emails")
    with _emails() as table:
        table.drop_constraint(op.f(STATE_CHECK), type_="check")
        table.create_check_constraint(op.f(STATE_CHECK), f"state IN ({states})")
    for name, (column, where) in PARTIAL_INDEXES.items():
        condition = sa.text(where)
        op.create_index(
            name, "emails", [column], sqlite_where=condition, postgresql_where=condition
        )


def _emails() -> AbstractContextManager[BatchOperations]:
    return op.batch_alter_table("emails", table_kwargs={"sqlite_autoincrement": True})
