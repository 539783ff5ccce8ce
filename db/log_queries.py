"""Reading the logs backwards: what was changed in the setup, and who was reminded."""

from typing import Final

import sqlalchemy as sa

from db.document_queries import event_reading
from db.mail_tables import DECISIONS
from db.reading_connection import Reader
from db.tables import events
from workflow.readings import EventReading

OVERDUE: Final = events.c.kind == sa.literal_column("'ApprovalOverdue'")


class LogQueries(Reader):
    """The latest first; *before* is the id of the last line that was seen."""

    def setup_log(
        self, *, limit: int, before: int | None = None, subject: str = ""
    ) -> list[EventReading]:
        """Changes of the setup; *subject*: a user id, a group or a workflow code."""
        about = [events.c.subject == subject] if subject else []
        return self._log(limit, before, events.c.document_id.is_(None), *about)

    def overdue_log(self, *, limit: int, before: int | None = None) -> list[EventReading]:
        """Reminders of requests whose due date had passed."""
        return self._log(limit, before, OVERDUE)

    def last_decision(self, user: str) -> EventReading | None:
        """The latest approval or rejection by that person."""
        statement = sa.select(events).where(events.c.actor == user, DECISIONS)
        rows = self.rows(statement.order_by(events.c.id.desc()).limit(1))
        return event_reading(rows[0]) if rows else None

    def _log(
        self, limit: int, before: int | None, *conditions: sa.ColumnElement[bool]
    ) -> list[EventReading]:
        earlier = [events.c.id < before] if before is not None else []
        statement = (
            sa.select(events).where(*conditions, *earlier).order_by(events.c.id.desc()).limit(limit)
        )
        return [event_reading(row) for row in self.rows(statement)]
