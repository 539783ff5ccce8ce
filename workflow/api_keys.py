"""Keys with which other programs use the API: whom each acts as, and what it may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from workflow.errors import WorkflowError

USED_EVERY: Final = timedelta(minutes=1)  # how exactly it is known when one was used last


class Scope(StrEnum):
    """One thing a key may do; whatever its user may not do, it may not do either."""

    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    REQUESTS_SEND = "requests:send"
    REQUESTS_SEND_AS = "requests:send_as"  # in the name of any requester: for an ERP
    ENTRIES_READ = "entries:read"
    ENTRIES_DECIDE = "entries:decide"  # only where the company names the key, too
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    GROUPS_READ = "groups:read"
    GROUPS_WRITE = "groups:write"
    WORKFLOWS_READ = "workflows:read"
    WORKFLOWS_WRITE = "workflows:write"
    OUTBOX_READ = "outbox:read"
    EVENTS_READ = "events:read"


class ApiKeyExists(WorkflowError):
    code = "API_KEY_EXISTS"
    template = "There already is an API key {}."
    advice = "Names of keys are not used twice, so that the history stays clear."


class ApiKeyNotFound(WorkflowError):
    code = "API_KEY_NOT_FOUND"
    template = "There is no API key {}."
    advice = "`countersign api-keys list` shows the keys there are."


class IntegratorIsUser(WorkflowError):
    code = "INTEGRATOR_IS_USER"
    template = "{} is somebody in the approval user setup."
    advice = "A key that acts as that person says so: --as {}. Else give it another name."


class ScopeNeedsPerson(WorkflowError):
    code = "SCOPE_NEEDS_PERSON"
    template = "The scope {} is for keys that act as somebody of the approval user setup."
    advice = "Say as whom: --as USER."


class ScopeNeedsIntegrator(WorkflowError):
    code = "SCOPE_NEEDS_INTEGRATOR"
    template = "The scope {} is for keys of programs; a person asks only in his own name."
    advice = "Leave --as away, or use requests:send."


class ExpiredAlready(WorkflowError):
    code = "EXPIRED_ALREADY"
    template = "{} has passed already."


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """One key; its secret is known to nobody but the program that holds it."""

    id: str
    name: str
    secret_hash: str
    acts_as: str  # a user of the approval user setup, or the name of a program
    for_person: bool  # whether acts_as was somebody of the setup when the key was made
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None  # None = never
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def works_at(self, now: datetime) -> bool:
        expired = self.expires_at is not None and now >= self.expires_at
        return self.revoked_at is None and not expired


class ApiKeys(Protocol):
    """The keys; ``db`` provides it."""

    def all(self) -> list[ApiKey]:
        """By name, the revoked ones too."""
        ...

    def find(self, key_id: str) -> ApiKey | None: ...

    def add(self, key: ApiKey) -> None:
        """Raises ApiKeyExists."""
        ...

    def revoke(self, name: str, at: datetime) -> ApiKey:
        """Raises ApiKeyNotFound."""
        ...

    def used(self, key_id: str, at: datetime) -> None: ...


def check_scopes(scopes: frozenset[Scope], *, for_person: bool) -> None:
    """
    Raises:
        ScopeNeedsPerson, ScopeNeedsIntegrator
    """
    if Scope.ENTRIES_DECIDE in scopes and not for_person:
        raise ScopeNeedsPerson(Scope.ENTRIES_DECIDE)
    if Scope.REQUESTS_SEND_AS in scopes and for_person:
        raise ScopeNeedsIntegrator(Scope.REQUESTS_SEND_AS)
