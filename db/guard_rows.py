"""The one row about what this installation may send; it is made when it is first asked for."""

from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from db.guard_tables import delivery_guard
from db.inserts import insert_new

_GUARD = sa.select(delivery_guard)
_LOCKED = _GUARD.with_for_update()


def new_epoch() -> str:
    return uuid4().hex


def locked_guard(connection: Connection) -> Row[*tuple[object, ...]]:
    row = {"id": 1, "epoch": new_epoch(), "home": "", "suspicion": ""}
    connection.execute(insert_new(connection, delivery_guard), row)
    return connection.execute(_LOCKED).one()
