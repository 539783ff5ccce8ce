"""A letter there and back: sent as real mail is, and looked at where it arrived."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from notifications.addresses import normalised, same_address, valid_address
from notifications.delivery_errors import shown
from notifications.doctor_network import within
from notifications.doctor_rungs import NETWORK, Check, Grade, Rung
from notifications.doctor_words import Discretion
from notifications.received.arrivals import Arrived, awaited
from notifications.received.mailbox import MailboxError
from notifications.received.mailbox_setup import MailboxSetup
from notifications.received.mails import NotReadable, ReceivedMail
from notifications.received.verdicts import Verdicts, verdicts_of
from notifications.sayings import Paragraph
from notifications.sayings import sentence as _
from notifications.senders import NoSender, Sender
from notifications.setup_testing import Tested

SENDING_SECONDS: Final = 30.0
MAILBOX: Final = _("Check the mailbox: countersign mail inbox")
GRACE_SECONDS: Final = 12.0  # for signing in to the mailbox, and for the last look into it


@dataclass(frozen=True, kw_only=True)
class RoundTrip:
    """How it is made."""

    send: Callable[[str], Tested]  # a letter to that address
    mailbox: MailboxSetup | None
    seconds: float  # to wait for it
    trusted: str = ""  # the server whose Authentication-Results are believed
    discretion: Discretion

    @property
    def address(self) -> str:
        """Where the mailbox is."""
        mailbox = self.mailbox or MailboxSetup()
        wishes = (mailbox.answers_to, mailbox.user_name)
        return next((one for one in wishes if mailbox.server and valid_address(one)), "")


def round_trip(trip: RoundTrip, below: list[Rung]) -> tuple[list[Rung], Tested | None]:
    """Its rungs, and what the mail server said to the letter if it was sent."""
    broken = next(
        (one for one in below if one.check in NETWORK and one.grade is Grade.FAILED), None
    )
    if broken is not None:
        reason = _("Not tried, because {check} failed.", check=broken.check.value)
        return [_rung(Grade.SKIPPED, reason)], None
    if trip.mailbox is None or not trip.address:
        return [_no_mailbox()], None
    try:
        tested = within(SENDING_SECONDS, lambda: trip.send(trip.address))
    except TimeoutError:
        return [_rung(Grade.FAILED, _("The mail server did not take the letter in time."))], None
    except NoSender as error:
        return [_rung(Grade.FAILED, error.sentence)], None
    if tested.error is not None:
        return [_refused(tested, trip.discretion)], tested
    return _looked_for(trip, trip.mailbox, tested), tested


def _looked_for(trip: RoundTrip, mailbox: MailboxSetup, tested: Tested) -> list[Rung]:
    try:
        arrived = within(
            trip.seconds + GRACE_SECONDS,
            lambda: awaited(mailbox, tested.message_id, trip.seconds),
        )
    except TimeoutError:
        return [_rung(Grade.FAILED, _("The mailbox did not answer in time."), MAILBOX)]
    except (MailboxError, NotReadable) as error:
        told = trip.discretion.said(shown(str(error)))
        return [_rung(Grade.FAILED, told, MAILBOX)]
    if arrived is None:
        return [_not_there(trip, tested.sender)]
    verdicts = verdicts_of(arrived.mail)
    return [
        _there(trip, arrived),
        _from(tested.sender, arrived.mail),
        _proof(trip.trusted, verdicts),
    ]


def _no_mailbox() -> Rung:
    return _rung(
        Grade.SKIPPED,
        _("No mailbox is set up in which a letter could arrive."),
        "countersign mail inbox server=… user_name=… password=- answers_to=ADDRESS",
    )


def _refused(tested: Tested, discretion: Discretion) -> Rung:
    verdict = tested.verdict
    told = discretion.said(tested.error.text if tested.error else verdict.text)
    sentence = _(
        "The letter from {address} was refused: {said}",
        address=verdict.from_address,
        said=Paragraph(str(verdict.code or ""), told),
    )
    advice = tested.error.advice if tested.error else ""
    return _rung(Grade.FAILED, sentence, advice if discretion.may_say(advice) else "")


def _not_there(trip: RoundTrip, sender: Sender) -> Rung:
    sentence = _(
        "The mail server took a letter from {sender}, but it did not arrive at {address} in "
        "{seconds} seconds.",
        sender=sender.from_address,
        address=trip.address,
        seconds=f"{trip.seconds:.0f}",
    )
    fix = _(
        "Look into the junk folder and the mailbox of {envelope}; does {address} lead to this "
        "mailbox? A longer --wait may help.",
        envelope=sender.envelope_from,
        address=trip.address,
    )
    return _rung(Grade.FAILED, sentence, fix)


def _there(trip: RoundTrip, arrived: Arrived) -> Rung:
    sentence = _(
        "The letter to {address} arrived after {seconds} seconds.",
        address=trip.address,
        seconds=f"{arrived.seconds:.0f}",
    )
    return _rung(Grade.OK, sentence)


def _from(sender: Sender, mail: ReceivedMail) -> Rung:
    arrived = mail.senders()
    kept = len(arrived) == 1 and same_address(arrived[0], sender.from_address)
    behalf = _address(mail.header("Sender"))
    came = Paragraph(
        _("sent on behalf by {account}", account=behalf) if behalf else "",
        _(
            "reports of failed delivery go to {address}",
            address=_address(mail.header("Return-Path")) or "?",
        ),
        between="; ",
    )
    if kept:
        sentence = _(
            "It arrived with From {address} as it left; {came}.",
            address=sender.from_address,
            came=came,
        )
        expected = sender.sender_address or ""
        if behalf and not same_address(behalf, expected):
            return _rung(Grade.WARNING, sentence, _("Readers see “on behalf of”: grant Send As."))
        return _rung(Grade.OK, sentence)
    sentence = _(
        "From was rewritten: it left as {left} and arrived as {arrived}; {came}.",
        left=sender.from_address,
        arrived=", ".join(arrived) or "?",
        came=came,
    )
    fix = _(
        "The mail server puts its own sender there: make {address} an alias of the account, or "
        "grant Send As on it.",
        address=sender.from_address,
    )
    return _rung(Grade.FAILED, sentence, fix)


def _proof(trusted: str, verdicts: Verdicts) -> Rung:
    if not verdicts.results:
        sentence = _("The receiving server says nothing of SPF, DKIM and DMARC.")
        return _rung(Grade.SKIPPED, sentence)
    if not trusted or verdicts.server != trusted.lower():
        return _rung(
            Grade.SKIPPED,
            _("Authentication-Results are not believed: anybody can write them into a letter."),
            _(
                "Name the server that receives your mail: --authserv {server}",
                server=verdicts.server or "mx.example.com",
            ),
        )
    told = ", ".join(f"{method}={result}" for method, result in verdicts.results.items())
    sentence = _("{server} found {results}.", server=verdicts.server, results=told)
    if verdicts.prove_the_sender:
        return _rung(Grade.OK, sentence)
    return _rung(Grade.WARNING, sentence, _("The rungs SPF, DKIM and DMARC say what to publish."))


def _address(header: str) -> str:
    """The one in a header that somebody else wrote, or nothing."""
    address = parseaddr(header)[1]
    return normalised(address) if valid_address(address) else ""


def _rung(grade: Grade, sentence: str, fix: str = "") -> Rung:
    return Rung(check=Check.ROUND_TRIP, grade=grade, sentence=sentence, fix=fix)
