"""The API's keys in the database."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Row

from db.engine import for_reading
from db.inserts import insert_new
from db.tables import api_keys
from workflow.api_keys import ApiKey, ApiKeyExists, ApiKeyNotFound, Scope

BETWEEN: Final = ","


class SqlApiKeys:
    """The workflow's ``ApiKeys``; every method is its own transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reading = for_reading(engine)

    def all(self) -> list[ApiKey]:
        with self._reading.connect() as connection:
            rows = connection.execute(sa.select(api_keys).order_by(api_keys.c.name))
            return [_key(row) for row in rows]

    def find(self, key_id: str) -> ApiKey | None:
        with self._reading.connect() as connection:
            statement = sa.select(api_keys).where(api_keys.c.id == key_id)
            row = connection.execute(statement).one_or_none()
        return None if row is None else _key(row)

    def add(self, key: ApiKey) -> None:
        row = {**vars(key), "scopes": BETWEEN.join(sorted(key.scopes))}
        with self._engine.begin() as connection:
            statement = insert_new(connection, api_keys).returning(api_keys.c.id)
            if connection.execute(statement, row).one_or_none() is None:
                raise ApiKeyExists(key.name)

    def revoke(self, name: str, at: datetime) -> ApiKey:
        """The moment of the first revocation stays."""
        revoked = sa.func.coalesce(
            api_keys.c.revoked_at, sa.literal(at, api_keys.c.revoked_at.type)
        )
        statement = sa.update(api_keys).where(api_keys.c.name == name).values(revoked_at=revoked)
        with self._engine.begin() as connection:
            row = connection.execute(statement.returning(*api_keys.c)).one_or_none()
        if row is None:
            raise ApiKeyNotFound(name)
        return _key(row)

    def used(self, key_id: str, at: datetime) -> None:
        statement = sa.update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=at)
        with self._engine.begin() as connection:
            connection.execute(statement)


def _key(row: Row[*tuple[Any, ...]]) -> ApiKey:
    columns = dict(row._mapping)  # noqa: SLF001 - its documented name
    scopes = frozenset(Scope(name) for name in row.scopes.split(BETWEEN) if name)
    return ApiKey(**{**columns, "scopes": scopes})
