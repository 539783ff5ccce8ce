"""Mailbox Setup: where bounces and answers are fetched from."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.mail_settings import SetupError
from notifications.received.mailbox_setup import (
    DESCRIPTIONS,
    MailboxAuthentication,
    MailboxSetup,
    changed,
)
from notifications.sayings import said
from notifications.setup_history import SetupSubject, setup_changed
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from web.fields import FieldView
from web.fingerprints import fingerprint
from web.mail_fields import CAPTIONS as MAIL_CAPTIONS
from web.mail_fields import as_typed, secret_note
from web.paths import MAILBOX
from web.proof import check_proved, is_new_secret, needs_proof
from web.refusals import UNPROCESSABLE, refusal_view, status_of
from web.rendering import page
from web.stored_mail_setup import SettingsChanged
from web.telling import path_telling, told
from web.typed_settings import typed
from web.visits import Posted, SeesSetup, SetsUp, Visit
from workflow.errors import WorkflowError
from workflow.service.rights import check_may_set_up

router = APIRouter()
SEE_OTHER: Final = 303
SEEN: Final = "seen"
KINDS: Final = {"secure": "checkbox", "authentication": "select"}
METHODS: Final = [(one.value, one.value) for one in MailboxAuthentication]
PASSWORD: Final = "password"  # noqa: S105 - the name of a field
SHARED: Final = ("authentication", "user_name", "password", "secure", "ca_file")
CAPTIONS: Final[Mapping[str, str]] = {
    **{key: MAIL_CAPTIONS[key] for key in SHARED},
    "server": N_("IMAP Server"),
    "port": N_("IMAP Server Port"),
    "folder": N_("Folder"),
    "move_to": N_("Move Read Mail To"),
    "answers_to": N_("Answers Go To"),
}


@router.get(MAILBOX)
def mailbox(visit: SeesSetup) -> Response:
    setup = _stored(visit)
    return _page(visit, setup, seen=fingerprint(_shown(setup)))


@router.post(MAILBOX)
def change(visit: SetsUp, fields: Posted) -> Response:
    before, seen = _stored(visit), fields.get(SEEN, "")
    shown = _shown(before)
    if seen != fingerprint(shown):
        return _page(visit, before, seen=seen, given=fields, refused=SettingsChanged())
    after = typed(shown, fields, lambda changes: changed(before, changes))
    if after.wrong:
        return _page(visit, before, seen=seen, given=fields, wrong=after.wrong)
    _save(visit, before, after.after)
    sentences = [visit.reader.gettext("The mailbox is changed.")]
    if before.password and not after.after.password:
        forgotten = "The password was given for another server and is forgotten."
        sentences.append(visit.reader.gettext(forgotten))
    return RedirectResponse(path_telling(visit, MAILBOX, *sentences), status_code=SEE_OTHER)


def _stored(visit: Visit) -> MailboxSetup:
    """Without its password where that cannot be read any more."""
    mailboxes = visit.services.mail.mailboxes
    try:
        return mailboxes.load() or MailboxSetup()
    except SetupError:
        return mailboxes.load_without_password() or MailboxSetup()


def _save(visit: Visit, before: MailboxSetup, after: MailboxSetup) -> None:
    """
    Raises:
        NotAdministrator, NotProved: for a new password.
    """
    with visit.services.reading() as uow:
        check_may_set_up(uow, visit.actor)
    if is_new_secret(before.password, after.password):
        check_proved(visit)
    recorded = setup_changed(before, after, SetupSubject.MAILBOX, visit.actor)
    visit.services.mail.mailboxes.save(after, recorded)


def _page(  # noqa: PLR0913 - what was typed, and what was wrong with it
    visit: Visit,
    setup: MailboxSetup,
    *,
    seen: str,
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    refused: WorkflowError | None = None,
) -> Response:
    known = _shown(setup) | dict(given or {})
    return page(
        visit,
        "mailbox.html",
        status_of(refused) if refused else UNPROCESSABLE if wrong else 200,
        fields=[_field(visit, setup, key, known, wrong or {}) for key in DESCRIPTIONS],
        seen=seen,
        told=told(visit),
        asks_proof=visit.sets_up and needs_proof(visit),
        wrong=bool(wrong),
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )


def _field(
    visit: Visit,
    setup: MailboxSetup,
    key: str,
    known: Mapping[str, str],
    wrong: Mapping[str, str],
) -> FieldView:
    view = FieldView(
        name=key,
        caption=visit.reader.gettext(CAPTIONS[key]),
        value=known[key],
        description=visit.reader.gettext(DESCRIPTIONS[key]),
        kind=KINDS.get(key, "text"),
        choices=METHODS if key == "authentication" else (),
        error=said(wrong.get(key, ""), visit.reader.language),
        readonly=not visit.sets_up,
    )
    if key != PASSWORD:
        return view
    return replace(
        view,
        kind="secret",
        value="",
        note=secret_note(setup, key, visit.reader.language),
        readonly=view.readonly or needs_proof(visit),
    )


def _shown(setup: MailboxSetup) -> dict[str, str]:
    """Every setting as one would type it, without the password."""
    return {key: "" if key == PASSWORD else as_typed(getattr(setup, key)) for key in DESCRIPTIONS}
