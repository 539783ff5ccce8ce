"""What the mail doctor says of the rungs that a conversation with the mail server passed."""

from dataclasses import dataclass, field

from notifications.doctor_rungs import Check, Grade, Rung
from notifications.mail_setup import MailSetup
from notifications.sayings import sentence as _
from notifications.setup_warnings import is_this_machine


@dataclass
class Heard:
    """How far the conversation came."""

    passed: set[Check] = field(default_factory=set)
    tls_version: str = ""
    offers: tuple[str, ...] = ()


def rungs(setup: MailSetup, heard: Heard, login: str, failed: Rung | None) -> list[Rung]:
    well = {
        Check.TLS: _tls(setup, heard),
        Check.EHLO: _ehlo(heard),
        Check.AUTH: _auth(setup, login),
    }
    climbed: list[Rung] = []
    for check, rung in well.items():
        if failed is not None and check is failed.check:
            return [*climbed, failed]
        not_yet = check is Check.TLS and setup.secure and check not in heard.passed
        climbed.append(_before_tls() if not_yet else rung)
    return climbed


def _before_tls() -> Rung:
    sentence = _("Not tried: the conversation ended before it could be encrypted.")
    return Rung(check=Check.TLS, grade=Grade.SKIPPED, sentence=sentence)


def _tls(setup: MailSetup, heard: Heard) -> Rung:
    if setup.secure:
        sentence = _(
            "The connection is encrypted ({version}); the certificate is right.",
            version=heard.tls_version,
        )
        return Rung(check=Check.TLS, grade=Grade.OK, sentence=sentence)
    if is_this_machine(setup.server):
        sentence = _("Not wanted: secure is off, and the server is on this machine.")
        return Rung(check=Check.TLS, grade=Grade.SKIPPED, sentence=sentence)
    return Rung(
        check=Check.TLS,
        grade=Grade.WARNING,
        sentence=_("The connection is not encrypted: others on the network can read the mail."),
        fix="countersign mail setup secure=yes",
    )


def _ehlo(heard: Heard) -> Rung:
    offers = ", ".join(name.upper() for name in heard.offers)
    sentence = _("A mail server answers.")
    if offers:
        sentence = _("A mail server answers; it offers {offers}.", offers=offers)
    return Rung(check=Check.EHLO, grade=Grade.OK, sentence=sentence)


def _auth(setup: MailSetup, login: str) -> Rung:
    if not setup.signs_in:
        sentence = _("Not wanted: the setup asks for no sign-in.")
        return Rung(check=Check.AUTH, grade=Grade.SKIPPED, sentence=sentence)
    if not login:
        return Rung(
            check=Check.AUTH,
            grade=Grade.FAILED,
            sentence=_("There is no mailbox to sign in to."),
            fix="countersign mail setup user_name=…",
        )
    sentence = _("{login} is signed in.", login=login)
    return Rung(check=Check.AUTH, grade=Grade.OK, sentence=sentence)
