"""Show that it is you: with the password, or with a new sign-in at Microsoft."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from web.paths import SETTINGS, SETTINGS_PROVE, is_here
from web.proof import has_password, signs_in_at_microsoft
from web.refusals import NOT_FOUND, refusal_view, status_of
from web.rendering import page
from web.signing_in import check_own_password, secret_id
from web.visits import Posted, SignedIn, Visit, address_of, path_of, signed_in
from workflow.errors import WorkflowError

router = APIRouter()
SEE_OTHER: Final = 303


@router.get(SETTINGS_PROVE)
def ask(visit: SignedIn, next: str = SETTINGS) -> Response:  # noqa: A002 - as it is called in addresses
    return prove_page(visit, next)


@router.post(SETTINGS_PROVE)
def proves(visit: SignedIn, fields: Posted) -> Response:
    if not has_password(visit):
        raise HTTPException(NOT_FOUND)
    services, path = visit.services, fields.get("next", "")
    password, now = fields.get("password", ""), services.clock()
    try:
        check_own_password(
            services.accounts, visit.account, password, address_of(visit.request), now
        )
    except WorkflowError as error:
        return prove_page(visit, path, error)
    services.accounts.proved(secret_id(visit.session), now)
    return RedirectResponse(path if is_here(path) else SETTINGS, status_code=SEE_OTHER)


def not_proved(request: Request, error: WorkflowError) -> Response:
    """In place of what was not done; afterwards one comes back to the page it was done on."""
    return prove_page(signed_in(request), path_of(request), error)


def prove_page(visit: Visit, path: str, refused: WorkflowError | None = None) -> Response:
    return page(
        visit,
        "prove.html",
        status_of(refused) if refused else 200,
        next=path if is_here(path) else SETTINGS,
        has_password=has_password(visit),
        at_microsoft=signs_in_at_microsoft(visit),
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )
