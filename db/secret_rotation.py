"""Encrypting every stored secret again with the newest secret key."""

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from db.key_ring import KeyRing
from db.tables import inbound_mailbox, mail_setup, oauth_tokens

# Every column that holds a secret; each is of a table with one row.
ENCRYPTED: Final[tuple[sa.Column[str], ...]] = (
    mail_setup.c.password,
    mail_setup.c.client_secret,
    oauth_tokens.c.cache,
    inbound_mailbox.c.password,
)


def rotate_secrets(engine: sa.Engine, secret_keys: Callable[[], tuple[str, ...]]) -> int:
    """All of them or none; how many there were.

    Raises:
        SecretKeyChanged
    """
    ring = KeyRing(secret_keys)
    with engine.begin() as connection:
        return sum(_rotate(connection, column, ring) for column in ENCRYPTED)


def _rotate(connection: sa.Connection, column: sa.Column[str], ring: KeyRing) -> bool:
    stored = connection.execute(sa.select(column)).scalar_one_or_none()
    if not stored:
        return False
    connection.execute(sa.update(column.table).values({column: ring.rotated(stored)}))
    return True
