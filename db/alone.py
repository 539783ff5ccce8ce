"""Work that only one process at a time may do, wherever it runs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam

MAKING_MAIL: Final = 4_711_200_303  # any number
LOOK_EVERY: Final = 0.2  # seconds

_TRY = sa.select(sa.func.pg_try_advisory_lock(bindparam("number", type_=sa.BigInteger)))
_UNLOCK = sa.select(sa.func.pg_advisory_unlock(bindparam("number", type_=sa.BigInteger)))


@contextmanager
def alone(engine: sa.Engine, number: int, stopping: Callable[[], bool]) -> Iterator[bool]:
    """Whether it may be done; no when it is time to stop. A process that dies keeps nobody waiting.

    On SQLite there is one process that works, which keeps its threads apart by itself.
    """
    if engine.dialect.name != "postgresql":
        yield True
        return
    which = {"number": number}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not (held := connection.scalar(_TRY, which)) and not stopping():
            time.sleep(LOOK_EVERY)
        try:
            yield bool(held)
        finally:
            if held:
                connection.execute(_UNLOCK, which)
