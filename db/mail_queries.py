"""Reading the outbox: how far each email is, and what the mail server said."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Row

from db.claims import written_from
from db.document_queries import event_reading
from db.reading_connection import Reader
from db.tables import email_attempts, emails, events, notifications
from db.variants import FIRST_ID
from notifications.endings import SENT
from notifications.ports import Attempt, EmailState
from notifications.readings import EmailDetails, EmailReading
from workflow.readings import EventReading

_LAST_TEXT = (
    sa.select(email_attempts.c.text)
    .where(email_attempts.c.email_id == emails.c.id)
    .order_by(email_attempts.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_WAITS = sa.and_(
    emails.c.state.in_([EmailState.QUEUED, EmailState.SENDING, EmailState.UNCERTAIN]),
    emails.c.next_attempt_at.is_not(None),
)
_EMAILS = sa.select(emails, sa.func.coalesce(_LAST_TEXT, "").label("last_text"))


class MailQueries(Reader):
    """What is asked about emails."""

    def outbox_list(
        self,
        *,
        state: EmailState | None = None,
        person: str | None = None,
        number: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[EmailReading]:
        """The newest first; of a *person* what he got and what was sent on his requests.

        *number*: that of a document they are about. *before*: older than that email.
        """
        statement = _EMAILS.order_by(emails.c.id.desc()).limit(limit)
        if state is not None:
            statement = statement.where(emails.c.state == state)
        if person is not None:
            concerned = sa.or_(emails.c.recipient == person, emails.c.requester == person)
            statement = statement.where(concerned)
        if number is not None:
            statement = statement.where(_about(number))
        if before is not None:
            statement = statement.where(emails.c.id < before)
        return [_email_reading(row) for row in self.rows(statement)]

    def outbox_counts(self) -> dict[EmailState, int]:
        """How many emails are in each state."""
        statement = sa.select(emails.c.state, sa.func.count()).group_by(emails.c.state)
        return {EmailState(state): count for state, count in self.rows(statement)}

    def oldest_unsent(self) -> datetime | None:
        """When the oldest one that waits for an attempt was made."""
        return self._moment(sa.select(sa.func.min(emails.c.created_at)).where(_WAITS))

    def last_sent(self) -> datetime | None:
        """When the mail server took the last one."""
        taken = email_attempts.c.stage == SENT
        return self._moment(sa.select(sa.func.max(email_attempts.c.at)).where(taken))

    def _moment(self, statement: sa.Select[tuple[datetime]]) -> datetime | None:
        [row] = self.rows(statement)
        moment: datetime | None = row[0]
        return moment

    def outbox_show(self, email_id: int) -> EmailDetails | None:
        rows = self.rows(_EMAILS.where(emails.c.id == email_id))
        if not rows:
            return None
        return EmailDetails(
            email=_email_reading(rows[0]),
            written=written_from(rows[0]),
            attempts=self._attempts(email_id),
            events=self._events(rows[0].first_id or email_id),
            kin=self._kin(email_id, rows[0].first_id or email_id),
        )

    def _kin(self, email_id: int, first_id: int) -> tuple[int, ...]:
        kin = sa.or_(emails.c.id == first_id, emails.c.first_id == first_id)
        statement = sa.select(emails.c.id).where(kin, emails.c.id != email_id)
        return tuple(row.id for row in self.rows(statement.order_by(emails.c.id)))

    def _attempts(self, email_id: int) -> tuple[Attempt, ...]:
        statement = (
            sa.select(email_attempts)
            .where(email_attempts.c.email_id == email_id)
            .order_by(email_attempts.c.id)
        )
        return tuple(_attempt(row) for row in self.rows(statement))

    def _events(self, email_id: int) -> tuple[EventReading, ...]:
        statement = (
            sa.select(events)
            .select_from(notifications.join(events))
            .where(notifications.c.email_id == email_id)
            .order_by(events.c.id)
        )
        return tuple(event_reading(row) for row in self.rows(statement))


def _about(number: str) -> sa.ColumnElement[bool]:
    """A later email about the same has the notifications of the first."""
    about = notifications.join(events, events.c.id == notifications.c.event_id)
    ends = events.c.subject.endswith(f"/{number}", autoescape=True)
    found = sa.select(notifications.c.email_id).select_from(about).where(ends)
    return FIRST_ID.in_(found)


def _email_reading(row: Row[*tuple[object, ...]]) -> EmailReading:
    return EmailReading(
        id=row.id,
        message_id=row.message_id,
        recipient=row.recipient,
        message=row.message,
        requester=row.requester,
        created_at=row.created_at,
        state=row.state,
        next_attempt_at=row.next_attempt_at,
        attempts=row.attempts,
        uncertain=row.uncertain,
        to_address=row.to_address or "",
        subject=row.subject or "",
        from_address=row.from_address or "",
        rule=row.rule or "",
        last_text=row.last_text,
        bounced_at=row.bounced_at,
        bounce_status=row.bounce_status or "",
        bounce_diagnostic=row.bounce_diagnostic or "",
        variant=row.variant,
        first_id=row.first_id,
    )


def _attempt(row: Row[*tuple[object, ...]]) -> Attempt:
    return Attempt(
        at=row.at,
        duration=timedelta(milliseconds=row.duration_ms),
        stage=row.stage,
        code=row.code,
        enhanced=row.enhanced,
        text=row.text,
    )
