"""Rights to Send As: whose address mail carries for each approval user, and what is missing."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications import operating
from notifications.addresses import normalised, same_address, valid_address
from notifications.doctor_rights import Known
from notifications.doctor_words import Discretion, grant_command
from notifications.mail_setup import MailSetup
from notifications.sayings import said
from notifications.sender_rights import RULES, SenderRight, right_of
from notifications.setup_warnings import GMAIL
from web.paths import MAIL_GRANTS
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.senders_known import known_to
from web.stored_mail_setup import stored
from web.visits import Posted, SeesSetup, SetsUp, Visit
from workflow.approval_users import ApprovalUser
from workflow.errors import WorkflowError
from workflow.service.rights import check_may_set_up

router = APIRouter()
SEE_OTHER: Final = 303


@dataclass(frozen=True, kw_only=True)
class RightView:
    user: str
    name: str
    email: str
    address: str  # in From; empty: none
    rule: str
    verdict: str
    looks: str
    judged: str  # the address the verdict is about, where that is another
    at: str
    words: str  # of the mail server
    resting: bool
    note: str


@router.get(MAIL_GRANTS)
def grants(visit: SeesSetup) -> Response:
    return _page(visit)


@router.post(MAIL_GRANTS)
def granted(visit: SetsUp, fields: Posted) -> Response:
    """The address is used again from the next mail on."""
    with visit.services.reading() as uow:
        check_may_set_up(uow, visit.actor)
    try:
        operating.use_again(visit.services.mail.outbox, fields.get("address", ""), visit.actor)
    except WorkflowError as error:
        return _page(visit, error)
    return RedirectResponse(MAIL_GRANTS, status_code=SEE_OTHER)


def _page(visit: Visit, refused: WorkflowError | None = None) -> Response:
    setup, on_record = stored(visit).setup, known_to(visit.services)
    people = visit.services.people.all()
    rows = [_row(visit, user, setup, on_record) for user in people] if setup.server else []
    needed = _needed(setup, people)
    return page(
        visit,
        "mail_grants.html",
        status_of(refused) if refused else 200,
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
        rows=rows,
        set_up=bool(setup.server),
        user_name=setup.user_name,
        addresses="\n".join(needed),
        commands="\n".join(_commands(setup, needed)),
    )


def _row(visit: Visit, user: ApprovalUser, setup: MailSetup, on_record: Known) -> RightView:
    gettext, language = visit.reader.gettext, visit.reader.language
    right = right_of(user, setup, on_record)
    verdict = right.verdict
    return RightView(
        user=user.user_id,
        name=visit.reader.name_of(user.user_id),
        email=user.email,
        address=right.address,
        rule=gettext(RULES[right.rule]) if right.rule else "",
        verdict=_verdict(visit, right),
        looks="released" if verdict and verdict.accepted else "rejected" if verdict else "",
        judged="" if same_address(right.judged, right.address) else right.judged,
        at=visit.reader.formats.moment(verdict.at) if verdict else "",
        words=Discretion(setup).said(f"{verdict.code or ''} {verdict.text}") if verdict else "",
        resting=bool(user.email) and on_record.rests(setup, user.email),
        note=said(right.note, language),
    )


def _verdict(visit: Visit, right: SenderRight) -> str:
    gettext = visit.reader.gettext
    if right.verdict is None:
        return gettext("not tried yet")
    return gettext("accepted") if right.verdict.accepted else gettext("refused")


def _needed(setup: MailSetup, people: list[ApprovalUser]) -> list[str]:
    """The mailboxes on which the account needs the right."""
    wanted = [setup.send_as]
    if setup.allow_sender_substitution:
        wanted += [user.email for user in people]
    others = (
        normalised(one)
        for one in wanted
        if valid_address(one) and not same_address(one, setup.user_name)
    )
    return list(dict.fromkeys(others)) if setup.signs_in else []


def _commands(setup: MailSetup, needed: list[str]) -> list[str]:
    """Gmail has aliases in their place."""
    return [] if setup.server in GMAIL else [grant_command(setup, one) for one in needed]
