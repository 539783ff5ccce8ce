"""What keeps an installation from sending too much, or twice: one row, the same for all workers."""

import sqlalchemy as sa

from db.columns import Moment
from db.metadata import METADATA, NUMBER, text

delivery_guard = sa.Table(
    "delivery_guard",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    text("epoch"),  # changes when somebody says that a restored database is the right one
    text("home"),  # where this database is kept; empty: nobody has looked yet
    text("suspicion"),  # why nothing is sent; empty: everything is
    sa.Column("last_event_id", NUMBER),  # mail about events up to it may have been sent elsewhere
    sa.Column("storm_at", Moment),  # when an email was held last, because there were too many
    sa.CheckConstraint("id = 1", name="one_row"),
)
