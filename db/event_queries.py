"""Following everything that happens, event by event, without missing one."""

import sqlalchemy as sa

from db.document_queries import event_reading
from db.reading_connection import Reader
from db.tables import events
from workflow.readings import EventReading

# Numbers are given before transactions end: a lower one may appear after a higher one. Whoever
# follows waits for those that write events now; SQLite has one writer at a time anyway.
_WAIT_FOR_WRITERS = "LOCK TABLE events IN SHARE MODE"


class EventQueries(Reader):
    """What programs ask that follow what happens."""

    def events_after(self, event_id: int, *, limit: int) -> list[EventReading]:
        """The oldest first; one that is not shown now will have a higher number."""
        statement = sa.select(events).where(events.c.id > event_id).order_by(events.c.id)
        with self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(_WAIT_FOR_WRITERS)
            rows = connection.execute(statement.limit(limit)).all()
        return [event_reading(row) for row in rows]
