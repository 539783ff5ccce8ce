"""What became of an email after an attempt, and all that follows from it, in one transaction."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.claims import OWN
from db.resting_senders import rest
from db.tables import email_attempts, emails
from db.variants import add_variant
from notifications.ports import Attempt, AttemptEnd, EmailState, Variant

FINISH = (
    sa.update(emails)
    .where(emails.c.id == bindparam("this_email"), OWN)
    .values(
        state=bindparam("new_state"),
        next_attempt_at=bindparam("again_at"),
        owner=sa.null(),
        lease_until=sa.null(),
        in_hand_since=sa.null(),
        attempts=emails.c.attempts + 1,
        counted=emails.c.counted + bindparam("more"),
        uncertain=sa.or_(emails.c.uncertain, bindparam("lost")),
    )
)


def finish_claim(connection: Connection, email_id: int, *, owner: str, end: AttemptEnd) -> bool:
    if connection.execute(FINISH, finish_values(email_id, owner, end)).rowcount != 1:
        return False
    attempt = {"email_id": email_id, **attempt_values(end.attempt)}
    connection.execute(sa.insert(email_attempts), attempt)
    finished_at = end.attempt.at + end.attempt.duration
    if end.refused_sender is not None:
        rest(connection, end.refused_sender, finished_at)
    if end.stands_in:
        add_variant(connection, email_id, Variant.FALLBACK, finished_at)
    return True


def finish_values(email_id: int, owner: str, end: AttemptEnd) -> dict[str, Any]:
    return {
        "this_email": email_id,
        "its_owner": owner,
        "new_state": end.state,
        "again_at": end.next_attempt_at,
        "more": int(end.counted),
        "lost": end.state is EmailState.UNCERTAIN,
    }


def attempt_values(attempt: Attempt) -> dict[str, Any]:
    return {
        "at": attempt.at,
        "duration_ms": attempt.duration // timedelta(milliseconds=1),
        "stage": attempt.stage,
        "code": attempt.code,
        "enhanced": attempt.enhanced,
        "text": attempt.text,
    }
