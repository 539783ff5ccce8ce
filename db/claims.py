"""Claiming emails: each is sent by one worker at a time, until it is finished or its lease ends."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection, Row

from db.mail_tables import WAITING
from db.notification_rows import NOTIFICATIONS, notification_from
from db.tables import email_attempts, emails, notifications
from notifications.ports import Attempt, ClaimedEmail, EmailState, Notification, WrittenEmail
from notifications.replies import Stage

_WAITS = emails.c.state.in_([EmailState.QUEUED, EmailState.UNCERTAIN])
_LEASE_ENDED = sa.and_(
    emails.c.state == EmailState.SENDING, emails.c.lease_until <= bindparam("now")
)
# Locked and then updated, in two statements: with LIMIT inside one UPDATE, PostgreSQL may look for
# the rows several times and claim more. Rows that another worker is looking at are passed over.
_DUE = (
    sa.select(emails.c.id)
    .where(
        WAITING,  # implied by the rest, and what the index covers
        sa.or_(sa.and_(_WAITS, emails.c.next_attempt_at <= bindparam("now")), _LEASE_ENDED),
    )
    .order_by(emails.c.next_attempt_at, emails.c.id)
    .limit(bindparam("how_many"))
    .with_for_update(skip_locked=True)
)
# When a worker died with the bytes written, nobody knows whether they have left.
_MAY_HAVE_LEFT = sa.and_(emails.c.state == EmailState.SENDING, emails.c.raw.is_not(None))
_CLAIM = (
    sa.update(emails)
    .where(emails.c.id.in_(bindparam("these", expanding=True)))
    .values(
        state=EmailState.SENDING,
        owner=bindparam("new_owner"),
        lease_until=bindparam("until"),
        uncertain=sa.or_(emails.c.uncertain, _MAY_HAVE_LEFT),
    )
    .returning(emails)
)
_OF_EMAILS = NOTIFICATIONS.where(
    notifications.c.email_id.in_(bindparam("these", expanding=True))
).order_by(notifications.c.id)
_OWN = sa.and_(emails.c.state == EmailState.SENDING, emails.c.owner == bindparam("its_owner"))
_FINISH = (
    sa.update(emails)
    .where(emails.c.id == bindparam("this_email"), _OWN)
    .values(
        state=bindparam("new_state"),
        next_attempt_at=bindparam("again_at"),
        owner=None,
        lease_until=None,
        attempts=emails.c.attempts + 1,
        uncertain=sa.or_(emails.c.uncertain, bindparam("lost")),
    )
)
_RELEASE = (
    sa.update(emails)
    .where(WAITING, _OWN)
    .values(state=EmailState.QUEUED, owner=None, lease_until=None)
)


def claim_due(
    connection: Connection, now: datetime, *, owner: str, until: datetime, limit: int
) -> list[ClaimedEmail]:
    due = connection.scalars(_DUE, {"now": now, "how_many": limit}).all()
    if not due:
        return []
    rows = connection.execute(_CLAIM, {"these": due, "new_owner": owner, "until": until}).all()
    told = _notifications_of(connection, due)
    claimed = {row.id: _claimed(row, told[row.id]) for row in rows}
    return [claimed[email_id] for email_id in due]


def finish_claim(  # noqa: PLR0913 - the port's own arguments
    connection: Connection,
    email_id: int,
    *,
    owner: str,
    state: EmailState,
    attempt: Attempt,
    next_attempt_at: datetime | None,
) -> bool:
    result = connection.execute(
        _FINISH,
        {
            "this_email": email_id,
            "its_owner": owner,
            "new_state": state,
            "again_at": next_attempt_at,
            "lost": state is EmailState.UNCERTAIN or _answer_was_lost(attempt),
        },
    )
    if result.rowcount != 1:
        return False
    connection.execute(sa.insert(email_attempts), _attempt_columns(email_id, attempt))
    return True


def _answer_was_lost(attempt: Attempt) -> bool:
    return attempt.stage == Stage.ANSWER and attempt.code is None


def release_claims_of(connection: Connection, owner: str) -> None:
    connection.execute(_RELEASE, {"its_owner": owner})


# --- rows ----------------------------------------------------------------------------------


def _notifications_of(
    connection: Connection, email_ids: Sequence[int]
) -> dict[int, list[Notification]]:
    found: dict[int, list[Notification]] = defaultdict(list)
    for row in connection.execute(_OF_EMAILS, {"these": email_ids}):
        found[row.email_id].append(notification_from(row))
    return found


def _claimed(row: Row[*tuple[object, ...]], told: list[Notification]) -> ClaimedEmail:
    return ClaimedEmail(
        id=row.id,
        message_id=row.message_id,
        recipient=row.recipient,
        message=row.message,
        requester=row.requester,
        created_at=row.created_at,
        attempts=row.attempts,
        uncertain_before=row.uncertain,
        written=written_from(row),
        notifications=tuple(told),
    )


def written_from(row: Row[*tuple[object, ...]]) -> WrittenEmail | None:
    if row.raw is None:
        return None
    return WrittenEmail(
        to_address=row.to_address,
        subject=row.subject,
        rule=row.rule,
        from_address=row.from_address,
        sender_address=row.sender_address,
        reply_to=row.reply_to,
        envelope_from=row.envelope_from,
        smtputf8=row.smtputf8,
        raw=row.raw,
    )


def _attempt_columns(email_id: int, attempt: Attempt) -> dict[str, Any]:
    return {
        "email_id": email_id,
        "at": attempt.at,
        "duration_ms": attempt.duration // timedelta(milliseconds=1),
        "stage": attempt.stage,
        "code": attempt.code,
        "enhanced": attempt.enhanced,
        "text": attempt.text,
    }
