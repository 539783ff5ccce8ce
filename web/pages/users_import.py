"""Approval users from a CSV file: first what it would change, then all of it or nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.formatting import one_line
from notifications.readers import Reader
from notifications.user_words import USER_WORDS
from web.fingerprints import fingerprint
from web.import_views import ChangeView, ProblemView, against, number_format
from web.paths import USERS
from web.refusals import refusal_view
from web.rendering import page
from web.user_form import numbers_of
from web.user_views import warning_text
from web.visits import Posted, SeesSetup, SetsUp, Uploads, Visit
from workflow.errors import WorkflowError
from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, ImportOptions, each_user_in, users_in
from workflow.interchange.numbers import EXAMPLE_TEXTS, NumberFormat
from workflow.interchange.users_file import write_users
from workflow.ports import UnitOfWork
from workflow.service.importing import import_users
from workflow.service.user_plans import UserPlan, plan_users

router = APIRouter()
ADDRESS: Final = f"{USERS}/import"
PASTED: Final = "users.csv"
MOST_SHOWN: Final = 200
SEE_OTHER: Final = 303
UNPROCESSABLE: Final = 422
CONFLICT: Final = 409


@dataclass(frozen=True, kw_only=True)
class PlannedView:
    user_id: str
    is_new: bool
    changes: list[ChangeView]


@dataclass(frozen=True, kw_only=True)
class PlanView:
    id: str  # of the file and what it was compared with
    file: str
    content: str
    decimals: str
    added: int
    changed: int
    unchanged: int
    users: list[PlannedView]  # the first ones that would change
    more: int
    problems: list[ProblemView]
    warnings: list[str]

    @property
    def can_be_applied(self) -> bool:
        return not self.problems and bool(self.users)


@router.get(f"{USERS}/export")
def export(visit: SeesSetup) -> Response:
    data = write_users(visit.services.people.all(), numbers_of(visit.reader))
    headers = {"Content-Disposition": 'attachment; filename="approval-users.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


@router.get(ADDRESS)
def choose(visit: SetsUp) -> Response:
    return _choice(visit)


@router.post(ADDRESS)
def plan_or_apply(visit: SetsUp, fields: Posted, files: Uploads) -> Response:
    file = _given(fields, files)
    if file is None:
        return _choice(visit, UNPROCESSABLE, missing=True)
    written = number_format(fields.get("decimals", ""), visit.reader)
    if fields.get("step") != "apply":
        return _shown(visit, _plan(visit, file, written))
    with visit.services.uow() as uow:
        uow.lock_setup()
        if fields.get("plan") != _id_of(uow, file, written):
            plan = None
        else:
            plan = _applied(uow, visit, file, written)
            if plan is None:
                return RedirectResponse(USERS, status_code=SEE_OTHER)
    return _shown(visit, plan or _plan(visit, file, written), CONFLICT, outdated=plan is None)


def _applied(
    uow: UnitOfWork, visit: Visit, file: GivenFile, written: NumberFormat
) -> PlanView | None:
    """All of it; or a plan with what stands against it, and nothing is changed."""
    try:
        import_users(uow, users_in(file, ImportOptions(number_format=written)), visit.actor)
    except WorkflowError:
        return _plan(visit, file, written)
    uow.commit()
    return None


# --- the plan ------------------------------------------------------------------------------


def _plan(visit: Visit, file: GivenFile, written: NumberFormat) -> PlanView:
    """What the import would do; the last word has the import itself, undone at once."""
    reader = visit.reader
    options = ImportOptions(number_format=written)
    with visit.services.reading() as uow:
        before, identity = uow.users.all(), _id_of(uow, file, written)
        replaces = uow.company().limit_replaces_unlimited
    try:
        users, unread = each_user_in(file, options)
    except ImportRefused as error:
        users, unread = (), (error,)
    plan = plan_users(before, users, limit_replaces_unlimited=replaces)
    problems = [against(one, reader) for one in unread] + _refused(plan, reader)
    if not problems:
        try:
            import_users(visit.services.uow(), users, visit.actor, dry_run=True)
        except WorkflowError as error:
            problems = [against(error, reader)]
    return _view(plan, file, written, identity, problems, reader)


def _view(  # noqa: PLR0913 - what a plan is made of
    plan: UserPlan,
    file: GivenFile,
    written: NumberFormat,
    identity: str,
    problems: list[ProblemView],
    reader: Reader,
) -> PlanView:
    added = [one for one in plan.users if one.is_new]
    changed = [one for one in plan.users if one.changes and not one.is_new]
    shown = [*added, *changed]
    return PlanView(
        id=identity,
        file=one_line(file.name),
        content=urlsafe_b64encode(file.data).decode("ascii"),
        decimals=written,
        added=len(added),
        changed=len(changed),
        unchanged=len(plan.users) - len(shown),
        users=[
            PlannedView(
                user_id=one.user_id,
                is_new=one.is_new,
                changes=[
                    ChangeView(
                        caption=reader.gettext(USER_WORDS[change.field].caption),
                        before=one_line(change.before),
                        after=one_line(change.after),
                    )
                    for change in one.changes
                ],
            )
            for one in shown[:MOST_SHOWN]
        ],
        more=max(0, len(shown) - MOST_SHOWN),
        problems=problems,
        warnings=[warning_text(one, reader) for one in plan.warnings[:MOST_SHOWN]],
    )


def _id_of(uow: UnitOfWork, file: GivenFile, written: NumberFormat) -> str:
    """Another file, another reading of it or another setup make another plan."""
    return fingerprint(file.data, str(written), uow.users.all(), uow.company())


def _refused(plan: UserPlan, reader: Reader) -> list[ProblemView]:
    return [
        ProblemView(
            row=str(one.row),
            column="",
            value=one.user_id,
            reason=refusal_view(one.error, reader.language).message,
        )
        for one in plan.refused
    ]


# --- the pages -----------------------------------------------------------------------------


def _given(fields: dict[str, str], files: dict[str, GivenFile]) -> GivenFile | None:
    if "file" in files:
        return files["file"]
    if content := fields.get("content"):
        try:
            return GivenFile(name=fields.get("name", PASTED), data=urlsafe_b64decode(content))
        except ValueError:
            return None
    pasted = fields.get("pasted", "")
    return GivenFile(name=PASTED, data=pasted.encode()) if pasted.strip() else None


def _choice(visit: Visit, status: int = 200, *, missing: bool = False) -> Response:
    formats = [(one.value, EXAMPLE_TEXTS[one]) for one in NumberFormat]
    return page(
        visit,
        "users_import.html",
        status,
        plan=None,
        formats=formats,
        decimals=numbers_of(visit.reader).value,
        missing=missing,
        outdated=False,
    )


def _shown(visit: Visit, plan: PlanView, status: int = 200, *, outdated: bool = False) -> Response:
    return page(
        visit,
        "users_import.html",
        UNPROCESSABLE if plan.problems else status,
        plan=plan,
        formats=[],
        decimals=plan.decimals,
        missing=False,
        outdated=outdated,
    )
