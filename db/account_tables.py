"""Tables of the mail accounts: how much they may send, and what they may not use for a while."""

import sqlalchemy as sa

from db.columns import Moment
from db.metadata import METADATA, text

# One row for all workers: what one of them learns, the others know.
mail_accounts = sa.Table(
    "mail_accounts",
    METADATA,
    text("account", primary_key=True),
    sa.Column("letters", sa.Float, nullable=False),  # that might leave at once, at that moment
    sa.Column("letters_at", Moment, nullable=False),
    sa.Column("paused_until", Moment),
    text("paused_kind"),
    text("paused_text"),
)

mail_connections = sa.Table(
    "mail_connections",
    METADATA,
    text("owner", primary_key=True),
    text("account"),
    sa.Column("lease_until", Moment, nullable=False),
)

# The mail server refused the account as sender for the address.
resting_senders = sa.Table(
    "resting_senders",
    METADATA,
    text("account", primary_key=True),
    text("address", primary_key=True),
    sa.Column("until", Moment, nullable=False),
)
