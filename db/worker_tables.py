"""Tables of the workers: who is alive, and when each run was made last."""

import sqlalchemy as sa

from db.columns import Moment
from db.metadata import METADATA, number, text

# By the database's own clock: those of the workers' machines may differ.
worker_beats = sa.Table(
    "worker_beats",
    METADATA,
    text("owner", primary_key=True),  # as claims name it
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("beat_at", Moment, nullable=False),
)

background_runs = sa.Table(
    "background_runs",
    METADATA,
    text("name", primary_key=True),
    text("owner"),  # who made the last one
    sa.Column("began_at", Moment),  # NULL: never yet
    sa.Column("finished_at", Moment),  # NULL: not yet, or its worker died
    number("times"),
)
