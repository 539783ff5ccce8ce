"""Which complaints of the database mean that two people were at the same thing."""

from typing import Final

from sqlalchemy.exc import DBAPIError

from workflow.errors import Conflict
from workflow.phrases import phrase as _

POSTGRESQL: Final = {
    "23503": "foreign_key_violation",
    "23505": "unique_violation",
    "40001": "serialization_failure",
    "40P01": "deadlock_detected",
}
SQLITE: Final = frozenset(
    {
        "SQLITE_CONSTRAINT_FOREIGNKEY",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_UNIQUE",
    }
)


def conflict_behind(error: BaseException | None) -> Conflict | None:
    """A refusal in words, where somebody else stored or removed what this builds on.

    Everything else stays the problem it is: a database that is full, gone or asked wrongly.
    """
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    name = getattr(error.orig, "sqlite_errorname", None)
    if state in POSTGRESQL or name in SQLITE:
        return Conflict(_("something this depends on"))
    return None
