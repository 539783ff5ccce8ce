"""What is kept how long, and what is older: found, read for the archive, deleted and noted."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.inserts import insert_or_update
from db.old_records import KINDS, REMOVE
from db.tables import documents, retention_batches, retention_policy
from workflow.dataclass_codec import from_plain, to_plain
from workflow.documents import DocumentKey
from workflow.retention import Batch, Key, Records, RetentionPolicy, Row

RETENTION_LOCK: Final = 4_711_200_303  # any number; on SQLite every writer waits for the one before


class SqlRecords:
    """The workflow's ``OldRecords`` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def policy(self) -> RetentionPolicy:
        text = self._connection.scalar(sa.select(retention_policy.c.periods))
        return RetentionPolicy() if text is None else from_plain(RetentionPolicy, json.loads(text))

    def set_policy(self, policy: RetentionPolicy) -> None:
        statement = insert_or_update(self._connection, retention_policy)
        row = {"id": 1, "periods": json.dumps(to_plain(policy))}
        self._connection.execute(statement, row)

    def count(self, records: Records, before: datetime) -> int:
        kind = KINDS[records]
        statement = sa.select(sa.func.count()).select_from(kind.key.table)
        return self._connection.execute(statement.where(*kind.due(before))).scalar_one()

    def due(
        self,
        records: Records,
        before: datetime,
        *,
        limit: int,
        after: Key | None = None,
        among: Sequence[Key] | None = None,
    ) -> Sequence[Key]:
        kind = KINDS[records]
        statement = sa.select(kind.key).where(*kind.due(before))
        if after is not None:
            statement = statement.where(kind.key > after)
        if among is not None:
            statement = statement.where(kind.key.in_(among))
        return self._connection.scalars(statement.order_by(kind.key).limit(limit)).all()

    def rows(self, records: Records, keys: Sequence[Key]) -> Sequence[Row]:
        return KINDS[records].rows(self._connection, keys)

    def documents(self, keys: Sequence[Key]) -> list[DocumentKey]:
        columns = (documents.c.area, documents.c.document_type, documents.c.number)
        statement = sa.select(*columns).where(documents.c.id.in_(keys)).order_by(documents.c.id)
        return [DocumentKey(*row) for row in self._connection.execute(statement)]

    def remove(self, records: Records, keys: Sequence[Key], before: datetime) -> None:
        if records in REMOVE:
            REMOVE[records](self._connection, keys)
            return
        kind = KINDS[records]  # another program may use the same key, and a newer answer stays
        conditions = (kind.key.in_(keys), *kind.due(before))
        self._connection.execute(sa.delete(kind.key.table).where(*conditions))

    def next_batch(self) -> int:
        if self._connection.dialect.name == "postgresql":
            lock = sa.func.pg_advisory_xact_lock(RETENTION_LOCK)
            self._connection.execute(sa.select(lock))
        last = self._connection.scalar(sa.select(sa.func.max(retention_batches.c.number)))
        return (last or 0) + 1

    def note(self, batch: Batch) -> None:
        self._connection.execute(sa.insert(retention_batches), vars(batch))

    def batches(self) -> list[Batch]:
        statement = sa.select(retention_batches).order_by(retention_batches.c.number)
        return [Batch(**row) for row in self._connection.execute(statement).mappings()]
