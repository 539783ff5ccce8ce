"""What all tables share: how constraints are named, and columns with a fixed set of values."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from db.columns import Choice

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = sa.MetaData(naming_convention=NAMING)


def new_id() -> sa.Column[int]:
    """A number that is never given twice, not even after its row is gone."""
    return sa.Column("id", NUMBER, primary_key=True, autoincrement=True)


def one_of(name: str, kind: type[StrEnum], **options: Any) -> sa.Column[StrEnum]:  # noqa: ANN401
    return sa.Column(name, Choice(kind), nullable=False, **options)


def only(name: str, kind: type[StrEnum]) -> sa.CheckConstraint:
    """The column holds one of the enum's values, whoever writes it."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    return sa.CheckConstraint(f"{name} IN ({values})", name=name)


def text(name: str, **options: Any) -> sa.Column[str]:  # noqa: ANN401
    return sa.Column(name, sa.Text, nullable=False, **options)


def number(name: str, **options: Any) -> sa.Column[int]:  # noqa: ANN401
    return sa.Column(name, sa.Integer, nullable=False, **options)


def yes_or_no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


# SQLite numbers rows by itself only where the column is an INTEGER, which holds as much there.
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
