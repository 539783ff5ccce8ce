"""The letter that tests the mail setup: written, addressed and submitted as real mail is."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final
from uuid import uuid4

from notifications.addresses import domain_of, valid_address
from notifications.delivery_errors import DeliveryError
from notifications.letters import Letter, compose
from notifications.mail_settings import SetupError
from notifications.mail_setup import MailSetup
from notifications.ports import MailTest
from notifications.readers import Company
from notifications.senders import MailKind, Requester, Sender, choose_sender
from notifications.translations import translations_for
from notifications.transports import Accepted, Transport

NO_DOMAIN: Final = "countersign.invalid"


class NoTestRecipient(SetupError):
    """The test letter has to go to an address."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not an email address.")
        self.next_step = "Give your own: countersign mail test you@example.com"


@dataclass(frozen=True, kw_only=True)
class Tested:
    """What came of it."""

    sender: Sender
    verdict: MailTest
    message_id: str = ""  # of the letter, for whoever looks for it where it arrives
    error: DeliveryError | None = None


def send_test(  # noqa: PLR0913 - a letter needs them all
    transport: Transport,
    setup: MailSetup,
    to_address: str,
    *,
    company: Company,
    now: datetime,
    requester: Requester | None = None,
) -> Tested:
    """One letter; a refusal of the mail server is a verdict too.

    With a requester it carries the sender that his requests carry.

    Raises:
        NoTestRecipient, NoSender: nothing was connected.
    """
    if not valid_address(to_address):
        raise NoTestRecipient(to_address)
    sender = _sender(setup, to_address, requester)
    login = setup.login_for(sender.from_address) if setup.signs_in else ""
    try:
        # Asking the server first is what real mail does, too.
        smtputf8 = transport.server_has_smtputf8
        sender = _sender(setup, to_address, requester, smtputf8=smtputf8)
        letter = _letter(sender, to_address, company, now)
        accepted = transport.submit(letter)
    except DeliveryError as error:
        verdict = _refused(error, sender, to_address, login, now)
        return Tested(sender=sender, verdict=verdict, error=error)
    verdict = _accepted(accepted, sender, to_address, login, now)
    return Tested(sender=sender, verdict=verdict, message_id=letter.message_id)


def _sender(
    setup: MailSetup, to_address: str, requester: Requester | None, *, smtputf8: bool = True
) -> Sender:
    kind = MailKind.WORKFLOW if requester else MailKind.TEST
    return choose_sender(setup, kind, requester, recipient=to_address, server_has_smtputf8=smtputf8)


def _letter(sender: Sender, to_address: str, company: Company, now: datetime) -> Letter:
    subject, sentences = _words(company, sender)
    return compose(
        sender=sender,
        to_name="",
        to_address=to_address,
        subject=subject,
        text="\n\n".join(sentences) + "\n",
        html="\n".join(f"<p>{escape(sentence)}</p>" for sentence in sentences) + "\n",
        message_id=f"<test.{uuid4()}@{domain_of(sender.from_address) or NO_DOMAIN}>",
        date=now,
        language=company.language,
        reason="test",
    )


def _words(company: Company, sender: Sender) -> tuple[str, list[str]]:
    words = translations_for(company.language)
    names = {"company": company.name, "address": sender.from_address}
    subject = words.gettext("Test of the mail setup of {company}").format(**names)
    sentences = [
        words.gettext("The mail setup of {company} works: this letter reached you."),
        words.gettext("It was sent from {address}. Look whether your mail program shows that."),
        words.gettext("Somebody asked for this letter to test the setup. You need not answer it."),
    ]
    return subject, [sentence.format(**names) for sentence in sentences]


def _accepted(
    accepted: Accepted, sender: Sender, to_address: str, login: str, now: datetime
) -> MailTest:
    return MailTest(
        at=now,
        to_address=to_address,
        from_address=sender.from_address,
        rule=sender.rule,
        login=login,
        accepted=True,
        stage="sent",
        code=accepted.code,
        text=accepted.text,
    )


def _refused(
    error: DeliveryError, sender: Sender, to_address: str, login: str, now: datetime
) -> MailTest:
    return MailTest(
        at=now,
        to_address=to_address,
        from_address=sender.from_address,
        rule=sender.rule,
        login=login,
        accepted=False,
        stage=error.stage,
        code=error.code,
        enhanced=error.enhanced,
        text=error.text,
    )
