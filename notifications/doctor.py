"""The mail doctor: where on the way from this machine to a trusted letter something is wrong.

It climbs a ladder whose rungs rest on each other, sends nothing, and is done in a fixed time
whatever the mail server does.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from notifications import doctor_network
from notifications.dns_records import NameServer
from notifications.doctor_conversation import spoken
from notifications.doctor_domains import domain_rungs
from notifications.doctor_network import Budget
from notifications.doctor_records import Records, Server
from notifications.doctor_rights import Known
from notifications.doctor_rungs import Check, Grade, Rung, skipped_above
from notifications.doctor_senders import shown_domains, upper_rungs, wished_sender
from notifications.doctor_tokens import SeenTokens
from notifications.doctor_words import Discretion
from notifications.mail_setup import MailNotSetUp, MailSetup
from notifications.oauth import TokenSource
from notifications.sayings import Paragraph
from notifications.sayings import sentence as _
from notifications.senders import Requester
from notifications.setup_warnings import warnings

SECONDS: Final = 18.0  # for the network; all of it is to be over in twenty


@dataclass(frozen=True, kw_only=True)
class Patient:
    """The mail setup, and what is on record about it."""

    setup: MailSetup
    tokens: TokenSource
    people: Sequence[Requester]
    known: Known
    name_server: NameServer | None = None  # None: the name service of this machine


def diagnosed(patient: Patient, now: datetime, *, seconds: float = SECONDS) -> list[Rung]:
    """Every rung, from the bottom up.

    Raises:
        MailNotSetUp: there is no ladder to climb.
    """
    return list(climbed(patient, now, seconds=seconds))


def climbed(patient: Patient, now: datetime, *, seconds: float = SECONDS) -> Iterator[Rung]:
    """The same, each as soon as it is known.

    Raises:
        MailNotSetUp
    """
    setup, people, known = patient.setup, list(patient.people), patient.known
    if not setup.server:
        raise MailNotSetUp
    discretion = Discretion(setup)
    budget = Budget(seconds)
    dns, addresses = doctor_network.found(setup, budget)
    server = Server(name=setup.server, addresses=tuple(addresses))
    domains = shown_domains(setup, people, known)
    records = Records(domains, server, patient.name_server, seconds)
    yield from _setup_rungs(setup)
    offers = yield from _network(patient, dns, addresses, now, budget)
    if offers is not None:
        known = replace(known, server_has_smtputf8="smtputf8" in offers)
    yield from upper_rungs(setup, people, known, discretion)
    yield from domain_rungs(records.found(budget), server)


def failed(rungs: list[Rung]) -> bool:
    return any(rung.grade is Grade.FAILED for rung in rungs)


def _setup_rungs(setup: MailSetup) -> list[Rung]:
    sentences = warnings(setup, setup)
    if not sentences:
        return [Rung(check=Check.SETUP, grade=Grade.OK, sentence=_("The settings fit together."))]
    return [
        Rung(check=Check.SETUP, grade=Grade.WARNING, sentence=sentence) for sentence in sentences
    ]


def _network(
    patient: Patient, dns: Rung, addresses: list[str], now: datetime, budget: Budget
) -> Generator[Rung, None, tuple[str, ...] | None]:
    """The network rungs, and in the end what the server offered if it said so."""
    yield dns
    if not addresses:
        yield from skipped_above([dns])[1:]
        return None
    tcp = doctor_network.reached(patient.setup, addresses, budget)
    yield tcp
    if tcp.grade is Grade.FAILED:
        yield from skipped_above([dns, tcp])[2:]
        return None
    rungs, offers = _conversation(patient, now, budget)
    yield from skipped_above([dns, tcp, *rungs])[2:]
    return offers


def _conversation(
    patient: Patient, now: datetime, budget: Budget
) -> tuple[list[Rung], tuple[str, ...] | None]:
    """The rungs up to the first that failed, and what the server offered if it said so."""
    setup, discretion = patient.setup, Discretion(patient.setup)
    from_address = _some_sender(patient)
    tokens = SeenTokens(patient.tokens, setup.login_for(from_address), discretion)
    rungs, heard = spoken(setup, tokens, from_address, discretion, budget)
    told = tokens.objections(setup, now) if rungs[-1].grade is Grade.FAILED else []
    if told and rungs[-1].check is Check.AUTH:
        rungs[-1] = replace(rungs[-1], fix=Paragraph(*told, rungs[-1].fix))
    return rungs, heard.offers if Check.EHLO in heard.passed else None


def _some_sender(patient: Patient) -> str:
    """An app without a mailbox of its own signs in to that of a sender."""
    setup = patient.setup
    if setup.account or setup.send_as:
        return setup.account or setup.send_as
    wishes = (wished_sender(setup, person, patient.known) for person in patient.people)
    return next((wish.from_address for wish in wishes if wish), "")
