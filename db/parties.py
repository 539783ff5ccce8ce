"""Vendors, customers and restricted items in the database."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.inserts import insert_new, insert_or_update
from db.tables import counterparties, restricted_items
from workflow.counterparties import Counterparty
from workflow.statuses import Area

_COUNTERPARTY = sa.select(counterparties).where(
    counterparties.c.area == bindparam("area"), counterparties.c.number == bindparam("number")
)
NAMES = tuple(column.name for column in counterparties.columns)


class SqlParties:
    """The workflow's ``Parties`` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counterparty(self, area: Area, number: str) -> Counterparty | None:
        row = self._connection.execute(
            _COUNTERPARTY, {"area": area, "number": number}
        ).one_or_none()
        return None if row is None else Counterparty(**row._mapping)  # noqa: SLF001

    def counterparties(self) -> list[Counterparty]:
        """By area and number."""
        ordered = sa.select(counterparties).order_by(counterparties.c.area, counterparties.c.number)
        rows = self._connection.execute(ordered)
        return [Counterparty(**row._mapping) for row in rows]  # noqa: SLF001

    def save_counterparty(self, counterparty: Counterparty) -> None:
        columns = {name: getattr(counterparty, name) for name in NAMES}
        self._connection.execute(insert_or_update(self._connection, counterparties), columns)

    def restricted_items(self, numbers: Iterable[str]) -> list[str]:
        """In the order given, each once."""
        wanted = list(dict.fromkeys(numbers))
        if not wanted:
            return []
        found = set(
            self._connection.scalars(
                sa.select(restricted_items.c.number).where(restricted_items.c.number.in_(wanted))
            )
        )
        return [number for number in wanted if number in found]

    def restrict_item(self, number: str, *, restricted: bool) -> None:
        if restricted:
            statement = insert_new(self._connection, restricted_items)
            self._connection.execute(statement, {"number": number})
            return
        self._connection.execute(
            sa.delete(restricted_items).where(restricted_items.c.number == number)
        )
