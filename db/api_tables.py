"""Tables of the API: its keys, and the answers that are given again when a step is repeated."""

import sqlalchemy as sa

from db.columns import Moment
from db.metadata import METADATA, number, text, yes_or_no

api_keys = sa.Table(
    "api_keys",
    METADATA,
    text("id", primary_key=True),
    text("name", unique=True),
    text("secret_hash"),  # SHA-256: the secret is random, so that nobody can try them all
    text("acts_as"),
    yes_or_no("for_person"),
    text("scopes"),  # names with commas
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("last_used_at", Moment),
)

# Stored in the transaction of the step itself: there is no answer without its step, nor the
# other way round.
api_answers = sa.Table(
    "api_answers",
    METADATA,
    text("api_key", primary_key=True),
    text("method", primary_key=True),
    text("path", primary_key=True),
    text("idempotency_key", primary_key=True),
    text("fingerprint"),  # of what was asked
    number("status"),
    text("headers"),  # JSON
    text("body"),
    sa.Column("kept_at", Moment, nullable=False, index=True),
)
