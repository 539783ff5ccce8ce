"""Tables of what is kept how long, and of what was archived and deleted."""

import sqlalchemy as sa

from db.columns import Moment
from db.metadata import METADATA, number, one_of, only, text
from workflow.retention import Records

retention_policy = sa.Table(
    "retention_policy",
    METADATA,
    number("id", primary_key=True, autoincrement=False),
    text("periods"),  # JSON
    sa.CheckConstraint("id = 1", name="one_row"),
)

# Stored in the transaction that deletes: what is gone stands here, and what stands here is gone.
retention_batches = sa.Table(
    "retention_batches",
    METADATA,
    number("number", primary_key=True, autoincrement=False),
    one_of("records", Records),
    sa.Column("before", Moment, nullable=False),
    number("rows"),
    text("file"),  # empty: nothing was archived
    text("sha256"),
    sa.Column("at", Moment, nullable=False),
    text("actor"),
    only("records", Records),
)
