"""Every method a transaction of its own, so that none is open while a mail server is spoken to."""

import sqlalchemy as sa

from db.engine import for_reading, for_single_reads


class ShortTransactions:
    """What the parts of the outbox have in common."""

    def __init__(self, engine: sa.Engine, *, base_url: str = "") -> None:
        self._engine = engine
        self._reading = for_reading(engine)
        self._single_reads = for_single_reads(engine)
        self._base_url = base_url  # where the pages are; empty: nobody said
        self._single_statements = engine.execution_options(isolation_level="AUTOCOMMIT")
