"""The company's own words in mails, in the database."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.engine import for_reading
from db.event_log import record_setup_events
from db.inserts import insert_or_update
from db.resting_senders import ADMINISTRATORS
from db.tables import mail_overrides, mail_wordings
from notifications.wording import FAILURES_ALLOWED, CustomWording
from workflow.events import WordingBroken
from workflow.wording import EVERY_MESSAGE, Override, Wording, WordingPart

_TEXTS = sa.select(mail_wordings)
_TEXTS_OF = _TEXTS.where(mail_wordings.c.message.in_([bindparam("its_message"), EVERY_MESSAGE]))
_THIS_TEXT = sa.and_(
    mail_wordings.c.message == bindparam("its_message"),
    mail_wordings.c.language == bindparam("its_language"),
    mail_wordings.c.part == bindparam("its_part"),
)
_OVERRIDES = sa.select(
    mail_overrides.c.id.label("version"), *(c for c in mail_overrides.c if c.name != "id")
)
_OVERRIDES_OF = _OVERRIDES.where(mail_overrides.c.message == bindparam("its_message"))
_THIS_OVERRIDE = sa.and_(
    mail_overrides.c.message == bindparam("its_message"),
    mail_overrides.c.language == bindparam("its_language"),
)
_FAILED = (
    sa.update(mail_overrides)
    .where(mail_overrides.c.id == bindparam("its_version"), ~mail_overrides.c.set_aside)
    .values(
        failures=mail_overrides.c.failures + 1,
        set_aside=mail_overrides.c.failures + 1 >= FAILURES_ALLOWED,
        problem=bindparam("its_problem"),
    )
    .returning(mail_overrides.c.failures, mail_overrides.c.set_aside)
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

    def overrides(self) -> list[Override]:
        rows = self._connection.execute(
            _OVERRIDES.order_by(mail_overrides.c.message, mail_overrides.c.language)
        )
        return [Override(**row._mapping) for row in rows]  # noqa: SLF001

    def override(self, message: str, language: str) -> Override | None:
        which = {"its_message": message, "its_language": language}
        row = self._connection.execute(_OVERRIDES.where(_THIS_OVERRIDE), which).one_or_none()
        return None if row is None else Override(**row._mapping)  # noqa: SLF001

    def save_override(self, override: Override) -> Override:
        self.remove_override(override.message, override.language)
        fresh = replace(override, failures=0, set_aside=False, problem="")
        columns = {name: value for name, value in vars(fresh).items() if name != "version"}
        statement = sa.insert(mail_overrides).returning(mail_overrides.c.id)
        return replace(fresh, version=self._connection.execute(statement, columns).scalar_one())

    def remove_override(self, message: str, language: str) -> None:
        which = {"its_message": message, "its_language": language}
        self._connection.execute(sa.delete(mail_overrides).where(_THIS_OVERRIDE), which)


class SqlWordings:
    """The mail's ``Wordings``; every method is its own transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reading = for_reading(engine)

    def of(self, message: str) -> CustomWording:
        with self._reading.connect() as connection:
            rows = connection.execute(_TEXTS_OF, {"its_message": message})
            texts = tuple(Wording(**row._mapping) for row in rows)  # noqa: SLF001
            rows = connection.execute(_OVERRIDES_OF, {"its_message": message})
            overrides = tuple(Override(**row._mapping) for row in rows)  # noqa: SLF001
        return CustomWording(message=message, texts=texts, overrides=overrides)

    def failed(self, broken: WordingBroken) -> None:
        which = {"its_version": broken.version, "its_problem": broken.text}
        with self._engine.begin() as connection:
            row = connection.execute(_FAILED, which).one_or_none()
            if row is None:  # it was replaced meanwhile, or set aside by another worker
                return
            first = row.failures == 1
            if first or row.set_aside:
                tell = tuple(connection.scalars(ADMINISTRATORS)) if first else ()
                told = replace(broken, tell=tell, set_aside=row.set_aside)
                record_setup_events(connection, [told])


def _which(message: str, language: str, part: WordingPart) -> dict[str, str]:
    return {"its_message": message, "its_language": language, "its_part": part}
