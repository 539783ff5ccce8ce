"""How Alembic reaches the database: through a connection it is given, or ``-x url=…``."""

from alembic import context
from sqlalchemy import Connection

from db.engine import open_database
from db.schema import COMPARISON
from db.tables import METADATA


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        **COMPARISON,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_database(context.get_x_argument(as_dictionary=True)["url"], foreign_keys=False)
    with engine.begin() as connection:
        run(connection)
    engine.dispose()
