"""What is still to be done until the company can be live: each step with where to do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from notifications.mail_settings import SetupError
from notifications.mail_setup import MailSetup
from notifications.ports import MailTest
from notifications.readers import Reader
from notifications.setup_warnings import warnings
from web.health import Finding, State
from web.paths import (
    ACCOUNTS,
    HEALTH,
    MAIL_GRANTS,
    MAIL_GUIDE,
    MAIL_SETUP,
    MAIL_TEST,
    USERS,
    WORKFLOWS,
)
from web.senders_known import rights_of_all
from web.services import Services
from workflow.approval_users import ApprovalUser
from workflow.setup_checks import check_setup

FEWEST_PEOPLE: Final = 2  # somebody asks, somebody else approves


@dataclass(frozen=True, kw_only=True)
class Present:
    """What there is so far."""

    services: Services
    reader: Reader
    setup: MailSetup
    test: MailTest | None
    people: list[ApprovalUser]


def checklist(services: Services, reader: Reader) -> list[Finding]:
    """In the order in which one does them."""
    mail = services.mail
    present = Present(
        services=services,
        reader=reader,
        setup=mail.setups.load_without_secrets() or MailSetup(),
        test=mail.tests.latest(),
        people=services.people.all(),
    )
    return [step(present) for step in STEPS]


def is_live(steps: list[Finding]) -> bool:
    """Whether everything is in order."""
    return all(step.state is State.OK for step in steps)


def is_set_up(steps: list[Finding]) -> bool:
    """Whether nothing is left out; what only wants to be looked at may stay so."""
    return all(step.state is not State.TODO for step in steps)


def _company(present: Present) -> Finding:
    gettext, company = present.reader.gettext, present.services.company
    has_address = bool(present.services.base_url)
    told = gettext("{name}, times of {zone}, amounts in {currency}.")
    if not has_address:
        told = gettext("Mail has no links before COUNTERSIGN_BASE_URL says where the pages are.")
    facts = {"name": company.name, "zone": company.time_zone, "currency": company.currency}
    return Finding(
        name="company",
        caption=gettext("Company"),
        state=State.OK if has_address else State.WARN,
        sentence=told.format(**facts),
        path=HEALTH,
    )


def _account(present: Present) -> Finding:
    gettext, setup = present.reader.gettext, present.setup
    state, path = State.TODO, MAIL_GUIDE
    if setup.server:
        state, path = State.WARN if _warned(present) else State.OK, MAIL_SETUP
    return Finding(
        name="mail_account",
        caption=gettext("Mail account"),
        state=state,
        sentence=setup.server or gettext("Without one nobody is told of a request."),
        path=path,
    )


def _warned(present: Present) -> bool:
    """Also when its secrets cannot be read any more."""
    try:
        setup = present.services.mail.setups.load() or MailSetup()
    except SetupError:
        return True
    return bool(warnings(setup, setup))


def _proof(present: Present) -> Finding:
    gettext, test = present.reader.gettext, present.test
    state, sentence = State.TODO, gettext("Send yourself one letter the way real mail goes.")
    if test is not None:
        state = State.OK if test.accepted else State.FAIL
        outcome = gettext("accepted") if test.accepted else gettext("refused")
        sentence = f"{present.reader.formats.moment(test.at)}: {outcome}"
    return Finding(
        name="mail_proof",
        caption=gettext("Test Email Setup"),
        state=state,
        sentence=sentence,
        path=MAIL_TEST,
    )


def _send_as(present: Present) -> Finding:
    gettext, setup = present.reader.gettext, present.setup
    state, sentence = State.OK, gettext("Mail does not carry the addresses of requesters.")
    if setup.allow_sender_substitution and setup.signs_in:
        rights = rights_of_all(present.services, setup).values()
        untried = sum(right.verdict is None for right in rights)
        refused = sum(right.refused for right in rights)
        state = State.FAIL if refused else State.WARN if untried else State.OK
        counted = gettext("{refused} refused, {untried} not tried yet, of {all}.")
        sentence = counted.format(refused=refused, untried=untried, all=len(rights))
    return Finding(
        name="send_as",
        caption=gettext("Rights to Send As"),
        state=state,
        sentence=sentence,
        path=MAIL_GRANTS,
    )


def _users(present: Present) -> Finding:
    gettext, count = present.reader.gettext, len(present.people)
    return Finding(
        name="approval_users",
        caption=gettext("Approval User Setup"),
        state=State.OK if count >= FEWEST_PEOPLE else State.TODO,
        sentence=gettext("Approval users: {}").format(count),
        path=USERS,
    )


def _structure(present: Present) -> Finding:
    gettext, found = present.reader.gettext, len(check_setup(present.people))
    told = gettext("Warnings about approvers, substitutes and addresses: {}")
    return Finding(
        name="structure",
        caption=gettext("Structure of approvers"),
        state=State.WARN if found else State.OK,
        sentence=told.format(found) if found else gettext("Every chain of approvers ends well."),
        path=USERS,
    )


def _workflow(present: Present) -> Finding:
    gettext = present.reader.gettext
    with present.services.reading() as uow:
        enabled = [one.code for one in uow.workflows.all() if uow.workflows.is_enabled(one.code)]
    none = gettext("None is enabled: nothing can be sent for approval.")
    return Finding(
        name="workflow",
        caption=gettext("Approval workflow"),
        state=State.OK if enabled else State.TODO,
        sentence=", ".join(enabled) or none,
        path=WORKFLOWS,
    )


def _sign_in(present: Present) -> Finding:
    gettext = present.reader.gettext
    may = {one.user_id for one in present.services.accounts.all() if one.can_sign_in}
    without = [user.user_id for user in present.people if user.user_id not in may]
    told = gettext("Cannot sign in yet: {people}.")
    names = ", ".join(present.reader.name_of(user) for user in without)
    return Finding(
        name="sign_in",
        caption=gettext("Sign-in"),
        state=State.WARN if without else State.OK,
        sentence=told.format(people=names) if without else gettext("Everybody can sign in."),
        path=ACCOUNTS,
    )


STEPS: Final[tuple[Callable[[Present], Finding], ...]] = (
    _company,
    _account,
    _proof,
    _send_as,
    _users,
    _structure,
    _workflow,
    _sign_in,
)
