"""Reading in short transactions that wait for no writer."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from db.engine import for_reading


class Reader:
    """One statement, one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = for_reading(engine)

    def rows(self, statement: sa.Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        with self._engine.connect() as connection:
            return connection.execute(statement).all()

    def number(self, statement: sa.Select[int]) -> int:
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar_one()
