"""Statements that are compiled once and afterwards only filled: the few that every action needs.

SQLAlchemy writes them, and says how values go in and come out. What it does besides for each
execution (finding the compiled form, a context, a result with many abilities) takes longer than
SQLite needs for the work itself, so these go to the driver directly.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
Row = Sequence[Any]
Processor = Callable[[Any], Any]
Statement = sa.Select[*tuple[Any, ...]] | sa.Insert | sa.Update | sa.Delete

NO_VALUES: Final[dict[str, Any]] = {}


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """What is asked within reaches PostgreSQL in one trip; answers are taken when they are needed.

    The statements must be prepared ones.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    _begin(connection)
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_ours(connection, None, "", error) from error


@dataclass(frozen=True)
class _Compiled:
    """For one kind of database and one set of values."""

    sql: str
    fill: Callable[[Values], Any]
    read: Callable[[Row], Row]


class Prepared:
    """One statement; which columns an INSERT or UPDATE names follows from the values."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[tuple[object, ...], _Compiled] = {}

    def rows(self, connection: Connection, values: Values = NO_VALUES) -> list[Row]:
        """What it finds, or returns of what it changed; values in the order of the columns."""
        return self.asked(connection, values)()

    def asked(self, connection: Connection, values: Values = NO_VALUES) -> Callable[[], list[Row]]:
        """As ``rows``; the answer is taken later."""
        compiled = self._for(connection, values)
        cursor = _executed(connection, compiled.sql, compiled.fill(values))

        def answer() -> list[Row]:
            try:
                rows = cursor.fetchall()
            except connection.dialect.loaded_dbapi.Error as error:
                raise _as_ours(connection, cursor, compiled.sql, error) from error
            return [compiled.read(row) for row in rows]

        return answer

    def value(self, connection: Connection, values: Values = NO_VALUES) -> Any:  # noqa: ANN401 - the column's
        """The first column of the first row, or None."""
        rows = self.rows(connection, values)
        return rows[0][0] if rows else None

    def changed(self, connection: Connection, values: Values) -> Callable[[], int]:
        """Do it; how many rows it changed is asked later."""
        compiled = self._for(connection, values)
        cursor = _executed(connection, compiled.sql, compiled.fill(values))
        return lambda: cast("int", cursor.rowcount)

    def change_many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Once for each row; all of them name the same values."""
        if not rows:
            return
        compiled = self._for(connection, rows[0], many=True)
        values = [compiled.fill(row) for row in rows]
        _executed(connection, compiled.sql, values, many=True)

    def _for(self, connection: Connection, values: Values, *, many: bool = False) -> _Compiled:
        key = (connection.dialect.name, many, *values)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = _compile(self._statement, connection.dialect, list(values), many=many)
            self._compiled[key] = compiled
        return compiled


# --- the driver ----------------------------------------------------------------------------


def _begin(connection: Connection) -> None:
    if not connection.in_transaction():
        connection.begin()


def _executed(connection: Connection, sql: str, values: Any, *, many: bool = False) -> Any:  # noqa: ANN401 - the driver's cursor
    """In the connection's transaction, with SQLAlchemy's errors and for whoever listens to it."""
    _begin(connection)
    cursor = connection.connection.cursor()
    for listener in connection.engine.dispatch.before_cursor_execute:
        listener(connection, cursor, sql, values, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_ours(connection, cursor, sql, error) from error
    return cursor


def _as_ours(connection: Connection, cursor: Any, sql: str, error: Any) -> BaseException:  # noqa: ANN401
    """As SQLAlchemy would raise it; a connection that is gone is given up."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
    if gone:
        connection.invalidate(error)
    wrapped: BaseException = sa.exc.DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, connection_invalidated=gone, dialect=dialect
    )
    return wrapped


# --- compiling -----------------------------------------------------------------------------


def _compile(statement: Statement, dialect: Dialect, names: list[str], *, many: bool) -> _Compiled:
    changes = not isinstance(statement, sa.Select)
    compiled = statement.compile(
        dialect=dialect, column_keys=names if changes else None, for_executemany=many
    )
    return _Compiled(
        sql=str(compiled),
        fill=_filling(compiled, dialect),
        read=_reading(_columns_of(statement), dialect),
    )


def _filling(compiled: SQLCompiler, dialect: Dialect) -> Callable[[Values], Any]:
    """Values by name become what the driver takes: a list in its order, or a dict."""
    constants = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
    names = compiled.positiontup if compiled.positional else list(compiled.binds)
    ways = [(name, _way_in(dialect, compiled.binds[name].type)) for name in names or ()]

    def value(values: Values, name: str) -> Any:  # noqa: ANN401
        return constants[name] if name in constants else values[name]

    if compiled.positional and not constants:
        return lambda values: [
            process(values[name]) if process else values[name] for name, process in ways
        ]
    if compiled.positional:
        return lambda values: [
            process(value(values, name)) if process else value(values, name)
            for name, process in ways
        ]
    return lambda values: {
        name: process(value(values, name)) if process else value(values, name)
        for name, process in ways
    }


def _way_in(dialect: Dialect, kind: sa.types.TypeEngine[Any]) -> Processor | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _columns_of(statement: Statement) -> Iterable[sa.ColumnElement[Any]]:
    columns: Any = (
        statement.selected_columns
        if isinstance(statement, sa.Select)
        else statement.exported_columns  # those it returns
    )
    return cast("Iterable[sa.ColumnElement[Any]]", columns)


def _reading(columns: Iterable[sa.ColumnElement[Any]], dialect: Dialect) -> Callable[[Row], Row]:
    kinds = [column.type.dialect_impl(dialect) for column in columns]
    processors = [kind.result_processor(dialect, None) for kind in kinds]
    wanted = [(place, process) for place, process in enumerate(processors) if process]

    def read(row: Row) -> Row:
        values = list(row)
        for place, process in wanted:
            values[place] = process(values[place])
        return values

    return read if wanted else _as_it_is


def _as_it_is(row: Row) -> Row:
    return row
