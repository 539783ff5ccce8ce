"""Outbox: how far each email is, what the mail server said, and what can be done about it."""

from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from notifications import operating
from notifications.operating import CANCELED, RELEASED, decided, subject_of
from notifications.ports import EmailState
from notifications.readings import EmailDetails
from web.histories import HistoryLine, history_lines
from web.letters_shown import body, framed, headers_of, letter, letter_alone
from web.mail_pause import in_words, pause_now
from web.outbox_views import LOOKS, STATES, email_page, email_row
from web.paths import OUTBOX
from web.refusals import NOT_FOUND, refusal_view, status_of
from web.rendering import page
from web.telling import path_telling, told
from web.visits import Posted, SeesSetup, SetsUp, Visit
from workflow.errors import UnknownStep, WorkflowError
from workflow.service.rights import check_may_set_up

router = APIRouter()
SEE_OTHER: Final = 303
A_PAGE: Final = 50
EmailId = Annotated[int, Path(ge=1, le=2**53)]
Before = Annotated[int | None, Query(ge=1, le=2**53)]
Step = Callable[[Visit, int], int]
WAYS: Final = ("html", "text", "source")


@router.get(OUTBOX)
def outbox(
    visit: SeesSetup,
    state: str = "",
    person: str = "",
    number: str = "",
    before: Before = None,
) -> Response:
    read = visit.services.mail.read
    chosen = EmailState(state) if state in set(EmailState) else None
    found = read.outbox_list(
        state=chosen,
        person=person.strip() or None,
        number=number.strip() or None,
        before=before,
        limit=A_PAGE + 1,
    )
    wanted = {"state": chosen or "", "person": person.strip(), "number": number.strip()}
    older = {**wanted, "before": found[A_PAGE - 1].id} if len(found) > A_PAGE else None
    return page(
        visit,
        "outbox.html",
        rows=[email_row(email, visit.reader) for email in found[:A_PAGE]],
        counts=_counts(visit),
        states=[(one, visit.reader.gettext(caption)) for one, caption in STATES.items()],
        people=visit.services.people.all(),
        wanted=wanted,
        older=f"{OUTBOX}?{urlencode(older)}" if older else "",
        trouble=_trouble(visit),
        told=told(visit),
        held=read.outbox_counts().get(EmailState.HELD, 0),
    )


@router.post(OUTBOX)
def decide_about_all(visit: SetsUp, fields: Posted) -> Response:
    """All that are held."""
    _check(visit)
    steps, now = visit.services.mail.outbox, visit.services.clock()
    actor = visit.actor
    match fields.get("step", ""):
        case "release_held":
            count = steps.release_held(now, recorded=decided(actor, RELEASED))
            done = visit.reader.gettext("Emails released: {}")
        case "cancel_held":
            count = steps.cancel_held(recorded=decided(actor, CANCELED))
            done = visit.reader.gettext("Emails canceled: {}")
        case other:
            raise UnknownStep(other)
    return RedirectResponse(path_telling(visit, OUTBOX, done.format(count)), status_code=SEE_OTHER)


@router.get(OUTBOX + "/{email_id}")
def one_email(visit: SeesSetup, email_id: EmailId, show: str = "html") -> Response:
    return _page(visit, email_id, show=show if show in WAYS else "html")


@router.get(OUTBOX + "/{email_id}/html")
def as_its_reader_sees_it(visit: SeesSetup, email_id: EmailId) -> Response:
    written = operating.email_numbered(visit.services.mail.read, email_id).written
    if written is None:
        raise HTTPException(NOT_FOUND)
    return letter_alone(body(letter(written.raw), "html"))


@router.post(OUTBOX + "/{email_id}")
def decide(visit: SetsUp, fields: Posted, email_id: EmailId) -> Response:
    _check(visit)
    try:
        number = _step(fields.get("step", ""))(visit, email_id)
    except WorkflowError as error:
        return _page(visit, email_id, refused=error)
    return RedirectResponse(f"{OUTBOX}/{number}", status_code=SEE_OTHER)


def _check(visit: Visit) -> None:
    """
    Raises:
        NotAdministrator
    """
    with visit.services.reading() as uow:
        check_may_set_up(uow, visit.actor)


def _page(
    visit: Visit, email_id: int, *, show: str = "html", refused: WorkflowError | None = None
) -> Response:
    details = operating.email_numbered(visit.services.mail.read, email_id)
    message = letter(details.written.raw) if details.written else None
    answer = page(
        visit,
        "one_email.html",
        status_of(refused) if refused else 200,
        shown=email_page(details, visit.reader),
        decisions=_decisions(visit, details),
        show=show,
        text=body(message, "plain") if message else "",
        headers=headers_of(message) if message else [],
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )
    return framed(answer)


def _decisions(visit: Visit, details: EmailDetails) -> list[HistoryLine]:
    """Who sent it again, held it, released it or canceled it; also those it stands in for."""
    numbers = (details.email.id, *details.kin)
    found = [
        one
        for number in numbers
        for one in visit.services.read.setup_log(subject=subject_of(number), limit=A_PAGE)
    ]
    return history_lines(sorted(found, key=lambda one: one.id), visit.reader)


def _counts(visit: Visit) -> list[tuple[str, str, str, int]]:
    """State, its caption and look, and how many."""
    counts = visit.services.mail.read.outbox_counts()
    return [
        (state, visit.reader.gettext(caption), LOOKS.get(state, ""), counts[state])
        for state, caption in STATES.items()
        if counts.get(state)
    ]


def _trouble(visit: Visit) -> str:
    """Why nothing is sent at the moment; empty: nothing is in the way."""
    pause = pause_now(visit)
    return in_words(pause, visit.reader) if pause else ""


# --- what can be done about one ------------------------------------------------------------


def _retry(visit: Visit, email_id: int) -> int:
    mail = visit.services.mail
    return operating.retry(mail.read, mail.outbox, email_id, visit.actor)


def _hold(visit: Visit, email_id: int) -> int:
    mail = visit.services.mail
    operating.hold(mail.read, mail.outbox, email_id, visit.actor)
    return email_id


def _release(visit: Visit, email_id: int) -> int:
    mail = visit.services.mail
    operating.release(mail.read, mail.outbox, email_id, visit.actor)
    return email_id


def _cancel(visit: Visit, email_id: int) -> int:
    mail = visit.services.mail
    operating.cancel(mail.read, mail.outbox, email_id, visit.actor)
    return email_id


STEPS: Final[dict[str, Step]] = {
    "retry": _retry,
    "hold": _hold,
    "release": _release,
    "cancel": _cancel,
}


def _step(name: str) -> Step:
    if name not in STEPS:
        raise UnknownStep(name)
    return STEPS[name]
