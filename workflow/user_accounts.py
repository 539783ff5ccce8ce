"""Who may sign in at the pages, what more he may do there, and for how long he stays signed in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from workflow.errors import WorkflowError

PROOF_LASTS: Final = timedelta(minutes=15)
IDLE_LIMIT: Final = timedelta(hours=8)  # a session nobody used for so long has ended
SESSION_LIMIT: Final = timedelta(hours=24)  # and so has one of that age
LINK_VALID_FOR: Final = timedelta(hours=24)  # one that lets a person set a password
FAILURES_FORGOTTEN_AFTER: Final = timedelta(hours=24)
SEEN_EVERY: Final = timedelta(minutes=1)  # how exactly it is known when one was used last


class Role(StrEnum):
    """What an account may do beyond what the approval user setup says of the person.

    Requesters, approvers and approval administrators need none: the setup names them.
    """

    WORKFLOW_ADMINISTRATOR = "workflow_administrator"  # sets up workflows, mail and users
    AUDITOR = "auditor"  # sees everything, changes nothing


class SignInRefused(WorkflowError):
    code = "SIGN_IN_REFUSED"
    template = "The user name or the password is not right."
    advice = "Try again, or ask an administrator for a new password."


class NotYourPassword(WorkflowError):
    code = "NOT_YOUR_PASSWORD"
    template = "That is not your password."
    advice = "Nothing was changed."


class PasswordsDiffer(WorkflowError):
    code = "PASSWORDS_DIFFER"
    template = "The new password was typed in two ways."
    advice = "Type it twice in the same way."


class TooManyAttempts(WorkflowError):
    code = "TOO_MANY_ATTEMPTS"
    template = "There were too many attempts to sign in. Wait {} seconds."
    advice = "After that the right password works."


class AccountNotFound(WorkflowError):
    code = "ACCOUNT_NOT_FOUND"
    template = "There is no account of {}."
    advice = "`countersign accounts list` shows the accounts there are."


class OwnRoles(WorkflowError):
    code = "OWN_ROLES"
    template = "{} cannot change the roles of the own account."
    advice = "Another administrator can."


class OwnAccount(WorkflowError):
    code = "OWN_ACCOUNT"
    template = "{} cannot disable or remove the own account."
    advice = "Another administrator can."


class LinkOutdated(WorkflowError):
    code = "LINK_OUTDATED"
    template = "This link does not work any more."
    advice = "It works once, and for 24 hours. Ask an administrator for a new one."


class EntraTaken(WorkflowError):
    code = "ENTRA_TAKEN"
    template = "That Microsoft account belongs to {} already."
    advice = "Take it away there first."


class PasswordTooShort(WorkflowError):
    code = "PASSWORD_TOO_SHORT"
    template = "A password has at least {} characters."
    advice = "Several words in a row are easy to remember."


class PasswordTooLong(WorkflowError):
    code = "PASSWORD_TOO_LONG"
    template = "A password has at most {} characters."


class PasswordTooCommon(WorkflowError):
    code = "PASSWORD_TOO_COMMON"
    template = "That password is among the first that anybody tries."
    advice = "Several words in a row that belong to nothing known of the person are better."


@dataclass(frozen=True, kw_only=True)
class UserAccount:
    """The account of one user of the approval user setup."""

    user_id: str
    password_hash: str = ""  # empty: signs in another way, or not at all
    entra_tenant: str = ""  # with the next one: who it is at Microsoft Entra (tid, oid)
    entra_object: str = ""
    roles: frozenset[Role] = frozenset()
    disabled: bool = False

    @property
    def can_sign_in(self) -> bool:
        return bool(self.password_hash or self.entra_object) and not self.disabled


@dataclass(frozen=True, kw_only=True)
class PasswordLink:
    """Lets one person set a password once; its name is the hash of what stands in the link."""

    id: str
    user_id: str
    valid_until: datetime


@dataclass(frozen=True, kw_only=True)
class WebSession:
    """Somebody signed in; its name in the database is the hash of what the browser holds."""

    id: str
    user_id: str
    signed_in_at: datetime
    last_seen_at: datetime
    browser: str = ""  # what it calls itself, for the list of one's sessions
    proved_at: datetime | None = None  # when he last showed that it is he

    def is_proved(self, now: datetime) -> bool:
        return self.proved_at is not None and now - self.proved_at < PROOF_LASTS

    def has_ended(self, now: datetime) -> bool:
        idle = now - self.last_seen_at >= IDLE_LIMIT
        return idle or now - self.signed_in_at >= SESSION_LIMIT


@dataclass(frozen=True, kw_only=True)
class SignInFailures:
    """Wrong passwords in a row, for one account or from one address."""

    count: int = 0
    last_at: datetime | None = None


class AccountSetup(Protocol):
    """The accounts within the transaction that changes them."""

    def find(self, user_id: str) -> UserAccount | None: ...

    def of_entra(self, tenant: str, object_id: str) -> UserAccount | None: ...

    def save(self, account: UserAccount) -> None:
        """Insert or update; a disabled account, and one with a new password, has no sessions."""
        ...

    def remove(self, user_id: str) -> None:
        """With its sessions and its link."""
        ...

    def revoke_keys_of(self, user_id: str, at: datetime) -> None:
        """Those of the API that act as the person."""
        ...

    def save_link(self, link: PasswordLink) -> None:
        """In place of the one the person had."""
        ...

    def link(self, link_id: str) -> PasswordLink | None: ...

    def take_link(self, link_id: str) -> bool:
        """No when somebody else took it just before."""
        ...


class UserAccounts(Protocol):
    """The accounts, their sessions, and failed attempts to sign in; ``db`` provides it."""

    def all(self) -> list[UserAccount]:
        """By user id."""
        ...

    def find(self, user_id: str) -> UserAccount | None: ...

    def of_entra(self, tenant: str, object_id: str) -> UserAccount | None: ...

    def save(self, account: UserAccount) -> None:
        """Insert or update; a disabled account, and one with a new password, has no sessions."""
        ...

    def remove(self, user_id: str) -> None: ...

    def session(self, session_id: str) -> WebSession | None: ...

    def sessions_of(self, user_id: str) -> list[WebSession]:
        """The latest first."""
        ...

    def open_session(self, session: WebSession) -> None:
        """Sessions that have ended by then are forgotten."""
        ...

    def seen(self, session_id: str, at: datetime) -> None: ...

    def proved(self, session_id: str, at: datetime) -> None:
        """Whoever holds it showed that it is he."""
        ...

    def end_session(self, session_id: str) -> None: ...

    def end_sessions_of(self, user_id: str, *, but: str = "") -> None: ...

    def failures(self, keys: Collection[str]) -> dict[str, SignInFailures]: ...

    def failed(self, keys: Collection[str], at: datetime) -> dict[str, SignInFailures]:
        """One more failure for each of them; returns what there was before, by key.

        Two that happen at once see each other. Those of the day before are forgotten.
        """
        ...

    def succeeded(self, key: str) -> None:
        """Its failures are forgotten."""
        ...
