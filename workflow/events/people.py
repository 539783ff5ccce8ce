"""Changes of approval users, accounts, groups and what they are told."""

from dataclasses import dataclass

from workflow.events.base import DocumentEvent, SetupEvent
from workflow.events.facts import FieldChange


@dataclass(frozen=True, kw_only=True)
class ApprovalUserChanged(SetupEvent):
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class EMailChanged(SetupEvent, DocumentEvent):
    """Mail for a person goes to another address; ``tell`` has addresses, the old one first.

    It says all that its letter does, for the person may be gone by then. ``document`` is about
    nothing and ``requester`` empty: it is nobody's request.
    """

    before: str
    after: str
    full_name: str
    language: str  # his; empty: the company's


@dataclass(frozen=True, kw_only=True)
class ApprovalUserRemoved(SetupEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class AccountChanged(SetupEvent):
    """Who may sign in, how, and with which roles; ``subject`` is the user. It holds no secret."""

    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class PasswordLinkMade(SetupEvent, DocumentEvent):
    """Somebody may set a password with a link; ``tell`` has the person's address.

    As above it says all that its letter does, and is about no document.
    """

    full_name: str
    language: str  # of the person; empty: the company's


@dataclass(frozen=True, kw_only=True)
class AccountRemoved(SetupEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class UserGroupChanged(SetupEvent):
    members: tuple[str, ...]  # "BOB:1"


@dataclass(frozen=True, kw_only=True)
class NotificationSetupChanged(SetupEvent):
    changes: tuple[FieldChange, ...]
