"""The upper rungs: whose address each person's requests carry, and who will believe it."""

import shlex
from typing import Final

from notifications.addresses import domain_of, needs_smtputf8, normalised, valid_address
from notifications.doctor_records import Domain
from notifications.doctor_rights import Known, alignment, own_domains, right, rung_about
from notifications.doctor_rungs import Check, Grade, Rung, merged
from notifications.doctor_words import Discretion, grant
from notifications.mail_setup import MailSetup
from notifications.sayings import Paragraph
from notifications.sayings import sentence as _
from notifications.senders import (
    MailKind,
    NoSender,
    Requester,
    Sender,
    SenderRule,
    choose_sender,
    explain,
)

SEND_AS_SETTING: Final = "countersign mail setup send_as=…"


def upper_rungs(
    setup: MailSetup, people: list[Requester], known: Known, discretion: Discretion
) -> list[Rung]:
    """For every approval user: the sender, the right to use it, and the domain."""
    if not people:
        sentence = _("There are no approval users yet.")
        return [
            Rung(check=check, grade=Grade.SKIPPED, sentence=sentence)
            for check in (Check.SENDER, Check.SEND_AS, Check.ALIGNMENT)
        ]
    senders = [_sender(setup, person, known) for person in people]
    wished = [(person, wish) for person in people if (wish := wished_sender(setup, person, known))]
    rights = [right(setup, person, wish, known, discretion) for person, wish in wished]
    domains = [alignment(setup, person, wish) for person, wish in wished]
    return merged(senders) + merged(rights) + merged(domains)


def shown_domains(setup: MailSetup, people: list[Requester], known: Known) -> list[Domain]:
    """Those that real mail carries: of documents, and of each person's requests."""
    wishes = [_of_documents(setup), *(wished_sender(setup, person, known) for person in people)]
    domains = (
        Domain(shown=domain_of(wish.from_address), envelope=domain_of(wish.envelope_from))
        for wish in wishes
        if wish is not None
    )
    return list(dict.fromkeys(domain for domain in domains if domain.shown and domain.envelope))


def _of_documents(setup: MailSetup) -> Sender | None:
    try:
        return choose_sender(setup, MailKind.DOCUMENT, None)
    except NoSender:
        return None


def wished_sender(setup: MailSetup, person: Requester, known: Known) -> Sender | None:
    """As if the mail server had never refused anything."""
    try:
        return choose_sender(
            setup, MailKind.WORKFLOW, person, server_has_smtputf8=known.server_has_smtputf8
        )
    except NoSender:
        return None


def _sender(setup: MailSetup, person: Requester, known: Known) -> Rung:
    try:
        sender = choose_sender(
            setup,
            MailKind.WORKFLOW,
            person,
            server_has_smtputf8=known.server_has_smtputf8,
            resting=known.resting,
        )
    except NoSender as error:
        return rung_about(Check.SENDER, Grade.FAILED, person, error.sentence, SEND_AS_SETTING)
    sentence: str = explain(sender, setup)
    if sender.warnings:
        sentence = Paragraph(sentence, *sender.warnings)
        return rung_about(Check.SENDER, Grade.WARNING, person, sentence, _fix(setup, person, known))
    if setup.allow_sender_substitution and sender.rule is not SenderRule.REQUESTER:
        fix = _give_address(person)
        return rung_about(Check.SENDER, Grade.WARNING, person, sentence, fix)
    return rung_about(Check.SENDER, Grade.OK, person, sentence)


def _fix(setup: MailSetup, person: Requester, known: Known) -> str:
    """What lets mail carry the person's own address, as far as that can be repaired here."""
    if not valid_address(person.email):
        return _give_address(person)
    if known.rests(setup, person.email):
        return grant(setup, normalised(person.email))
    if needs_smtputf8(person.email) and not known.server_has_smtputf8:
        return _("Use an address whose part before the @ has only ASCII letters.")
    allowed = setup.allowed_domains or own_domains(setup)
    return f"countersign mail setup allowed_domains={','.join([*allowed, domain_of(person.email)])}"


def _give_address(person: Requester) -> str:
    return f"countersign users set {shlex.quote(person.user_id)} email=…"
