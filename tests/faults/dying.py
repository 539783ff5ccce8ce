"""``python -m faults.dying POINT WORD…``: the command line, whose process is killed at a point.

The point is ``commit``, ``after-commit``, or the number of the statement it does not live to send.
The commits meant are of transactions that recorded an event.
"""

import itertools
import os
import signal
import sys

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_statement(number: int) -> None:
    sent = itertools.count(1)

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def executing(*_: object) -> None:
        if next(sent) == number:
            die()


def die_at_commit(*, after: bool) -> None:
    recorded = False
    commit = DefaultDialect.do_commit

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def executing(_connection, _cursor, statement, *_: object) -> None:
        nonlocal recorded
        recorded = recorded or statement.startswith("INSERT INTO events")

    def committing(dialect, connection) -> None:
        if recorded and not after:
            die()
        commit(dialect, connection)
        if recorded:
            die()

    DefaultDialect.do_commit = committing


if __name__ == "__main__":
    point, *words = sys.argv[1:]
    if point.isdigit():
        die_at_statement(int(point))
    else:
        die_at_commit(after=point == "after-commit")
    from app.cli import main

    sys.argv = ["countersign", *words]
    main()
