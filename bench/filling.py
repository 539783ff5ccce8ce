"""Many finished documents in the tables, made inside the database from one that was played."""

import sqlalchemy as sa

from db.tables import approval_entries, approval_runs, documents, events

FILL = "FILL"  # the document that is copied


def fill(engine: sa.Engine, count: int) -> None:
    """Copy the finished document FILL *count* times, with its run, entries and events."""
    with engine.begin() as connection:
        original = connection.execute(
            sa.select(documents.c.id).where(documents.c.number == FILL)
        ).scalar_one()
        numbers = _numbers(count)
        copied = _columns(documents, number=sa.literal("F-") + sa.cast(numbers.c.n, sa.Text))
        connection.execute(
            sa.insert(documents).from_select(
                list(copied),
                sa.select(*copied.values())
                .where(documents.c.id == original)
                .join_from(documents, numbers, sa.true()),
            )
        )
        copies = documents.alias("copies")
        is_copy = copies.c.number.like("F-%")
        for table in (approval_runs, events):
            wanted = _columns(table, document_id=copies.c.id)
            connection.execute(
                sa.insert(table).from_select(
                    list(wanted),
                    sa.select(*wanted.values())
                    .join_from(table, copies, is_copy)
                    .where(table.c.document_id == original),
                )
            )
        _copy_entries(connection, original)


def _copy_entries(connection: sa.Connection, original: int) -> None:
    new_runs, old_runs = approval_runs.alias("new_runs"), approval_runs.alias("old_runs")
    wanted = _columns(approval_entries, run_id=new_runs.c.id)
    chosen = (
        sa.select(*wanted.values())
        .join_from(approval_entries, old_runs, old_runs.c.id == approval_entries.c.run_id)
        .join(new_runs, new_runs.c.document_id != original)
        .where(old_runs.c.document_id == original)
    )
    connection.execute(sa.insert(approval_entries).from_select(list(wanted), chosen))


def _columns(table: sa.Table, **replaced: sa.ColumnElement[object]) -> dict[str, object]:
    """Every column but the id, some of them with another value."""
    names = [column.name for column in table.columns if column.name != "id"]
    return {name: replaced.get(name, table.c[name]) for name in names}


def _numbers(count: int) -> sa.CTE:
    numbers = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    return numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < count))
