"""Encrypting every stored secret again with the newest secret key."""

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from db.key_ring import KeyRing
from db.tables import inbound_mailbox, mail_setup, oauth_tokens, webhook_endpoints

# Every column that holds secrets.
ENCRYPTED: Final[tuple[sa.Column[str], ...]] = (
    mail_setup.c.password,
    mail_setup.c.client_secret,
    oauth_tokens.c.cache,
    inbound_mailbox.c.password,
    webhook_endpoints.c.secret,
    webhook_endpoints.c.old_secret,
)


def rotate_secrets(engine: sa.Engine, secret_keys: Callable[[], tuple[str, ...]]) -> int:
    """All of them or none; how many there were.

    Raises:
        SecretKeyChanged
    """
    ring = KeyRing(secret_keys)
    with engine.begin() as connection:
        return sum(_rotate(connection, column, ring) for column in ENCRYPTED)


def _rotate(connection: sa.Connection, column: sa.Column[str], ring: KeyRing) -> int:
    number = column.table.c.id
    rows = connection.execute(sa.select(number, column).where(column != "")).all()
    for row_id, stored in rows:
        rotated = {column: ring.rotated(stored)}
        connection.execute(sa.update(column.table).where(number == row_id).values(rotated))
    return len(rows)
