"""Signing in for the mail account with a code: shown at once, and the page waits for the answer.

What is given out is kept when the sign-in is complete. Whoever closes the page before has kept
nothing: nobody asks for the answer any more.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from notifications.addresses import same_address
from notifications.mail_setup import Authentication, MailSetup
from notifications.oauth_app import App, DeviceCode, Right
from notifications.oauth_errors import OAuthError
from notifications.received.mailbox_setup import MailboxAuthentication
from notifications.sayings import said, without_commands
from notifications.setup_history import SetupSubject
from web.paths import MAIL_SIGN_IN
from web.proof import check_proved
from web.refusals import OUTSIDE, RefusalView
from web.rendering import page, streamed_page
from web.stored_mail_setup import stored
from web.visits import Posted, SetsUp, Visit
from workflow.events import FieldChange, MailSetupChanged
from workflow.service.rights import check_may_set_up

router = APIRouter()
MINUTE: Final = 60
LOOK_EVERY: Final = 1.0  # seconds; whether the browser is still there


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What is told while the page waits; without a sentence only that it still does."""

    sentence: str = ""
    warning: str = ""
    failed: bool = False
    signed_in: bool = False


@router.get(MAIL_SIGN_IN)
def explain(visit: SetsUp) -> Response:
    return _page(visit, stored(visit).setup)


@router.post(MAIL_SIGN_IN)
def begin(visit: SetsUp, _fields: Posted) -> Response:
    with visit.services.reading() as uow:
        check_may_set_up(uow, visit.actor)
    check_proved(visit)
    mail = visit.services.mail
    mail.conversations.begin(visit.services.clock())
    setup = stored(visit).setup
    if not person_signs_in(setup):
        return _page(visit, setup)
    account = mail.tokens_of(setup)
    try:
        begun = account.begin_sign_in(*_further(visit))
    except OAuthError as error:
        return _page(visit, setup, OUTSIDE, refusal=_refusal(error, visit))
    waiting = _waiting(visit, setup, account, begun)
    return streamed_page(visit, "mail_sign_in.html", **_facts(setup), begun=begun, waiting=waiting)


def _page(
    visit: Visit, setup: MailSetup, status: int = 200, /, refusal: RefusalView | None = None
) -> Response:
    facts = {"begun": None, "waiting": (), "refusal": refusal}
    return page(visit, "mail_sign_in.html", status, **{**_facts(setup), **facts})


def _facts(setup: MailSetup) -> dict[str, object]:
    return {
        "possible": person_signs_in(setup),
        "user_name": setup.user_name,
        "refusal": None,
    }


def person_signs_in(setup: MailSetup) -> bool:
    return setup.authentication is Authentication.OAUTH2 and not setup.app_signs_in


def _further(visit: Visit) -> list[Right]:
    """Reading, where bounces are fetched with the same sign-in."""
    mailbox = visit.services.mail.mailboxes.load_without_password()
    reads = mailbox is not None and mailbox.authentication is MailboxAuthentication.OAUTH2
    return [Right.READ] if reads else []


def _refusal(error: OAuthError, visit: Visit) -> RefusalView:
    language = visit.reader.language
    return RefusalView(
        message=said(error.text, language),
        next_step=said(without_commands(error.advice), language),
    )


# --- waiting -------------------------------------------------------------------------------


def _waiting(visit: Visit, setup: MailSetup, account: App, begun: DeviceCode) -> Iterator[Progress]:
    """Until the person is done, the code is of no use any more, or the browser has gone."""
    began, told, ask_at = time.monotonic(), begun.minutes + 1, 0.0
    while True:
        passed = time.monotonic() - began
        left = begun.minutes - int(passed) // MINUTE
        yield Progress(sentence=_minutes(left, visit) if left < told else "")
        told = left
        if passed >= ask_at:
            try:
                name = account.ask_whether_signed_in(begun)
            except OAuthError as error:
                refusal = _refusal(error, visit)
                yield Progress(sentence=refusal.message, warning=refusal.next_step, failed=True)
                return
            if name is not None:
                yield _done(visit, setup, name)
                return
            ask_at = passed + begun.seconds_between
        time.sleep(LOOK_EVERY)


def _minutes(left: int, visit: Visit) -> str:
    return visit.reader.ngettext(
        "The page waits; {count} minute is left.", "The page waits; {count} minutes are left.", left
    )


def _done(visit: Visit, setup: MailSetup, name: str) -> Progress:
    gettext = visit.reader.gettext
    changes = (FieldChange(field="signed_in", before="", after=name),)
    actor = visit.actor
    with visit.services.uow() as uow:
        uow.record_setup(
            [
                MailSetupChanged(
                    at=actor.at, actor=actor.user, subject=SetupSubject.ACCOUNT, changes=changes
                )
            ]
        )
        uow.commit()
    another = gettext(
        "User Name is {user_name}; if {name} is another mailbox, the mail server will refuse it."
    )
    differs = name and not same_address(name, setup.user_name)
    return Progress(
        sentence=gettext("Signed in as {name}.").format(name=name or setup.user_name),
        warning=another.format(user_name=setup.user_name, name=name) if differs else "",
        signed_in=True,
    )
