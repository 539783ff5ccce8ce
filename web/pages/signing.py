"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from web.paths import SIGN_IN, is_here
from web.refusals import FORBIDDEN, NOT_FOUND, refusal_view, status_of
from web.rendering import language_wished, open_page
from web.signing_in import Attempt, sign_in, sign_out
from web.visits import Posted, SignedIn, address_of, cookie_name, keep_session, services_of
from workflow.errors import WorkflowError
from workflow.user_accounts import SignInRefused, TooManyAttempts

router = APIRouter()
SEE_OTHER = 303
HOME = "/"
KEPT_LIMIT = 10_000  # characters; a comment is shorter

Field = Annotated[str, Form()]


@router.get(SIGN_IN)
def sign_in_page(request: Request, next: str = HOME, done: str = "") -> Response:  # noqa: A002 - as it is called in addresses
    return _page(request, next, done=done == "password")


@router.post(SIGN_IN)
def signs_in(
    request: Request,
    user: Field = "",
    password: Field = "",
    next: Field = HOME,  # noqa: A002 - as it is called in addresses
    kept: Field = "",
) -> Response:
    services = services_of(request)
    if not services.passwords:
        raise HTTPException(NOT_FOUND)
    attempt = Attempt(
        user_id=user,
        password=password,
        address=address_of(request),
        browser=request.headers.get("user-agent", ""),
    )
    try:
        session = sign_in(services.accounts, attempt, services.clock())
    except (SignInRefused, TooManyAttempts) as error:
        return _page(request, next, status_of(error), user=user, refused=error, kept=kept)
    path = next if is_here(next) else HOME
    answer = _kept_page(request, path, kept) if kept else _to(path)
    keep_session(answer, services, session)
    return answer


@router.post("/sign-out")
def signs_out(visit: SignedIn, _fields: Posted) -> Response:
    sign_out(visit.services.accounts, visit.session)
    answer = RedirectResponse(SIGN_IN, status_code=SEE_OTHER)
    answer.delete_cookie(
        cookie_name(visit.services), secure=visit.services.over_https, httponly=True
    )
    return answer


def sign_in_page_with(request: Request, refused: WorkflowError) -> Response:
    """The same, with why another way to sign in did not work."""
    return _page(request, HOME, status_of(refused), refused=refused)


def signed_out_page(request: Request, path: str, text: str) -> Response:
    """For who sent a comment after his session had ended: nothing was done, nothing is lost."""
    return _page(request, path, FORBIDDEN, kept=text)


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=SEE_OTHER)


def _kept_page(request: Request, path: str, text: str) -> Response:
    """What was typed, on the way back to where it was typed."""
    services = services_of(request)
    return open_page(request, services, "kept_text.html", next=path, kept=text[:KEPT_LIMIT])


def _page(  # noqa: PLR0913 - what the page shows
    request: Request,
    path: str,
    status: int = 200,
    /,
    *,
    user: str = "",
    refused: WorkflowError | None = None,
    done: bool = False,
    kept: str = "",
) -> Response:
    """In the language the browser asks for."""
    services = services_of(request)
    language = language_wished(request, services.company.language)
    refusal = refusal_view(refused, language) if refused else None
    return open_page(
        request,
        services,
        "sign_in.html",
        status,
        next=path,
        user=user,
        refusal=refusal,
        done=done,
        kept=kept[:KEPT_LIMIT],
        passwords=services.passwords,
        entra=services.entra is not None,
    )
