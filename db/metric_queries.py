"""Numbers for those who watch over it: counted in the tables, so the same from every process."""

import sqlalchemy as sa

from db.reading_connection import Reader
from db.tables import (
    email_attempts,
    emails,
    event_inbox,
    events,
    webhook_deliveries,
)
from notifications.endings import SENT

DECISIONS = ("RequestApproved", "RequestRejected", "RequestDelegated", "RequestCanceled")


class MetricQueries(Reader):
    """For the page of metrics."""

    def email_counts(self) -> dict[str, int]:
        return self._by(emails.c.state)

    def webhook_counts(self) -> dict[str, int]:
        return self._by(webhook_deliveries.c.state)

    def letters_sent(self) -> int:
        """How many the mail server took, also of those that came back later."""
        taken = email_attempts.c.stage == SENT
        return self.number(sa.select(sa.func.count()).select_from(email_attempts).where(taken))

    def events_waiting(self) -> int:
        return self.number(sa.select(sa.func.count()).select_from(event_inbox))

    def decision_counts(self) -> dict[str, int]:
        return self._by(events.c.kind, events.c.kind.in_(DECISIONS))

    def _by(self, column: sa.Column[str], *which: sa.ColumnElement[bool]) -> dict[str, int]:
        statement = sa.select(column, sa.func.count()).where(*which).group_by(column)
        return {str(value): count for value, count in self.rows(statement)}
