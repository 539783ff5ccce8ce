"""Handing over a letter; what became of the one before is recorded in the same transaction."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.claims import OWN
from db.email_ends import FINISH, attempt_values, finish_claim, finish_values
from db.tables import email_attempts, emails
from notifications.ports import Finishing, HandedOver

_HAND_OVER = (
    sa.update(emails)
    .where(emails.c.id == bindparam("handed_over"), OWN)
    .values(in_hand_since=bindparam("now"), lease_until=bindparam("until"))
)


def _both() -> sa.Select[int, int]:
    finished = FINISH.returning(emails.c.id).cte("finished")
    columns = [c for c in email_attempts.c if c.name not in {"id", "email_id"}]
    attempt = sa.select(finished.c.id, *(bindparam(c.name, type_=c.type) for c in columns))
    noted = sa.insert(email_attempts).from_select(["email_id", *(c.name for c in columns)], attempt)
    handed_over = _HAND_OVER.returning(emails.c.id).cte("now_in_hand")
    return sa.select(_count(handed_over), _count(finished)).add_cte(noted.cte("noted"))


def _count(rows: sa.CTE) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(rows).scalar_subquery()


_BOTH = _both()


def hand_over(
    connection: Connection, which: dict[str, Any], finishing: Finishing | None
) -> HandedOver:
    """*which*: the letter, its owner, and from when until when it is in hand."""
    owner = which["its_owner"]
    finished = finishing is not None and finish_claim(
        connection, finishing.email_id, owner=owner, end=finishing.end
    )
    return HandedOver(held=connection.execute(_HAND_OVER, which).rowcount == 1, finished=finished)


def hand_over_in_one_trip(
    connection: Connection, which: dict[str, Any], finishing: Finishing
) -> HandedOver:
    """The same after a plain end, as one statement of PostgreSQL's: a transaction by itself."""
    values = finish_values(finishing.email_id, which["its_owner"], finishing.end)
    attempt = attempt_values(finishing.end.attempt)
    held, finished = connection.execute(_BOTH, {**values, **attempt, **which}).one()
    return HandedOver(held=held == 1, finished=finished == 1)
