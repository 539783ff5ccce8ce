"""What everybody sets for himself: language, password, and where he is signed in.

Each section of the page is a form with a path of its own.
"""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from notifications.translations import LANGUAGES, own_name
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from web.browsers import browser_named
from web.fields import FieldView
from web.passwords import hashed_twice
from web.paths import SETTINGS
from web.proof import has_password
from web.refusals import NOT_FOUND, refusal_view, status_of
from web.rendering import page
from web.signing_in import check_own_password, open_session, secret_id
from web.visits import Posted, SignedIn, Visit, address_of, keep_session
from workflow.errors import BadValue, WorkflowError
from workflow.phrases import phrase as _
from workflow.service.accounts import change_own_password
from workflow.service.setting_up import set_own_reading

router = APIRouter()
SEE_OTHER: Final = 303
LANGUAGE: Final = SETTINGS + "/language"
PASSWORD: Final = SETTINGS + "/password"
SESSIONS: Final = SETTINGS + "/sessions"
OTHERS: Final = "others"
DONE: Final = {
    "language": N_("Your language and time zone are kept."),
    "password": N_("Your password is changed. You are signed out everywhere else."),
    "microsoft": N_("Your Microsoft account is connected."),
    "sessions": N_("That is ended."),
}


@dataclass(frozen=True, kw_only=True)
class SessionView:
    id: str
    browser: str
    since: str
    last_seen: str
    this_one: bool


@router.get(SETTINGS)
def settings(visit: SignedIn, done: str = "") -> Response:
    return _page(visit, done=done)


@router.post(LANGUAGE)
def sets_language(visit: SignedIn, fields: Posted) -> Response:
    language, zone = fields.get("language", ""), fields.get("time_zone", "").strip()
    try:
        _check_language(visit, language)
        _check_zone(zone)
        set_own_reading(visit.services.uow(), language, zone, visit.actor)
    except WorkflowError as error:
        return _page(visit, refused=error)
    return _done("language")


@router.post(PASSWORD)
def sets_password(visit: SignedIn, fields: Posted) -> Response:
    if not has_password(visit):
        raise HTTPException(NOT_FOUND)
    services, now = visit.services, visit.services.clock()
    try:
        check_own_password(
            services.accounts, visit.account, fields.get("old", ""), address_of(visit.request), now
        )
        password_hash = hashed_twice(fields.get("password", ""), fields.get("again", ""))
        change_own_password(services.uow(), password_hash, visit.actor)
    except WorkflowError as error:
        return _page(visit, refused=error)
    answer = _done("password")
    browser = visit.request.headers.get("user-agent", "")
    session = open_session(services.accounts, visit.user, now, browser=browser, proved=True)
    keep_session(answer, services, session)  # all there were have ended
    return answer


@router.post(SESSIONS)
def ends_sessions(visit: SignedIn, fields: Posted) -> Response:
    accounts, which = visit.services.accounts, fields.get("end", "")
    if which == OTHERS:
        accounts.end_sessions_of(visit.user, but=secret_id(visit.session))
    elif which in {session.id for session in accounts.sessions_of(visit.user)}:
        accounts.end_session(which)
    return _done("sessions")


def _done(what: str) -> Response:
    return RedirectResponse(f"{SETTINGS}?done={what}", status_code=SEE_OTHER)


def _page(visit: Visit, *, done: str = "", refused: WorkflowError | None = None) -> Response:
    said = DONE.get(done, "")
    return page(
        visit,
        "settings.html",
        status_of(refused) if refused else 200,
        done=visit.reader.gettext(said) if said else "",
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
        person=visit.person,
        entra=visit.services.entra is not None,
        entra_connected=bool(visit.account.entra_object),
        has_password=has_password(visit),
        language_fields=_language_fields(visit),
        sessions=_sessions(visit),
    )


def _sessions(visit: Visit) -> list[SessionView]:
    moment, now = visit.reader.formats.moment, visit.services.clock()
    return [
        SessionView(
            id=session.id,
            browser=browser_named(session.browser),
            since=moment(session.signed_in_at),
            last_seen=moment(session.last_seen_at),
            this_one=session.id == secret_id(visit.session),
        )
        for session in visit.services.accounts.sessions_of(visit.user)
        if not session.has_ended(now)
    ]


# --- language and time zone ----------------------------------------------------------------


def _language_fields(visit: Visit) -> list[FieldView]:
    gettext, company = visit.reader.gettext, visit.services.company
    as_company = gettext("As the company: {}")
    return [
        FieldView(
            name="language",
            caption=gettext("Language"),
            kind="select",
            value=visit.person.language,
            choices=[
                ("", as_company.format(own_name(company.language))),
                *((language, _name_of(language)) for language in _languages(visit)),
            ],
            description=gettext("Of these pages, and of the mail you get."),
        ),
        FieldView(
            name="time_zone",
            caption=gettext("Time Zone"),
            value=visit.person.time_zone,
            suggestions=sorted(available_timezones()),
            description=as_company.format(company.time_zone),
        ),
    ]


def _name_of(language: str) -> str:
    return own_name(language) if language in LANGUAGES else language


def _languages(visit: Visit) -> list[str]:
    """Ours, and what is filled in already, such as nl-BE."""
    return list(dict.fromkeys(filter(None, [*LANGUAGES, visit.person.language])))


def _check_language(visit: Visit, language: str) -> None:
    if language and language not in _languages(visit):
        raise BadValue("language", language, _("is none of ours"))


def _check_zone(zone: str) -> None:
    try:
        if zone:
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadValue("time_zone", zone, _("is not a time zone")) from None
