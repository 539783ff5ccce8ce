"""Tables of signing in: accounts, sessions, links, and wrong passwords in a row."""

import sqlalchemy as sa

from db.columns import Moment
from db.metadata import METADATA, number, text, yes_or_no

HAS_ENTRA = sa.text("entra_object <> ''")

# Without a foreign key to the approval users: one who left keeps his account until it is removed.
user_accounts = sa.Table(
    "user_accounts",
    METADATA,
    text("user_id", primary_key=True),
    text("password_hash"),  # argon2id; empty: none
    text("entra_tenant"),
    text("entra_object"),
    text("roles"),  # names with commas
    yes_or_no("disabled"),
    sa.Index(
        "uq_user_accounts_entra",
        "entra_tenant",
        "entra_object",
        unique=True,
        sqlite_where=HAS_ENTRA,
        postgresql_where=HAS_ENTRA,
    ),
)

web_sessions = sa.Table(
    "web_sessions",
    METADATA,
    text("id", primary_key=True),  # the hash of what the browser holds
    text("user_id", index=True),
    sa.Column("signed_in_at", Moment, nullable=False),
    sa.Column("last_seen_at", Moment, nullable=False),
    text("browser"),
    sa.Column("proved_at", Moment),  # NULL: not since he signed in
)

password_links = sa.Table(
    "password_links",
    METADATA,
    text("id", primary_key=True),  # the hash of what stands in the link
    text("user_id", unique=True),  # each person has at most one
    sa.Column("valid_until", Moment, nullable=False),
)

# By account ("user:BOB") and by address ("from:192.0.2.7").
sign_in_failures = sa.Table(
    "sign_in_failures",
    METADATA,
    text("key", primary_key=True),
    number("failures"),
    sa.Column("last_at", Moment, nullable=False),
)
