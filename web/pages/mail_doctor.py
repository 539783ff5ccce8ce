"""Mail Doctor: what works from the mail server's name to each sender, told while it is found."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from notifications.doctor import Patient, climbed
from notifications.doctor_rungs import Grade, Rung, named
from notifications.mail_setup import MailNotSetUp
from notifications.sayings import command_in, said, without_commands
from notifications.senders import Requester
from web.paths import MAIL_DOCTOR
from web.rendering import page, streamed_page
from web.senders_known import known_to
from web.stored_mail_setup import stored
from web.visits import Posted, SeesSetup, SetsUp, Visit

router = APIRouter()
LOOKS = {  # of the statuses there are, the one that looks like the grade
    Grade.OK: "released",
    Grade.WARNING: "warning",
    Grade.FAILED: "rejected",
    Grade.SKIPPED: "canceled",
}


@dataclass(frozen=True, kw_only=True)
class RungView:
    grade: str
    looks: str
    check: str
    about: str
    sentence: str
    fix: str
    command: str  # of the fix, to be copied


@router.get(MAIL_DOCTOR)
def doctor(visit: SeesSetup) -> Response:
    return page(visit, "mail_doctor.html", rungs=[], begun=False)


@router.post(MAIL_DOCTOR)
def examine(visit: SetsUp, _fields: Posted) -> Response:
    """Each finding goes out as soon as it is there; with nothing but HTML."""
    visit.services.mail.conversations.begin(visit.services.clock())
    patient = _patient(visit)
    if not patient.setup.server:
        raise MailNotSetUp
    rungs = climbed(patient, visit.services.clock())
    return streamed_page(visit, "mail_doctor.html", rungs=_views(visit, rungs), begun=True)


def _patient(visit: Visit) -> Patient:
    setup = stored(visit).setup
    return Patient(
        setup=setup,
        tokens=visit.services.mail.tokens_of(setup),
        people=[Requester.of(user) for user in visit.services.people.all()],
        known=known_to(visit.services),
    )


def _views(visit: Visit, rungs: Iterator[Rung]) -> Iterator[RungView]:
    language = visit.reader.language
    for rung in rungs:
        yield RungView(
            grade=named(rung.grade, language),
            looks=LOOKS[rung.grade],
            check=named(rung.check, language),
            about=", ".join(rung.about),
            sentence=said(without_commands(rung.sentence), language),
            fix=said(rung.fix, language),
            command=command_in(rung.fix),
        )
