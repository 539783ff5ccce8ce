"""Emails that are held or superseded, and those that stand in; pauses and limits of accounts."""

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = "'queued', 'sending', 'sent', 'refused', 'uncertain', 'corrupt'"
VARIANTS = "'first', 'fallback', 'again'"
WAITING = sa.text("state IN ('queued', 'sending', 'uncertain')")
WAITING_INDEX = "ix_emails_waiting_next_attempt_at"
VARIANTS_INDEX = "ix_emails_variants_first_id"
STATE_CHECK = "ck_emails_state"
NEW_COLUMNS = ("counted", "in_hand_since", "variant", "first_id")


def upgrade() -> None:
    # SQLite makes the table anew, so that the index is made anew as well.
    op.drop_index(WAITING_INDEX, "emails")
    _add_columns()
    with _emails() as table:
        table.alter_column("counted", server_default=None)
        table.alter_column("variant", server_default=None)
        table.drop_constraint(op.f(STATE_CHECK), type_="check")
        table.create_check_constraint(
            op.f(STATE_CHECK), f"state IN ({STATES}, 'held', 'superseded')"
        )
        table.create_check_constraint(op.f("ck_emails_variant"), f"variant IN ({VARIANTS})")
        table.create_foreign_key(op.f("fk_emails_first_id_emails"), "emails", ["first_id"], ["id"])
    _carry_over()
    _create_index(WAITING_INDEX, "next_attempt_at", WAITING)
    _create_index(VARIANTS_INDEX, "first_id", sa.text("first_id IS NOT NULL"))
    _create_account_tables()


def _add_columns() -> None:
    op.add_column("emails", sa.Column("counted", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("emails", sa.Column("in_hand_since", MOMENT))
    op.add_column("emails", sa.Column("variant", sa.Text(), nullable=False, server_default="first"))
    op.add_column("emails", sa.Column("first_id", NUMBER))


def _carry_over() -> None:
    """What was being sent while the program was replaced may have been sent."""
    op.execute("UPDATE emails SET counted = attempts")
    op.execute(
        "UPDATE emails SET in_hand_since = lease_until WHERE state = 'sending' AND raw IS NOT NULL"
    )


def _create_account_tables() -> None:
    op.create_table(
        "mail_accounts",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("letters", sa.Float(), nullable=False),
        sa.Column("letters_at", MOMENT, nullable=False),
        sa.Column("paused_until", MOMENT),
        sa.Column("paused_kind", sa.Text(), nullable=False),
        sa.Column("paused_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_mail_accounts")),
    )
    op.create_table(
        "mail_connections",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_mail_connections")),
    )
    op.create_table(
        "resting_senders",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", "address", name=op.f("pk_resting_senders")),
    )


def downgrade() -> None:
    """What the older version has no word for is refused there: nobody sends it unasked."""
    for name in ("resting_senders", "mail_connections", "mail_accounts"):
        op.drop_table(name)
    op.drop_index(VARIANTS_INDEX, "emails")
    op.drop_index(WAITING_INDEX, "emails")
    op.execute("UPDATE emails SET state = 'refused' WHERE state IN ('held', 'superseded')")
    with _emails() as table:
        table.drop_constraint(op.f("fk_emails_first_id_emails"), type_="foreignkey")
        table.drop_constraint(op.f("ck_emails_variant"), type_="check")
        table.drop_constraint(op.f(STATE_CHECK), type_="check")
        table.create_check_constraint(op.f(STATE_CHECK), f"state IN ({STATES})")
        for column in reversed(NEW_COLUMNS):
            table.drop_column(column)
    _create_index(WAITING_INDEX, "next_attempt_at", WAITING)


def _emails() -> AbstractContextManager[BatchOperations]:
    return op.batch_alter_table("emails", table_kwargs={"sqlite_autoincrement": True})


def _create_index(name: str, column: str, where: sa.TextClause) -> None:
    op.create_index(name, "emails", [column], sqlite_where=where, postgresql_where=where)
