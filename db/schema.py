"""The tables of a database: made, brought up to date, and compared with what the program needs."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from db.engine import for_reading, open_database
from db.tables import METADATA

ADVISORY_LOCK: Final = 4_711_200_301  # any number; only one program at a time migrates
QUEUE_TABLES: Final = "procrastinate_"  # the job queue migrates its own


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name is None or not name.startswith(QUEUE_TABLES)


COMPARISON: Final[dict[str, Any]] = {"include_name": _is_ours, "compare_type": True}


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the tables to the newest form, all of it or nothing."""
    _migrate(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Bring the tables back to an older form; ``base`` is none at all."""
    _migrate(url, lambda config: command.downgrade(config, revision))


def outdated(url: str) -> list[str]:
    """What is said to somebody whose tables are missing or of another version; else nothing."""
    engine = open_database(url)
    try:
        with for_reading(engine).connect() as connection:
            return _outdated(MigrationContext.configure(connection))
    finally:
        engine.dispose()


def check(url: str) -> list[str]:
    """What the database has otherwise than the program needs; nothing when all is well."""
    engine = open_database(url)
    try:
        with for_reading(engine).connect() as connection:
            context = MigrationContext.configure(connection, opts=COMPARISON)
            differences = compare_metadata(context, METADATA)
            return _outdated(context) or [str(difference) for difference in differences]
    finally:
        engine.dispose()


def _outdated(context: MigrationContext) -> list[str]:
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    present = context.get_current_revision()
    if present == newest:
        return []
    if present is None:
        return ["The database has no tables yet."]
    return [f"The tables have the form of version {present}; {newest} is needed."]


def _migrate(url: str, change: Any) -> None:  # noqa: ANN401
    # Without foreign keys: SQLite alters a table by copying it, and dropping the old one would
    # take along the rows that point to it.
    engine = open_database(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
            config = _config()
            config.attributes["connection"] = connection
            change(config)
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "db:migrations")
    return config
