"""Setting a password with a link that an administrator made; looking at it uses nothing up."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from web.passwords import hashed_twice
from web.paths import PASSWORD_LINK, SIGN_IN
from web.refusals import NOT_FOUND, refusal_view, status_of
from web.rendering import language_wished, open_page
from web.signing_in import secret_id
from web.visits import services_of
from workflow.errors import WorkflowError
from workflow.service.accounts import set_password_by_link, whose_link
from workflow.user_accounts import LinkOutdated

router = APIRouter()
SEE_OTHER: Final = 303
ADDRESS: Final = PASSWORD_LINK + "/{secret}"
NOBODY: Final = ""  # it turns out whose link it is

Field = Annotated[str, Form()]


@router.get(ADDRESS)
def password_link(request: Request, secret: str) -> Response:
    _check_passwords(request)
    return _page(request, secret)


@router.post(ADDRESS)
def sets_password(
    request: Request, secret: str, password: Field = "", again: Field = ""
) -> Response:
    _check_passwords(request)
    services = services_of(request)
    try:
        password_hash = hashed_twice(password, again)
        actor = services.actor(NOBODY)
        set_password_by_link(services.uow(), secret_id(secret), password_hash, actor)
    except WorkflowError as error:
        return _page(request, secret, status_of(error), refused=error)
    return RedirectResponse(f"{SIGN_IN}?done=password", status_code=SEE_OTHER)


def _check_passwords(request: Request) -> None:
    if not services_of(request).passwords:
        raise HTTPException(NOT_FOUND)


def _page(
    request: Request, secret: str, status: int = 200, /, *, refused: WorkflowError | None = None
) -> Response:
    services = services_of(request)
    language = language_wished(request, services.company.language)
    user_id = ""
    try:
        user_id = whose_link(services.reading(), secret_id(secret), services.clock()).user_id
    except LinkOutdated as error:
        refused, status = error, status_of(error)
    refusal = refusal_view(refused, language) if refused else None
    facts = {"secret": secret, "user_id": user_id, "refusal": refusal}
    return open_page(request, services, "password_link.html", status, **facts)
