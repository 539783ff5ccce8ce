"""The approval user setup: who approves whose documents, and up to which amount."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from web.api import paging
from web.api.calls import ReadsUsers, WritesUsers
from web.api.headers import IfMatch, MaybeOnce
from web.api.once import done_once
from web.api.values import (
    SEEN,
    Day,
    Flag,
    Given,
    LimitText,
    Line,
    Name,
    Shown,
    decimal,
    limit_text,
)
from web.api.versions import check_change, etag_of_text, tagged
from web.ports import WebUnitOfWork
from workflow.approval_users import ApprovalUser, LimitField
from workflow.errors import BadValue, UserNotFound
from workflow.kept_answers import KeptAnswer
from workflow.phrases import phrase as _
from workflow.service import setting_up

router = APIRouter(tags=["Approval users"])
UNLIMITED: Final = "unlimited"
UserId = Annotated[str, Path(min_length=1, max_length=50, pattern=SEEN)]


class ShownUser(Shown):
    user_id: str
    full_name: str
    email: str
    phone: str
    salesperson_purchaser_code: str
    approver: str
    substitute: str
    substitute_from: date | None
    substitute_to: date | None
    sales_limit: str
    purchase_limit: str
    request_limit: str
    administrator: bool
    language: str
    time_zone: str

    @classmethod
    def of(cls, user: ApprovalUser) -> "ShownUser":
        limits = {name.value: limit_text(getattr(user, name)) for name in LimitField}
        return cls(**(vars(user) | limits))


class GivenUser(Given):
    """Only the fields that are given are changed."""

    full_name: Line = ""
    email: Line = ""
    phone: Name = ""
    salesperson_purchaser_code: Name = ""
    approver: Name = ""
    substitute: Name = ""
    substitute_from: Day | None = None
    substitute_to: Day | None = None
    sales_limit: LimitText = "0"
    purchase_limit: LimitText = "0"
    request_limit: LimitText = "0"
    administrator: Flag = False

    def fields(self) -> dict[str, object]:
        given: dict[str, object] = {
            name: getattr(self, name) for name in sorted(self.model_fields_set)
        }
        for name in LimitField:
            if name in given:
                text = str(given[name])
                given[name.value] = None if text == UNLIMITED else decimal(text)
        return given


class Users(paging.Page):
    items: list[ShownUser]


@router.get("/users")
def list_users(
    call: ReadsUsers,
    request: Request,
    response: Response,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = "",
) -> Users:
    """Approval users by user id."""
    after = paging.after_texts(cursor, 1)
    everybody = sorted(call.services.people.all(), key=lambda user: user.user_id)
    found = [user for user in everybody if after is None or user.user_id > after[0]]
    shown, following = paging.cut(found, limit, lambda user: user.user_id)
    paging.link_next(request, response, following)
    return Users(items=[ShownUser.of(user) for user in shown], next=following)


@router.get("/users/{user_id}")
def get_user(call: ReadsUsers, response: Response, user_id: UserId) -> ShownUser:
    """One approval user; the header ETag names what it is now."""
    user = call.services.people.user(user_id)
    if user is None:
        raise UserNotFound(user_id)
    tagged(response, _etag(user))
    return ShownUser.of(user)


@router.patch("/users/{user_id}", response_model=ShownUser)
def set_user(
    call: WritesUsers,
    user_id: UserId,
    given: GivenUser,
    if_match: IfMatch = None,
    idempotency_key: MaybeOnce = None,
) -> Response:
    """Add a user, or change the fields that are given; of a known one it needs If-Match."""

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        uow.lock_setup()
        _check_spelling(uow, user_id)
        _check_version(uow, user_id, if_match)
        user = setting_up.set_user(uow, user_id, given.fields(), call.actor)
        body = ShownUser.of(user).model_dump_json()
        return KeptAnswer(status=200, body=body, headers={"ETag": _etag(user)})

    return done_once(call, idempotency_key, step)


@router.delete("/users/{user_id}", response_model=ShownUser)
def remove_user(
    call: WritesUsers,
    user_id: UserId,
    if_match: IfMatch = None,
    idempotency_key: MaybeOnce = None,
) -> Response:
    """Take a user out of the setup; requests that name him stay. It needs If-Match."""

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        uow.lock_setup()
        user = uow.users.user(user_id)
        if user is None:
            raise UserNotFound(user_id)
        _check_version(uow, user_id, if_match)
        setting_up.remove_user(uow, user_id, call.actor)
        return KeptAnswer(status=200, body=ShownUser.of(user).model_dump_json())

    return done_once(call, idempotency_key, step)


def _etag(user: ApprovalUser) -> str:
    return etag_of_text(ShownUser.of(user).model_dump_json())


def _check_version(uow: WebUnitOfWork, user_id: str, if_match: str | None) -> None:
    user = uow.users.user(user_id)
    title = _("User {user_id}", user_id=user_id)
    check_change(title, _etag(user) if user else None, if_match)


def _check_spelling(uow: WebUnitOfWork, user_id: str) -> None:
    """BOB and bob are one person."""
    for user in uow.users.all():
        if user.user_id.casefold() == user_id.casefold() and user.user_id != user_id:
            raise BadValue(
                "user_id",
                user_id,
                _("is the user {user_id} in other letters", user_id=user.user_id),
            )
