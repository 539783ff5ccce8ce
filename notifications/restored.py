"""Whether this database may be an old copy, or a second one: then mail might go out twice.

What was tried to be sent is noted twice: in the database, and in a file that no copy of the
database takes along. A database that knows of less than the file was restored.
"""

from dataclasses import dataclass
from typing import Final, Protocol

BESIDE: Final = "beside"  # the home of a database in a file: beside it lies the file of marks

OLDER: Final = (
    "This database is older than the mail it sent: a backup was restored, and mail that waits in "
    "it may have been sent already."
)
COPIED: Final = (
    "This database was copied or moved from another place, where its mail may have been sent or "
    "may still be sent."
)
ADVICE: Final = "Nothing is sent until somebody decides: countersign db accept-restore"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What the file says."""

    epoch: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """What the database says."""

    epoch: str
    home: str  # where it was when somebody last looked; empty: nobody has
    here: str  # where it is; empty: nobody can say
    suspicion: str
    attempts: int  # the number of the last attempt to send an email
    has_emails: bool


class Guard(Protocol):
    def state(self) -> Guarded: ...

    def settle(self, home: str) -> None:
        """This is where the database is kept."""
        ...

    def suspect(self, why: str) -> None:
        """Nothing is sent any more until ``accept``; not by any worker."""
        ...

    def accept(self, *, hold: bool) -> int:
        """The database is the right one, from here on as a new epoch; how many emails are held."""
        ...


def suspicion(guarded: Guarded, mark: Mark | None) -> str:
    """Empty: all is well. *mark* has to be read before the database."""
    if guarded.here == BESIDE:
        return _in_a_file(guarded, mark)
    if guarded.home and guarded.here and guarded.home != guarded.here:
        return COPIED
    return _older(guarded, mark)


def _in_a_file(guarded: Guarded, mark: Mark | None) -> str:
    if mark is None:  # also on the first run of all
        return COPIED if guarded.home else ""
    if mark.epoch != guarded.epoch:  # or a new database in the place of one that was deleted
        return OLDER if guarded.home or guarded.has_emails else ""
    return _older(guarded, mark)


def _older(guarded: Guarded, mark: Mark | None) -> str:
    same = mark is not None and mark.epoch == guarded.epoch
    return OLDER if mark is not None and same and mark.attempts > guarded.attempts else ""
