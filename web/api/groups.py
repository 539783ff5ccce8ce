"""Workflow user groups: several people asked for one approval."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field

from web.api.calls import ReadsGroups, WritesGroups
from web.api.headers import MaybeOnce
from web.api.once import done_once
from web.api.paging import Page
from web.api.refusals import GroupNotFound
from web.api.values import SEEN, Given, Name, Shown, Whole
from web.ports import WebUnitOfWork
from workflow.kept_answers import KeptAnswer
from workflow.ports import UnitOfWork
from workflow.service import setting_up

router = APIRouter(tags=["Groups"])
GroupCode = Annotated[str, Path(min_length=1, max_length=50, pattern=SEEN)]


class GivenMember(Given):
    user: Name
    sequence: Whole = Field(description="Equal numbers are asked together.")


class GivenGroup(Given):
    members: list[GivenMember] = Field(min_length=1, max_length=200)


class ShownMember(Shown):
    user: str
    sequence: int


class ShownGroup(Shown):
    code: str
    members: list[ShownMember]


class Groups(Page):
    items: list[ShownGroup]


@router.get("/groups")
def list_groups(call: ReadsGroups) -> Groups:
    """All groups, each with its members in the order in which they are asked."""
    with call.services.reading() as uow:
        items = [_shown(uow, code) for code in uow.users.groups()]
    return Groups(items=items, next=None)


@router.get("/groups/{code}")
def get_group(call: ReadsGroups, code: GroupCode) -> ShownGroup:
    """One group."""
    with call.services.reading() as uow:
        if code not in uow.users.groups():
            raise GroupNotFound(code)
        return _shown(uow, code)


@router.put("/groups/{code}", response_model=ShownGroup)
def set_group(
    call: WritesGroups, code: GroupCode, given: GivenGroup, idempotency_key: MaybeOnce = None
) -> Response:
    """Give a group these members, and no others."""

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        members = [(member.user, member.sequence) for member in given.members]
        setting_up.set_group(uow, code, members, call.actor)
        return KeptAnswer(status=200, body=_shown(uow, code).model_dump_json())

    return done_once(call, idempotency_key, step)


def _shown(uow: UnitOfWork, code: str) -> ShownGroup:
    members = [
        ShownMember(user=user, sequence=sequence)
        for user, sequence in uow.users.group_members(code)
    ]
    return ShownGroup(code=code, members=members)
