"""The API's kept answers in the database, within the transaction of their steps."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.inserts import insert_new
from db.tables import api_answers
from workflow.kept_answers import FoundAnswer, KeptAnswer, KeptPlace

KEPT_FOR: Final = timedelta(days=7)
UNANSWERED: Final = {"status": 0, "headers": "{}", "body": ""}


class SqlKeptAnswers:
    """The workflow's ``KeptAnswers``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, place: KeptPlace, fingerprint: str, now: datetime) -> FoundAnswer | None:
        old = api_answers.c.kept_at < now - KEPT_FOR
        self._connection.execute(sa.delete(api_answers).where(old))
        row = {**place._asdict(), **UNANSWERED, "fingerprint": fingerprint, "kept_at": now}
        statement = insert_new(self._connection, api_answers).returning(api_answers.c.api_key)
        if self._connection.execute(statement, row).one_or_none() is not None:
            return None
        found = self._connection.execute(sa.select(api_answers).filter_by(**place._asdict())).one()
        return _found(found)

    def keep(self, place: KeptPlace, answer: KeptAnswer) -> None:
        values = {
            "status": answer.status,
            "headers": json.dumps(dict(answer.headers)),
            "body": answer.body,
        }
        statement = sa.update(api_answers).filter_by(**place._asdict()).values(values)
        self._connection.execute(statement)


def _found(row: sa.Row[*tuple[Any, ...]]) -> FoundAnswer:
    answer = KeptAnswer(status=row.status, body=row.body, headers=json.loads(row.headers))
    return FoundAnswer(fingerprint=row.fingerprint, answer=answer)
