"""Test Email Setup: one real letter to the administrator himself, and what came of it."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.accounts import account_of
from notifications.mail_settings import SetupError
from notifications.mail_setup import MailSetup
from notifications.sayings import said
from notifications.senders import MailKind, choose_sender, explain
from notifications.setup_testing import Tested, send_test
from web.paths import MAIL_TEST
from web.refusals import UNPROCESSABLE, setup_refusal
from web.rendering import page
from web.stored_mail_setup import stored
from web.telling import path_telling, told
from web.visits import Posted, SeesSetup, SetsUp, Visit
from workflow.errors import WorkflowError

router = APIRouter()
SEE_OTHER: Final = 303


class NoAddressOfYours(WorkflowError):
    code = "NO_ADDRESS_OF_YOURS"
    template = "The test is sent to you, and you have no E-Mail in the Approval User Setup."
    advice = "Fill E-Mail there first."


@router.get(MAIL_TEST)
def mail_test(visit: SeesSetup) -> Response:
    return _page(visit)


@router.post(MAIL_TEST)
def test(visit: SetsUp, _fields: Posted) -> Response:
    """To nobody but whoever asks for it."""
    mail, address = visit.services.mail, visit.person.email
    if not address:
        raise NoAddressOfYours
    mail.conversations.begin(visit.services.clock())
    setup = stored(visit).setup
    try:
        tested = _sent(visit, setup, address)
    except SetupError as error:
        return _page(visit, error)
    mail.tests.record(tested.verdict)
    if tested.error is None:
        mail.outbox.resume(account_of(setup))
    sentences = _outcome(visit, tested)
    return RedirectResponse(path_telling(visit, MAIL_TEST, *sentences), status_code=SEE_OTHER)


def _sent(visit: Visit, setup: MailSetup, address: str) -> Tested:
    services = visit.services
    with services.mail.transport_of(setup) as transport:
        return send_test(transport, setup, address, company=services.company, now=services.clock())


def _outcome(visit: Visit, tested: Tested) -> list[str]:
    gettext, language = visit.reader.gettext, visit.reader.language
    if tested.error is None:
        taken = gettext("The mail server took the letter. Look whether it arrived.")
        return [taken, *(said(one, language) for one in tested.sender.warnings)]
    refused = gettext("The letter was not sent.")
    told_of = (*tested.sender.warnings, tested.error.advice)
    return [refused, *(said(one, language) for one in told_of if one)]


def _page(visit: Visit, refused: SetupError | None = None) -> Response:
    """The latest test, and what the next one would look like."""
    setup, language = stored(visit).setup, visit.reader.language
    return page(
        visit,
        "mail_test.html",
        UNPROCESSABLE if refused else 200,
        told=told(visit),
        refusal=setup_refusal(refused, language) if refused else None,
        address=visit.person.email,
        why=_why(visit, setup),
        latest=visit.services.mail.tests.latest(),
    )


def _why(visit: Visit, setup: MailSetup) -> str:
    """Whose address the letter carries; empty where there is none."""
    try:
        sender = choose_sender(setup, MailKind.TEST, None, recipient=visit.person.email)
    except SetupError:
        return ""
    return said(explain(sender, setup), visit.reader.language)
