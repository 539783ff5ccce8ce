"""One approval user: change, add and remove him."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.links import document_path
from web.fields import FieldView
from web.fingerprints import check_unchanged, fingerprint
from web.paths import USERS, user_path
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.user_form import beside, new_user_field, numbers_of, user_fields, wrong_words
from web.user_views import warning_text
from web.visits import Posted, SeesSetup, SetsUp, Visit
from workflow.approval_users import ApprovalUser
from workflow.errors import UserExists, UserNotFound, WorkflowError
from workflow.identifiers import same_identifier
from workflow.interchange.typed import read_each
from workflow.interchange.user_values import form_readers, typed_form
from workflow.ports import UnitOfWork
from workflow.service import setting_up
from workflow.setup_checks import check_setup

router = APIRouter()
ADD: Final = f"{USERS}/add"
EDIT: Final = USERS + "/edit/{user_id:path}"
REMOVE: Final = USERS + "/remove/{user_id:path}"
SEE_OTHER: Final = 303
UNPROCESSABLE: Final = 422
PEOPLE: Final = ("approver", "substitute")


@dataclass(frozen=True, kw_only=True)
class WaitingView:
    path: str
    title: str


# --- change --------------------------------------------------------------------------------


@router.get(EDIT)
def one_user(visit: SeesSetup, user_id: str) -> Response:
    user = _stored(visit, user_id)
    typed = typed_form(user, numbers_of(visit.reader))
    return _form(visit, typed, {}, user=user, seen=fingerprint(user))


@router.post(EDIT)
def save(visit: SetsUp, fields: Posted, user_id: str) -> Response:
    user = _stored(visit, user_id)
    seen = fields.get("seen", "")
    values, wrong = read_each(fields, form_readers(numbers_of(visit.reader)))
    if wrong:
        words = wrong_words(wrong, visit.reader)
        return _form(visit, fields, words, UNPROCESSABLE, user=user, seen=seen)
    try:
        with visit.services.uow() as uow:
            uow.lock_setup()
            check_unchanged(seen, user_id, uow.users.user(user_id))
            _set(uow, visit, user_id, values)
    except WorkflowError as error:
        words = beside(error, visit.reader)
        refused = None if words else error
        return _form(visit, fields, words, status_of(error), refused, user=user, seen=seen)
    return RedirectResponse(user_path(user_id), status_code=SEE_OTHER)


# --- add -----------------------------------------------------------------------------------


@router.get(ADD)
def new_user(visit: SetsUp) -> Response:
    typed = typed_form(ApprovalUser(user_id=""), numbers_of(visit.reader))
    return _form(visit, typed, {}, user=None)


@router.post(ADD)
def add(visit: SetsUp, fields: Posted) -> Response:
    user_id = fields.get("user_id", "").strip()
    values, wrong = read_each(fields, form_readers(numbers_of(visit.reader)))
    if wrong:
        return _form(visit, fields, wrong_words(wrong, visit.reader), UNPROCESSABLE, user=None)
    try:
        with visit.services.uow() as uow:
            uow.lock_setup()
            known = [one.user_id for one in uow.users.all()]
            if (same := same_identifier(known, user_id)) is not None:
                raise UserExists(same)
            _set(uow, visit, user_id, values)
    except WorkflowError as error:
        words = beside(error, visit.reader)
        refused = None if words else error
        return _form(visit, fields, words, status_of(error), refused, user=None)
    return RedirectResponse(user_path(user_id), status_code=SEE_OTHER)


def _set(uow: UnitOfWork, visit: Visit, user_id: str, values: dict[str, object]) -> None:
    """People are named in whatever case."""
    known = [one.user_id for one in uow.users.all()]
    for role in PEOPLE:
        named = str(values.get(role, ""))
        if named:
            values[role] = same_identifier([*known, user_id], named) or named
    setting_up.set_user(uow, user_id, values, visit.actor)
    uow.commit()


# --- remove --------------------------------------------------------------------------------


@router.get(REMOVE)
def removal(visit: SetsUp, user_id: str) -> Response:
    return _removal(visit, _stored(visit, user_id))


@router.post(REMOVE)
def remove(visit: SetsUp, fields: Posted, user_id: str) -> Response:
    user = _stored(visit, user_id)
    anyway = fields.get("anyway") == "yes"
    try:
        setting_up.remove_user(visit.services.uow(), user_id, visit.actor, anyway=anyway)
    except WorkflowError as error:
        return _removal(visit, user, error)
    return RedirectResponse(USERS, status_code=SEE_OTHER)


def _removal(visit: Visit, user: ApprovalUser, refused: WorkflowError | None = None) -> Response:
    """What still needs this person, before he is removed."""
    with visit.services.reading() as uow:
        waiting = uow.documents.waiting_for(user.user_id)
        groups = [
            group
            for group in uow.users.groups()
            if any(member == user.user_id for member, _ in uow.users.group_members(group))
        ]
        workflows = [
            one.code for one in uow.workflows.all() if one.specific_approver == user.user_id
        ]
        people = uow.users.all()
    return page(
        visit,
        "user_removal.html",
        status_of(refused) if refused else 200,
        user=user,
        waiting=[WaitingView(path=document_path(key), title=key.title) for key in waiting],
        approves_for=[one.user_id for one in people if one.approver == user.user_id],
        stands_in_for=[one.user_id for one in people if one.substitute == user.user_id],
        groups=groups,
        workflows=workflows,
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )


# --- the form ------------------------------------------------------------------------------


def _form(  # noqa: PLR0913 - what a form shows
    visit: Visit,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    status: int = 200,
    refused: WorkflowError | None = None,
    *,
    user: ApprovalUser | None,
    seen: str = "",
) -> Response:
    everybody = visit.services.people.all()
    people = [one.user_id for one in everybody]
    readonly = not visit.sets_up
    facts: dict[str, Any] = {
        "user": user,
        "fields": _first(visit, typed, wrong, user)
        + user_fields(typed, visit.reader, people, wrong, readonly=readonly),
        "warnings": [
            warning_text(one, visit.reader)
            for one in check_setup(everybody)
            if user is not None and one.user_id == user.user_id
        ],
        "seen": seen,
        "refusal": refusal_view(refused, visit.reader.language) if refused else None,
        "readonly": readonly,
        "removal_path": user_path(user.user_id, "remove") if user else "",
    }
    return page(visit, "one_user.html", status, **facts)


def _first(
    visit: Visit, typed: Mapping[str, str], wrong: Mapping[str, str], user: ApprovalUser | None
) -> list[FieldView]:
    if user is not None:
        return []
    return [new_user_field(typed.get("user_id", ""), visit.reader, wrong.get("user_id", ""))]


def _stored(visit: Visit, user_id: str) -> ApprovalUser:
    user = visit.services.people.user(user_id)
    if user is None:
        raise UserNotFound(user_id)
    return user
