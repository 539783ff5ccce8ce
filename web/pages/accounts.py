"""Who may sign in, and with which roles: for administrators."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from web.account_views import AccountView, account_views
from web.entra_names import entra_names
from web.paths import ACCOUNTS, account_path, password_link_path
from web.proof import NotProved, check_proved, has_password, needs_proof
from web.refusals import NOT_FOUND, refusal_view, status_of
from web.rendering import page
from web.signing_in import check_own_password, new_secret, secret_id
from web.visits import Posted, SeesSetup, SetsUp, Visit, address_of
from workflow.errors import UnknownStep, WorkflowError
from workflow.service.accounts import make_password_link, remove_account, set_account
from workflow.user_accounts import Role

router = APIRouter()
SEE_OTHER: Final = 303
ADDRESS: Final = ACCOUNTS + "/{user_id:path}"
Step = Callable[[Visit, str, dict[str, str]], str]


@router.get(ACCOUNTS)
def accounts(visit: SeesSetup) -> Response:
    return page(visit, "accounts.html", rows=_views(visit))


@router.get(ADDRESS)
def one_account(visit: SeesSetup, user_id: str) -> Response:
    return _page(visit, _view(visit, user_id))


@router.post(ADDRESS)
def changes_account(visit: SetsUp, fields: Posted, user_id: str) -> Response:
    shown = _view(visit, user_id)
    try:
        step = _step(fields.get("step", ""))
        _check_it_is_he(visit, fields)
        link = step(visit, user_id, fields)
    except NotProved:
        raise
    except WorkflowError as error:
        refusal = refusal_view(error, visit.reader.language)
        return _page(visit, shown, status_of(error), refusal=refusal)
    if link:
        return _page(visit, _view(visit, user_id), link=link)  # shown this once: nobody stores it
    return RedirectResponse(
        account_path(user_id) if visit.services.accounts.find(user_id) else ACCOUNTS,
        status_code=SEE_OTHER,
    )


def _views(visit: Visit) -> list[AccountView]:
    services = visit.services
    return account_views(services.people.all(), services.accounts.all(), visit.reader)


def _view(visit: Visit, user_id: str) -> AccountView:
    for view in _views(visit):
        if view.user_id == user_id:
            return view
    raise HTTPException(NOT_FOUND)


def _page(visit: Visit, shown: AccountView, status: int = 200, /, **facts: object) -> Response:
    facts = {"refusal": None, "link": "", **facts}
    return page(
        visit,
        "one_account.html",
        status,
        shown=shown,
        own=shown.user_id == visit.user,
        asks_password=has_password(visit),
        asks_proof=not has_password(visit) and needs_proof(visit),
        passwords=visit.services.passwords,
        **facts,
    )


def _check_it_is_he(visit: Visit, fields: dict[str, str]) -> None:
    """Nobody gives roles away at a screen that somebody else left open."""
    if has_password(visit):
        services = visit.services
        check_own_password(
            services.accounts,
            visit.account,
            fields.get("own_password", ""),
            address_of(visit.request),
            services.clock(),
        )
    else:
        check_proved(visit)


# --- what can be done ----------------------------------------------------------------------


def _save(visit: Visit, user_id: str, fields: dict[str, str]) -> str:
    values: dict[str, Any] = {
        "roles": frozenset(role for role in Role if fields.get(role) == "yes"),
        **entra_names(fields.get("entra", "")),
    }
    set_account(visit.services.uow(), user_id, values, visit.actor)
    return ""


def _link(visit: Visit, user_id: str, _fields: dict[str, str]) -> str:
    """Where the person sets a password himself."""
    services = visit.services
    if not services.passwords:
        raise UnknownStep("link")
    if services.accounts.find(user_id) is None:
        set_account(services.uow(), user_id, {}, visit.actor)
    secret = new_secret()
    make_password_link(services.uow(), user_id, secret_id(secret), visit.actor)
    base = services.base_url or str(visit.request.base_url).rstrip("/")
    return base + password_link_path(secret)


def _disable(visit: Visit, user_id: str, _fields: dict[str, str]) -> str:
    set_account(visit.services.uow(), user_id, {"disabled": True}, visit.actor)
    return ""


def _enable(visit: Visit, user_id: str, _fields: dict[str, str]) -> str:
    set_account(visit.services.uow(), user_id, {"disabled": False}, visit.actor)
    return ""


def _remove(visit: Visit, user_id: str, _fields: dict[str, str]) -> str:
    remove_account(visit.services.uow(), user_id, visit.actor)
    return ""


STEPS: Final[dict[str, Step]] = {
    "save": _save,
    "link": _link,
    "disable": _disable,
    "enable": _enable,
    "remove": _remove,
}


def _step(name: str) -> Step:
    if name not in STEPS:
        raise UnknownStep(name)
    return STEPS[name]
