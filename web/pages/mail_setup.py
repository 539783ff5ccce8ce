"""SMTP Mail Setup: every field of the mail account, and what can be done with it."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.mail_setup import Authentication, MailSetup
from notifications.sayings import said, without_commands
from notifications.setup_presets import PRESETS, Provider, office365
from notifications.setup_warnings import BASIC_SIGN_IN_ENDS, warnings
from web.fingerprints import fingerprint
from web.mail_fields import CAPTIONS, CHOICES, field_groups, read, shown
from web.paths import MAIL_OFFICE_365, MAIL_SETUP
from web.proof import needs_proof
from web.refusals import UNPROCESSABLE, refusal_view, status_of
from web.rendering import page
from web.stored_mail_setup import SettingsChanged, StoredSetup, save, stored
from web.telling import path_telling, told
from web.visits import Posted, SeesSetup, SetsUp, Visit
from workflow.errors import WorkflowError

router = APIRouter()
SEE_OTHER: Final = 303
SEEN: Final = "seen"  # which settings the page showed
SIGN_INS: Final = (Authentication.OAUTH2, Authentication.BASIC)


@router.get(MAIL_SETUP)
def mail_setup(visit: SeesSetup) -> Response:
    found = stored(visit)
    return _page(visit, found, seen=fingerprint(shown(found.setup)))


@router.post(MAIL_SETUP)
def change(visit: SetsUp, fields: Posted) -> Response:
    found = stored(visit)
    before, seen = found.setup, fields.get(SEEN, "")
    if seen != fingerprint(shown(before)):
        return _page(visit, found, seen=seen, given=fields, refused=SettingsChanged())
    typed = read(before, fields)
    if typed.wrong:
        return _page(visit, found, seen=seen, given=fields, wrong=typed.wrong)
    after, warned = typed.after
    save(visit, before, after)
    return _changed(visit, after, warned)


@router.get(MAIL_OFFICE_365)
def ask_office_365(visit: SetsUp) -> Response:
    """Asked before anything that is filled in is overridden."""
    before = stored(visit).setup
    gettext = visit.reader.gettext
    choices = [(one, gettext(caption)) for one, caption in CHOICES["authentication"]]
    return page(
        visit,
        "mail_office365.html",
        server=before.server,
        changes=_changes(visit, before, office365(before)),
        hint=gettext(PRESETS[Provider.OFFICE_365].hint),
        choices=[choice for choice in choices if choice[0] in SIGN_INS],
        seen=fingerprint(shown(before)),
    )


@router.post(MAIL_OFFICE_365)
def apply_office_365(visit: SetsUp, fields: Posted) -> Response:
    before = stored(visit).setup
    if fields.get(SEEN) != fingerprint(shown(before)):
        raise SettingsChanged
    basic = fields.get("authentication") == Authentication.BASIC
    after = office365(before, Authentication.BASIC if basic else Authentication.OAUTH2)
    save(visit, before, after)
    return _changed(visit, after, warnings(before, after))


def _changed(visit: Visit, after: MailSetup, warned: list[str]) -> Response:
    """What is not right for good stands on the page anyway."""
    passing = [one for one in warned if one not in warnings(after, after)]
    sentences = [visit.reader.gettext("The mail setup is changed."), *_told(visit, passing)]
    return RedirectResponse(path_telling(visit, MAIL_SETUP, *sentences), status_code=SEE_OTHER)


def _page(  # noqa: PLR0913 - what was typed, and what was wrong with it
    visit: Visit,
    found: StoredSetup,
    *,
    seen: str,
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    refused: WorkflowError | None = None,
) -> Response:
    setup, language = found.setup, visit.reader.language
    status = status_of(refused) if refused else UNPROCESSABLE if wrong else 200
    standing = warnings(setup, setup) if setup.server else []
    asks_proof = visit.sets_up and needs_proof(visit)
    return page(
        visit,
        "mail_setup.html",
        status,
        groups=field_groups(
            setup,
            language,
            given=given,
            wrong=wrong,
            readonly=not visit.sets_up,
            keeps_secrets=asks_proof,
        ),
        asks_proof=asks_proof,
        seen=seen,
        readable=found.readable,
        told=told(visit),
        ends=said(BASIC_SIGN_IN_ENDS, language) if BASIC_SIGN_IN_ENDS in standing else "",
        warnings=_told(visit, [one for one in standing if one != BASIC_SIGN_IN_ENDS]),
        wrong=bool(wrong),
        refusal=refusal_view(refused, language) if refused else None,
    )


def _told(visit: Visit, sentences: list[str]) -> list[str]:
    return [said(without_commands(one), visit.reader.language) for one in sentences]


def _changes(visit: Visit, before: MailSetup, after: MailSetup) -> list[tuple[str, str, str]]:
    """Caption, what is filled in, and what it becomes."""
    old, new = shown(before), shown(after)
    gettext = visit.reader.gettext
    return [
        (gettext(caption), _caption(visit, key, old[key]), _caption(visit, key, new[key]))
        for key, caption in CAPTIONS.items()
        if old[key] != new[key]
    ]


def _caption(visit: Visit, key: str, value: str) -> str:
    """A choice by its name; anything else as it is typed."""
    captions = dict(CHOICES.get(key, ()))
    return visit.reader.gettext(captions[value]) if value in captions else value
