"""Handing over a letter; what became of the one before is recorded in the same transaction."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.claims import OWN
from db.email_ends import FINISH, attempt_values, finish_claim, finish_values
from db.open_requests import ABOUT_AN_ENTRY, IS_ANSWERED, answered, facts
from db.tables import email_attempts, emails
from notifications.ports import Finishing, HandedOver, RecordedEvent

_HAND_OVER = (
    sa.update(emails)
    .where(emails.c.id == bindparam("handed_over"), OWN)
    .values(in_hand_since=bindparam("now"), lease_until=bindparam("until"))
)


def _both(is_answered: sa.ColumnElement[bool]) -> sa.Select[int, int, bool]:
    finished = FINISH.returning(emails.c.id).cte("finished")
    columns = [c for c in email_attempts.c if c.name not in {"id", "email_id"}]
    attempt = sa.select(finished.c.id, *(bindparam(c.name, type_=c.type) for c in columns))
    noted = sa.insert(email_attempts).from_select(["email_id", *(c.name for c in columns)], attempt)
    handed_over = _HAND_OVER.where(~is_answered).returning(emails.c.id).cte("now_in_hand")
    return sa.select(_count(handed_over), _count(finished), is_answered).add_cte(noted.cte("noted"))


def _count(rows: sa.CTE) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(rows).scalar_subquery()


_BOTH: Final = _both(sa.false())
_BOTH_IF_ASKED: Final = _both(sa.func.coalesce(IS_ANSWERED.scalar_subquery(), sa.false()))


def hand_over(
    connection: Connection,
    which: dict[str, Any],
    finishing: Finishing | None,
    asks: Sequence[RecordedEvent],
) -> HandedOver:
    """*which*: the letter, its owner, and from when until when it is in hand.

    *asks*: the requests it is about; when all were answered, it is not handed over.
    """
    finished = finishing is not None and finish_claim(
        connection, finishing.email_id, owner=which["its_owner"], end=finishing.end
    )
    if asks and answered(connection, asks).issuperset(one.id for one in asks):
        return HandedOver(held=False, answered=True, finished=finished)
    return HandedOver(held=connection.execute(_HAND_OVER, which).rowcount == 1, finished=finished)


def hand_over_in_one_trip(
    connection: Connection,
    which: dict[str, Any],
    finishing: Finishing,
    asks: Sequence[RecordedEvent],
) -> HandedOver:
    """The same after a plain end, as one statement of PostgreSQL's: a transaction by itself.

    *asks* is one request, or none.
    """
    values = {
        **finish_values(finishing.email_id, which["its_owner"], finishing.end),
        **attempt_values(finishing.end.attempt),
        **which,
    }
    asked = [facts(one.id, one.event) for one in asks if isinstance(one.event, ABOUT_AN_ENTRY)]
    statement = _BOTH_IF_ASKED if asked else _BOTH
    held, finished, is_answered = connection.execute(statement, values | dict(*asked)).one()
    return HandedOver(held=held == 1, answered=is_answered, finished=finished == 1)
