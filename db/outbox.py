"""The outbox: from recorded events to delivered emails, and what an operator does about them."""

from db.delivering import Delivering
from db.operating import Operating
from db.telling import Telling


class SqlOutbox(Telling, Delivering, Operating):
    """The mail's ``Outbox``; any number of workers may use the same database."""
