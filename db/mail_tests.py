"""The verdicts on letters that tested the mail setup, the latest of which is shown with it."""

from dataclasses import asdict, fields
from typing import Final

import sqlalchemy as sa

from db.engine import for_reading
from db.tables import mail_tests
from notifications.ports import MailTest

COLUMNS: Final = tuple(field.name for field in fields(MailTest))


class SqlMailTests:
    """The mail's ``MailTests``."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reading = for_reading(engine)

    def record(self, test: MailTest) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.insert(mail_tests), asdict(test))

    def latest(self) -> MailTest | None:
        columns = [mail_tests.c[name] for name in COLUMNS]
        statement = sa.select(*columns).order_by(mail_tests.c.id.desc()).limit(1)
        with self._reading.connect() as connection:
            row = connection.execute(statement).one_or_none()
        return MailTest(**row._mapping) if row else None  # noqa: SLF001 - its public name
