"""Whose fault it is when an email cannot be written: its own, the setup's or the database's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from notifications.ports import ClaimedEmail, Directory
from notifications.senders import NoSender
from notifications.writing import Unaddressed
from workflow.approval_users import ApprovalUser
from workflow.event_codec import UnreadableEvent

# Errors of a program, not of a server. Others end the pass: somebody may have asked for that.
DEFECTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


class Corrupt(Exception):
    """This email cannot be written; the message says what stood in the way."""


class _LookupFailed(Exception):
    """The database could not be asked: nobody's email is to blame."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True)
class Lookups:
    """The directory, asked once about each person; its failures are told from those of an email."""

    directory: Directory
    _known: dict[str, ApprovalUser | None] = field(default_factory=dict)

    def user(self, user_id: str) -> ApprovalUser | None:
        if user_id not in self._known:
            self._known[user_id] = self._looked_up(user_id)
        return self._known[user_id]

    def _looked_up(self, user_id: str) -> ApprovalUser | None:
        try:
            return self.directory.user(user_id)
        except Exception as error:
            raise _LookupFailed(error) from error


@contextmanager
def writing(email: ClaimedEmail) -> Iterator[None]:
    """Whatever goes wrong concerns this email only: it is set aside, the others go on.

    Raises:
        Corrupt, Unaddressed, NoSender
    """
    for notification in email.notifications:
        event = notification.recorded.event
        if isinstance(event, UnreadableEvent):
            raise Corrupt(event.problem)
    try:
        yield
    except (Unaddressed, NoSender):
        raise
    except _LookupFailed as error:
        raise error.cause from None
    except Exception as error:
        raise Corrupt(described(error)) from error


def described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
