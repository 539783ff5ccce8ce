"""Workflow User Groups: several people asked for one approval, in the order of their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from web.fingerprints import check_unchanged, fingerprint
from web.paths import GROUPS, group_path
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.visits import Posted, SeesSetup, SetsUp, Visit
from workflow.errors import BadValue, GroupNotFound, UserNotFound, WorkflowError
from workflow.identifiers import same_identifier
from workflow.phrases import phrase as _
from workflow.ports import UnitOfWork
from workflow.service import setting_up

router = APIRouter()
NEW: Final = f"{GROUPS}/new"
EDIT: Final = GROUPS + "/edit/{code:path}"
DELETE: Final = GROUPS + "/delete/{code:path}"
SPARE: Final = 3  # empty rows for further members
MOST: Final = 200
SEE_OTHER: Final = 303
Members = list[tuple[str, int]]


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    path: str
    code: str
    members: list[str]
    workflows: list[str]  # that ask this group


@dataclass(frozen=True, kw_only=True)
class MemberRow:
    user: str
    sequence: str


@router.get(GROUPS)
def groups(visit: SeesSetup) -> Response:
    with visit.services.reading() as uow:
        rows = [
            GroupRow(
                path=group_path(code),
                code=code,
                members=[f"{user} ({number})" for user, number in uow.users.group_members(code)],
                workflows=_asking(uow, code),
            )
            for code in uow.users.groups()
        ]
    return page(visit, "groups.html", rows=rows)


@router.get(NEW)
def new_group(visit: SetsUp, code: str = "") -> Response:
    return _form(visit, code.strip(), [])


@router.get(EDIT)
def group(visit: SeesSetup, code: str) -> Response:
    return _form(visit, code, _members(visit, code))


@router.post(EDIT)
def save(visit: SetsUp, fields: Posted, code: str) -> Response:
    typed = [
        MemberRow(user=fields.get(f"member-{n}", ""), sequence=fields.get(f"sequence-{n}", ""))
        for n in range(MOST)
        if fields.get(f"member-{n}", "").strip()
    ]
    try:
        with visit.services.uow() as uow:
            uow.lock_setup()
            check_unchanged(fields.get("seen", ""), code, uow.users.group_members(code))
            members = _read(typed, [one.user_id for one in uow.users.all()])
            setting_up.set_group(uow, code, members, visit.actor)
            uow.commit()
    except WorkflowError as error:
        seen = fields.get("seen", "")
        return _page(visit, code, typed, seen, status_of(error), error)
    return RedirectResponse(group_path(code) if members else GROUPS, status_code=SEE_OTHER)


@router.get(DELETE)
def deletion(visit: SetsUp, code: str) -> Response:
    _members(visit, code)
    with visit.services.reading() as uow:
        asking = _asking(uow, code)
    return page(visit, "group_deletion.html", code=code, workflows=asking)


@router.post(DELETE)
def delete(visit: SetsUp, _fields: Posted, code: str) -> Response:
    setting_up.delete_group(visit.services.uow(), code, visit.actor)
    return RedirectResponse(GROUPS, status_code=SEE_OTHER)


def _read(typed: Sequence[MemberRow], known: Sequence[str]) -> Members:
    """Whoever has no number comes after the last.

    Raises:
        UserNotFound, BadValue
    """
    members: Members = []
    for one in typed:
        user = same_identifier(known, one.user.strip())
        if user is None:
            raise UserNotFound(one.user.strip())
        text = one.sequence.strip() or str(1 + max((number for _, number in members), default=0))
        if not (text.isascii() and text.isdigit() and len(text) < 6):  # noqa: PLR2004 - the column's
            raise BadValue("sequence", text, _("is not a whole number"))
        members.append((user, int(text)))
    return members


def _members(visit: Visit, code: str) -> Members:
    """
    Raises:
        GroupNotFound
    """
    with visit.services.reading() as uow:
        members = uow.users.group_members(code)
    if not members:
        raise GroupNotFound(code)
    return members


def _asking(uow: UnitOfWork, code: str) -> list[str]:
    return [one.code for one in uow.workflows.all() if one.group == code]


def _form(visit: Visit, code: str, members: Members) -> Response:
    rows = [MemberRow(user=user, sequence=str(number)) for user, number in members]
    return _page(visit, code, rows, fingerprint(members))


def _page(  # noqa: PLR0913 - what a form shows
    visit: Visit,
    code: str,
    rows: Sequence[MemberRow],
    seen: str,
    status: int = 200,
    refused: WorkflowError | None = None,
) -> Response:
    spare = [MemberRow(user="", sequence="")] * (SPARE if visit.sets_up else 0)
    return page(
        visit,
        "group.html",
        status,
        code=code,
        action=group_path(code),
        action_plain=f"{GROUPS}/edit/{code}",
        rows=[*rows, *spare],
        people=[one.user_id for one in visit.services.people.all()],
        seen=seen,
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )
