"""Whether the account may write from an address, as the mail server said, and who believes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from notifications.addresses import domain_of, same_address
from notifications.dmarc import aligned
from notifications.doctor_rungs import Check, Grade, Rung
from notifications.doctor_words import Discretion, grant
from notifications.mail_setup import MailSetup
from notifications.replies import Reply, ReplyKind, Stage, classify
from notifications.sayings import Paragraph
from notifications.sayings import sentence as _
from notifications.senders import Requester, Sender


class Said(Protocol):
    """What the mail server last said to a letter from an address."""

    @property
    def at(self) -> datetime: ...
    @property
    def accepted(self) -> bool: ...
    @property
    def stage(self) -> str: ...
    @property
    def code(self) -> int | None: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is on record, and what the server offered a moment ago."""

    verdicts: Mapping[str, Said] = field(default_factory=dict)  # by address in From
    resting: frozenset[tuple[str, str]] = frozenset()
    server_has_smtputf8: bool = True

    def rests(self, setup: MailSetup, address: str) -> bool:
        return any(
            same_address(account, setup.user_name) and same_address(refused, address)
            for account, refused in self.resting
        )


def right(
    setup: MailSetup, person: Requester, wish: Sender, known: Known, discretion: Discretion
) -> Rung:
    """Only a whole letter shows the right: MAIL FROM is taken from nearly everybody."""
    address = wish.from_address
    login = setup.login_for(address)
    check = Check.SEND_AS
    if not setup.signs_in:
        sentence = _("Without sign-in the mail server knows no right to send as somebody.")
        return rung_about(check, Grade.SKIPPED, person, sentence)
    if same_address(login, address) and not setup.app_signs_in:
        sentence = _("{address} is the account's own address.", address=address)
        return rung_about(check, Grade.OK, person, sentence)
    verdict = _verdict(known, address)
    if known.rests(setup, address) or _denied(verdict):
        refusal = _refusal(login, address, verdict, discretion)
        return rung_about(check, Grade.FAILED, person, refusal, grant(setup, address))
    if verdict is None:
        untried = _("Not tried yet: no letter has gone out from {address}.", address=address)
        told = Paragraph(untried, _how(setup, address))
        return rung_about(check, Grade.SKIPPED, person, told, grant(setup, address))
    if verdict.accepted:
        sentence = _(
            "The mail server took a letter from {address} on {day}.",
            address=address,
            day=f"{verdict.at:%Y-%m-%d}",
        )
        return rung_about(check, Grade.OK, person, sentence)
    sentence = _(
        "The last letter from {address} was refused, for another reason: {said}",
        address=address,
        said=_words(verdict, discretion),
    )
    return rung_about(check, Grade.WARNING, person, sentence, _("See countersign outbox list."))


def _refusal(login: str, address: str, verdict: Said | None, discretion: Discretion) -> str:
    who = {"login": login, "address": address}
    if verdict is None or verdict.accepted:
        return _("The mail server refused {login} as sender for {address}.", **who)
    return _(
        "The mail server refused {login} as sender for {address}: {said}",
        **who,
        said=_words(verdict, discretion),
    )


def _words(verdict: Said, discretion: Discretion) -> str:
    return Paragraph(str(verdict.code or ""), discretion.said(verdict.text))


def _how(setup: MailSetup, address: str) -> str:
    if any(same_address(address, own) for own in (setup.send_as, setup.account)):
        return _("`countersign mail test ADDRESS` tries it.")
    return _("The first request from there tries it.")


def _verdict(known: Known, address: str) -> Said | None:
    same = (said for key, said in known.verdicts.items() if same_address(key, address))
    return max(same, key=lambda said: said.at, default=None)


def _denied(verdict: Said | None) -> bool:
    if verdict is None or verdict.accepted or verdict.stage not in set(Stage):
        return False
    reply = Reply(stage=Stage(verdict.stage), code=verdict.code or 0, text=verdict.text)
    return classify(reply).kind is ReplyKind.SEND_AS_DENIED


def alignment(setup: MailSetup, person: Requester, wish: Sender) -> Rung:
    """Receivers compare the domain in From with those of SPF and DKIM (DMARC)."""
    shown = domain_of(wish.from_address)
    own = domain_of(setup.account or setup.send_as or wish.envelope_from)
    where = {"shown": shown, "own": own}
    if aligned(shown, own):
        sentence = _("From and account are both in {own}.", own=own)
        return rung_about(Check.ALIGNMENT, Grade.OK, person, sentence)
    sentence = _(
        "From is in {shown}, the account in {own}: receivers then want a DKIM signature of "
        "{shown}.",
        **where,
    )
    fix = _(
        "Have the mail server sign with DKIM for {shown}; otherwise leave {shown} out of "
        "allowed_domains, so that such mail goes out from {own}.",
        **where,
    )
    return rung_about(Check.ALIGNMENT, Grade.WARNING, person, sentence, fix)


def own_domains(setup: MailSetup) -> list[str]:
    """Those of the account."""
    domains = (domain_of(address) for address in (setup.user_name, setup.send_as))
    return [domain for domain in domains if domain]


def rung_about(check: Check, grade: Grade, person: Requester, sentence: str, fix: str = "") -> Rung:
    return Rung(check=check, grade=grade, sentence=sentence, fix=fix, about=(person.user_id,))
