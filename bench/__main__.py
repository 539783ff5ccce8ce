"""``python -m bench``: measures, and prints a table with the ratio to the raw database."""

import argparse
import platform
import sqlite3
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.engine import Row, measure_postgresql, measure_sqlite

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from postgres_server import throwaway_postgres  # the tests' throw-away server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--documents", type=int, default=200, help="documents played a round")
    parser.add_argument("--sizes", default="1000,100000", help="finished documents in the tables")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    rows: list[Row] = []
    for synchronous in ("FULL", "NORMAL"):
        rows += [measure_sqlite(synchronous, size, options.documents) for size in sizes]
    with throwaway_postgres(durable=True) as server:
        rows += [measure_postgresql(server, size, options.documents) for size in sizes]
    show(rows)


def show(rows: list[Row]) -> None:
    table = Table(title="submit, approve three times, released: one commit an action")
    for heading in ("database", "in the table", "ms/action", "raw ms", "ratio", "docs/s", "SQL"):
        table.add_column(heading, justify="left" if heading == "database" else "right")
    for row in rows:
        table.add_row(
            row.database,
            f"{row.documents_in_table:,}",
            f"{row.ms_per_action:.2f}",
            f"{row.raw_ms_per_action:.2f}",
            f"{row.ratio:.2f}",
            f"{row.documents_per_second:.0f}",
            f"{row.statements_per_action:.1f}",
        )
    console = Console()
    console.print(table)
    console.print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version};"
        " SQL = statements an action, without BEGIN and COMMIT."
    )


if __name__ == "__main__":
    main()
