"""The company's own words in mails, in the database."""

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.engine import for_reading
from db.inserts import insert_or_update
from db.tables import mail_wordings
from notifications.wording import CustomWording
from workflow.wording import EVERY_MESSAGE, Wording, WordingPart

_TEXTS = sa.select(mail_wordings)
_TEXTS_OF = _TEXTS.where(mail_wordings.c.message.in_([bindparam("its_message"), EVERY_MESSAGE]))
_THIS_TEXT = sa.and_(
    mail_wordings.c.message == bindparam("its_message"),
    mail_wordings.c.language == bindparam("its_language"),
    mail_wordings.c.part == bindparam("its_part"),
)


class SqlWordingSetup:
    """The workflow's ``Wordings`` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def texts(self) -> list[Wording]:
        rows = self._connection.execute(
            _TEXTS.order_by(*mail_wordings.primary_key.columns)  # "*" comes first
        )
        return [Wording(**row._mapping) for row in rows]  # noqa: SLF001 - its public name

    def text(self, message: str, language: str, part: WordingPart) -> str:
        statement = sa.select(mail_wordings.c.text).where(_THIS_TEXT)
        return self._connection.scalar(statement, _which(message, language, part)) or ""

    def save_text(self, wording: Wording) -> None:
        statement = insert_or_update(self._connection, mail_wordings)
        self._connection.execute(statement, vars(wording))

    def remove_text(self, message: str, language: str, part: WordingPart) -> None:
        statement = sa.delete(mail_wordings).where(_THIS_TEXT)
        self._connection.execute(statement, _which(message, language, part))


class SqlWordings:
    """The mail's ``Wordings``; every method is its own transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._reading = for_reading(engine)

    def of(self, message: str) -> CustomWording:
        with self._reading.connect() as connection:
            rows = connection.execute(_TEXTS_OF, {"its_message": message})
            texts = tuple(Wording(**row._mapping) for row in rows)  # noqa: SLF001
        return CustomWording(message=message, texts=texts)


def _which(message: str, language: str, part: WordingPart) -> dict[str, str]:
    return {"its_message": message, "its_language": language, "its_part": part}
