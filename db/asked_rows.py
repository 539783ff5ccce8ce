"""Rows of values that a statement is asked about, always as the same statement for so many rows.

SQLAlchemy builds a VALUES clause anew each time, which takes longer than the question itself.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam

AT_ONCE: Final = 128  # rows; a statement takes so many parameters and not many more
Columns = tuple[tuple[str, type[sa.types.TypeEngine[Any]]], ...]


def room_for(how_many: int) -> int:
    """The next power of two, so that few statements are kept."""
    return 1 << (how_many - 1).bit_length()


@cache
def asked_rows(columns: Columns, room: int) -> sa.CTE:
    """*room* rows; those that are not filled are NULL in every column."""
    rows = (
        sa.select(*(bindparam(f"{name}_{i}", type_=kind).label(name) for name, kind in columns))
        for i in range(room)
    )
    return sa.union_all(*rows).cte("asked")


def parameters(columns: Columns, rows: Sequence[Sequence[Any]], room: int) -> dict[str, Any]:
    """*rows* with their values in the order of *columns*."""
    nothing = (None,) * len(columns)
    filled = [*rows, *[nothing] * (room - len(rows))]
    return {
        f"{name}_{i}": value
        for i, row in enumerate(filled)
        for (name, _), value in zip(columns, row, strict=True)
    }
