"""Claiming emails: each is sent by one worker at a time, until it is finished or its lease ends."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection, Row

from db.mail_tables import WAITING
from db.notification_rows import NOTIFICATIONS, notification_from
from db.tables import emails, notifications
from notifications.ports import ClaimedEmail, EmailState, Notification, WrittenEmail
from notifications.retries import LONGEST_WAIT

_WAITS = emails.c.state.in_([EmailState.QUEUED, EmailState.UNCERTAIN])
_IS_SENT = emails.c.state == EmailState.SENDING


def _reached(moment: sa.Column[datetime]) -> sa.ColumnElement[bool]:
    """It has come; or it never will, because a clock that was ahead has set it."""
    return sa.or_(moment <= bindparam("now"), moment > bindparam("never"))


# Locked and then updated, in two statements: with LIMIT inside one UPDATE, PostgreSQL may look for
# the rows several times and claim more. Rows that another worker is looking at are passed over.
_ALL_DUE = sa.select(emails.c.id).where(
    WAITING,  # implied by the rest, and what the index covers
    sa.or_(
        sa.and_(_WAITS, _reached(emails.c.next_attempt_at)),
        sa.and_(_IS_SENT, _reached(emails.c.lease_until)),
    ),
)
_DUE = (
    _ALL_DUE.order_by(emails.c.next_attempt_at, emails.c.id)
    .limit(bindparam("how_many"))
    .with_for_update(skip_locked=True)
)
_MORE_DUE = _ALL_DUE.offset(bindparam("number")).limit(1)
_CLAIM = (
    sa.update(emails)
    .where(emails.c.id.in_(bindparam("these", expanding=True)))
    .values(
        state=EmailState.SENDING,
        owner=bindparam("new_owner"),
        lease_until=bindparam("until"),
    )
    .returning(emails)
)
# Another email about the same notifications finds them at the first one.
_OF_FIRST = NOTIFICATIONS.where(
    notifications.c.email_id.in_(bindparam("these", expanding=True))
).order_by(notifications.c.id)
OWN = sa.and_(emails.c.state == EmailState.SENDING, emails.c.owner == bindparam("its_owner"))
# What may have been sent is not put back: when its lease ends, it is uncertain.
_RELEASE = (
    sa.update(emails)
    .where(WAITING, OWN, emails.c.in_hand_since.is_(None))
    .values(
        state=sa.case((emails.c.uncertain, EmailState.UNCERTAIN), else_=EmailState.QUEUED),
        owner=None,
        lease_until=None,
    )
)


def claim_due(
    connection: Connection, now: datetime, *, owner: str, until: datetime, limit: int
) -> list[ClaimedEmail]:
    due = connection.scalars(_DUE, {**_moments(now), "how_many": limit}).all()
    if not due:
        return []
    rows = connection.execute(_CLAIM, {"these": due, "new_owner": owner, "until": until}).all()
    told = _notifications_of(connection, [_first_id(row) for row in rows])
    claimed = {row.id: _claimed(row, told[_first_id(row)]) for row in rows}
    return [claimed[email_id] for email_id in due]


def are_due(connection: Connection, now: datetime, *, more_than: int) -> bool:
    found = connection.scalar(_MORE_DUE, {**_moments(now), "number": more_than})
    return found is not None


def release_claims_of(connection: Connection, owner: str) -> None:
    connection.execute(_RELEASE, {"its_owner": owner})


# --- rows ----------------------------------------------------------------------------------


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "never": now + LONGEST_WAIT}


def _notifications_of(
    connection: Connection, first_ids: Sequence[int]
) -> dict[int, list[Notification]]:
    found: dict[int, list[Notification]] = defaultdict(list)
    for row in connection.execute(_OF_FIRST, {"these": first_ids}):
        found[row.email_id].append(notification_from(row))
    return found


def _first_id(row: Row[*tuple[object, ...]]) -> int:
    number: int = row.first_id or row.id
    return number


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
        counted=row.counted,
        in_hand_since=row.in_hand_since,
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
