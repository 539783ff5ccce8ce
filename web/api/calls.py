"""One call of a program: which key it presents, as whom it acts, and what it may see and do."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from web.api.keys import key_behind
from web.api.rates import Rate
from web.api.refusals import KeyNeeded, KeyUserChanged, NotInThatName, ScopeMissing, SeesTooLittle
from web.guards import SAFE_METHODS
from web.ports import WebUnitOfWork
from web.services import Services
from web.visits import services_of
from workflow.actors import Actor
from workflow.api_keys import ApiKey, Scope
from workflow.approval_users import ApprovalUser
from workflow.documents import DocumentKey
from workflow.errors import UserNotInSetup
from workflow.user_accounts import Role
from workflow.visibility import NotYoursToSee, people_concerned, sees_everything

BEARER: Final = HTTPBearer(
    auto_error=False, description="The text that `countersign api-keys create` shows."
)
NO_ROLES: Final[frozenset[Role]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Call:
    request: Request
    services: Services
    key: ApiKey
    person: ApprovalUser | None  # None: a program acts in its own name
    roles: frozenset[Role]
    body: bytes

    @cached_property
    def uow(self) -> WebUnitOfWork:
        return self.services.uow()

    @cached_property
    def actor(self) -> Actor:
        return self._acting(self.key.acts_as)

    @property
    def sees_everything(self) -> bool:
        return self.person is None or sees_everything(self.person, self.roles)

    def check_sees_everything(self) -> None:
        """
        Raises:
            SeesTooLittle
        """
        if not self.sees_everything:
            raise SeesTooLittle(self.key.acts_as)

    def check_may_see(self, key: DocumentKey) -> None:
        """Of what never was there is nothing to hide.

        Raises:
            NotYoursToSee
        """
        if self.sees_everything:
            return
        read = self.services.read
        events = [one.event for one in read.events_of(key)]
        concerned = people_concerned(events, read.entries_of(key))
        with self.services.reading() as uow:
            document = uow.documents.find(key)
        nothing = document is None and not events
        requester = document.requester if document else ""
        if not nothing and self.actor.user not in {*concerned, requester}:
            raise NotYoursToSee(key.title)

    def in_the_name_of(self, requester: str) -> Actor:
        """Who asks; a program may ask for others where it has the scope, never in its own name.

        Raises:
            NotInThatName, UserNotInSetup
        """
        asks = requester or self.actor.user
        if asks != self.actor.user and not self._asks_for_others:
            raise NotInThatName(asks)
        if self.services.people.user(asks) is None:
            raise UserNotInSetup(asks)
        return self._acting(asks)

    def _acting(self, user: str) -> Actor:
        """What is recorded names the key as well."""
        return replace(self.services.actor(user), via=self.key.name)

    @property
    def _asks_for_others(self) -> bool:
        return self.person is None and Scope.REQUESTS_SEND_AS in self.key.scopes


async def raw_body(request: Request) -> bytes:
    return await request.body()


class Needs:
    """Who calls, provided that the key has one of the scopes."""

    def __init__(self, *scopes: Scope) -> None:
        self.scopes = scopes

    def __call__(
        self,
        request: Request,
        presented: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
        body: Annotated[bytes, Depends(raw_body)],
    ) -> Call:
        """
        Raises:
            KeyNeeded, KeyUserChanged, ScopeMissing, TooManyRequests
        """
        services = services_of(request)
        key = key_behind(
            services.api_keys, presented.credentials if presented else "", services.clock()
        )
        if key is None:
            raise KeyNeeded
        _rate(request).take(key.id)
        person = services.people.user(key.acts_as)
        account = services.accounts.find(key.acts_as) if person else None
        left = account is not None and account.disabled
        if (person is not None) is not key.for_person or left:
            raise KeyUserChanged(key.acts_as)
        if key.scopes.isdisjoint(self.scopes):
            raise ScopeMissing(self.scopes[0])
        roles = account.roles if account else NO_ROLES
        return Call(
            request=request, services=services, key=key, person=person, roles=roles, body=body
        )


def _rate(request: Request) -> Rate:
    state = request.app.state
    rate: Rate = state.reads if request.method in SAFE_METHODS else state.writes
    return rate


ReadsDocuments = Annotated[Call, Depends(Needs(Scope.DOCUMENTS_READ))]
WritesDocuments = Annotated[Call, Depends(Needs(Scope.DOCUMENTS_WRITE))]
SendsRequests = Annotated[Call, Depends(Needs(Scope.REQUESTS_SEND, Scope.REQUESTS_SEND_AS))]
ReadsEntries = Annotated[Call, Depends(Needs(Scope.ENTRIES_READ))]
Decides = Annotated[Call, Depends(Needs(Scope.ENTRIES_DECIDE))]
ReadsUsers = Annotated[Call, Depends(Needs(Scope.USERS_READ))]
WritesUsers = Annotated[Call, Depends(Needs(Scope.USERS_WRITE))]
ReadsGroups = Annotated[Call, Depends(Needs(Scope.GROUPS_READ))]
WritesGroups = Annotated[Call, Depends(Needs(Scope.GROUPS_WRITE))]
ReadsWorkflows = Annotated[Call, Depends(Needs(Scope.WORKFLOWS_READ))]
WritesWorkflows = Annotated[Call, Depends(Needs(Scope.WORKFLOWS_WRITE))]
ReadsOutbox = Annotated[Call, Depends(Needs(Scope.OUTBOX_READ))]
ReadsEvents = Annotated[Call, Depends(Needs(Scope.EVENTS_READ))]
