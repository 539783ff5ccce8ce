"""What Microsoft Entra gave out for the mail account, kept encrypted for the next process."""

from collections.abc import Callable

import sqlalchemy as sa

from db.engine import for_reading
from db.inserts import insert_or_update
from db.key_ring import KeyRing, SecretKeyChanged
from db.tables import oauth_tokens


class SqlTokenCache:
    """The mail's ``TokenCache``; *secret_keys* is asked for only when there is something in it."""

    def __init__(self, engine: sa.Engine, secret_keys: Callable[[], tuple[str, ...]]) -> None:
        self._engine = engine
        self._reading = for_reading(engine)
        self._ring = KeyRing(secret_keys)

    def load(self) -> str:
        """Empty when there is nothing, or nothing that can still be read: it can be had anew."""
        with self._reading.connect() as connection:
            stored = connection.execute(sa.select(oauth_tokens.c.cache)).scalar_one_or_none()
        try:
            return self._ring.decrypted(stored or "")
        except SecretKeyChanged:
            return ""

    def save(self, cache: str) -> None:
        row = {"id": 1, "cache": self._ring.encrypted(cache)}
        with self._engine.begin() as connection:
            connection.execute(insert_or_update(connection, oauth_tokens), row)
