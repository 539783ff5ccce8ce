"""Signing in with Microsoft: there, back again, and saying which account is one's own."""

from typing import Final

from fastapi import APIRouter, Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from web.entra import Begun, Entra, EntraPerson, EntraRefused, EntraUnknown
from web.forms import FormOutdated
from web.pages.signing import HOME, sign_in_page_with
from web.paths import (
    ENTRA,
    ENTRA_DONE,
    SETTINGS,
    SETTINGS_ENTRA,
    SETTINGS_PROVE_ENTRA,
    is_here,
)
from web.proof import check_proved
from web.refusals import NOT_FOUND
from web.rendering import page
from web.services import Services
from web.signing_in import open_session, secret_id
from web.visits import Posted, SignedIn, cookie_name, keep_session, services_of, signed_in
from workflow.errors import WorkflowError
from workflow.phrases import phrase as _
from workflow.service.accounts import connect_entra

router = APIRouter()
SEE_OTHER: Final = 303
LASTS: Final = 600  # seconds at Microsoft, or at the question whether to connect
PERSON: Final = "person"


@router.get(ENTRA)
def to_microsoft(request: Request, next: str = HOME) -> Response:  # noqa: A002 - as it is called in addresses
    return _begin(request, next)


@router.get(SETTINGS_ENTRA)
def to_connect(visit: SignedIn) -> Response:
    return _begin(visit.request, SETTINGS, connects=True)


@router.get(SETTINGS_PROVE_ENTRA)
def to_prove(visit: SignedIn, next: str = SETTINGS) -> Response:  # noqa: A002 - as it is called in addresses
    return _begin(visit.request, next, proves=True)


@router.get(ENTRA_DONE)
def back_again(request: Request, code: str = "", state: str = "", error: str = "") -> Response:
    services = services_of(request)
    entra = _entra(services)
    try:
        begun = Begun.from_text(request.cookies.get(_cookie(services), ""))
        if error or not code:
            raise EntraRefused(error[:60] or _("there was no code"))
        person = entra.finish(begun, state, code, services.clock())
        answer = _came_back(request, begun, person)
    except WorkflowError as refused:
        answer = sign_in_page_with(request, refused)
    answer.delete_cookie(_cookie(services), secure=services.over_https, httponly=True)
    return answer


@router.post(SETTINGS_ENTRA)
def connects(visit: SignedIn, fields: Posted) -> Response:
    _entra(visit.services)
    try:
        tenant, object_id = _signer(visit.session).loads(fields.get(PERSON, ""), max_age=LASTS)
    except BadSignature:
        raise FormOutdated from None
    check_proved(visit)
    connect_entra(visit.services.uow(), tenant, object_id, visit.actor)
    return RedirectResponse(f"{SETTINGS}?done=microsoft", status_code=SEE_OTHER)


def _begin(
    request: Request, path: str, *, connects: bool = False, proves: bool = False
) -> Response:
    services = services_of(request)
    entra = _entra(services)
    try:
        address, begun = entra.begin(
            path if is_here(path) else HOME, connects=connects, proves=proves
        )
    except WorkflowError as refused:
        return sign_in_page_with(request, refused)
    answer = RedirectResponse(address, status_code=SEE_OTHER)
    answer.set_cookie(
        _cookie(services),
        begun.as_text(),
        max_age=LASTS,
        secure=services.over_https,
        httponly=True,
        samesite="lax",  # its person comes back from another site
    )
    return answer


def _came_back(request: Request, begun: Begun, person: EntraPerson) -> Response:
    if begun.proves:
        return _proving(request, begun, person)
    return _connecting(request, person) if begun.connects else _signing_in(request, begun, person)


def _proving(request: Request, begun: Begun, person: EntraPerson) -> Response:
    """
    Raises:
        EntraRefused: it was somebody else, or he did not have to sign in.
    """
    visit = signed_in(request)
    account, now = visit.account, visit.services.clock()
    if (person.tenant, person.object_id) != (account.entra_tenant, account.entra_object):
        raise EntraRefused(_("it is another account than the one that is signed in here"))
    if not person.signed_in_anew(now):
        raise EntraRefused(_("it does not say that somebody signed in just now"))
    visit.services.accounts.proved(secret_id(visit.session), now)
    return RedirectResponse(begun.next if is_here(begun.next) else HOME, status_code=SEE_OTHER)


def _signing_in(request: Request, begun: Begun, person: EntraPerson) -> Response:
    """
    Raises:
        EntraUnknown: nobody has that account, he was disabled, or he left the setup.
    """
    services = services_of(request)
    account = services.accounts.of_entra(person.tenant, person.object_id)
    known = account is not None and services.people.user(account.user_id) is not None
    if account is None or account.disabled or not known:
        raise EntraUnknown(person)
    browser = request.headers.get("user-agent", "")
    session = open_session(services.accounts, account.user_id, services.clock(), browser=browser)
    answer = RedirectResponse(begun.next if is_here(begun.next) else HOME, status_code=SEE_OTHER)
    keep_session(answer, services, session)
    return answer


def _connecting(request: Request, person: EntraPerson) -> Response:
    """Nothing is connected before its person has said so on a page of ours."""
    visit = signed_in(request)
    chosen = _signer(visit.session).dumps([person.tenant, person.object_id])
    return page(visit, "connect_entra.html", person=person, chosen=chosen)


def _signer(session: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(session, salt="entra")


def _entra(services: Services) -> Entra:
    if services.entra is None:
        raise HTTPException(NOT_FOUND)
    return services.entra


def _cookie(services: Services) -> str:
    return f"{cookie_name(services)}-entra"
