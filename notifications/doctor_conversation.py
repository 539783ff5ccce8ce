"""The rungs for which the mail server is spoken to, with the transport that real mail uses."""

import smtplib
from typing import Final

from notifications.connecting import IMPLICIT_TLS_PORT
from notifications.delivery_errors import BAD_CA_FILE, BAD_CERTIFICATE, DeliveryError
from notifications.doctor_answers import Heard, rungs
from notifications.doctor_network import STEP_SECONDS, Budget, within
from notifications.doctor_rungs import Check, Grade, Rung
from notifications.doctor_words import Discretion
from notifications.mail_setup import MailSetup
from notifications.oauth import TokenSource
from notifications.replies import ReplyKind, Stage
from notifications.sayings import Paragraph
from notifications.sayings import sentence as _
from notifications.transports import SmtpTransport

LONGEST: Final = 15.0  # the whole conversation
GOODBYE_SECONDS: Final = 1.0
TIMED_OUT: Final = "timed out"
KNOWN_OFFERS: Final = ("size", "starttls", "dsn", "smtputf8")
CHECKS: Final = {Stage.TLS: Check.TLS, Stage.AUTH: Check.AUTH}
NOT_TLS: Final = _(
    "Check port and secure: 465 is encrypted from the first byte, 587 and 25 become encrypted."
)
FIXES: Final = {  # where the refusal itself advises nothing
    Check.TLS: NOT_TLS,
    Check.EHLO: _("Check server and port; if both are right, the mail server is in trouble."),
    Check.AUTH: _("Try again in a while: the mail server may be in trouble."),
}


class Listening(SmtpTransport):
    """The transport of real mail, watched."""

    heard: Heard

    def passed(self, stage: Stage, server: smtplib.SMTP) -> None:
        self.heard.passed.add(CHECKS.get(stage, Check.EHLO))
        self.heard.offers = tuple(name for name in KNOWN_OFFERS if server.has_extn(name))
        version = getattr(server.sock, "version", None)  # only an encrypted one has it
        self.heard.tls_version = (version() or "") if version else ""


def spoken(
    setup: MailSetup,
    tokens: TokenSource,
    from_address: str,
    discretion: Discretion,
    budget: Budget,
) -> tuple[list[Rung], Heard]:
    """Connect and sign in as for a letter from that address; nothing is sent."""
    seconds = budget.left(LONGEST)
    transport = Listening(setup, tokens=tokens, timeout=min(STEP_SECONDS, seconds))
    transport.heard = heard = Heard()
    failed: Rung | None = None
    signs_in = setup.signs_in and bool(setup.login_for(from_address))
    try:
        if signs_in or not setup.signs_in:
            within(seconds, lambda: transport.connect(from_address))
        else:
            within(seconds, lambda: transport.server_has_smtputf8)
    except TimeoutError:
        failed = _too_slow(setup, heard, seconds)
    except DeliveryError as error:
        failed = _refused(setup, heard, error, discretion)
    else:
        _goodbye(transport, budget)
    return rungs(setup, heard, setup.login_for(from_address), failed), heard


def _goodbye(transport: SmtpTransport, budget: Budget) -> None:
    try:
        within(budget.left(GOODBYE_SECONDS), transport.close)
    except TimeoutError:
        return  # a server that does not answer it is no error


def _refused(setup: MailSetup, heard: Heard, error: DeliveryError, discretion: Discretion) -> Rung:
    check = _check_of(setup, heard, error)
    answered = isinstance(error.__cause__, smtplib.SMTPResponseException)
    if check is Check.EHLO and answered and error.code is None:
        # and what it said is nobody's business
        sentence: str = _("What answers there is no mail server.")
    else:
        said = _silent(error) or discretion.said(error.text)
        sentence = _("Refused: {code} {said}", code=error.code, said=said) if error.code else said
    fix = error.advice if discretion.may_say(error.advice) else ""
    if check is Check.TLS and error.kind is ReplyKind.TLS and not _has_certificate_trouble(error):
        fix = Paragraph(fix, NOT_TLS)
    return Rung(check=check, grade=Grade.FAILED, sentence=sentence, fix=fix or FIXES[check])


def _has_certificate_trouble(error: DeliveryError) -> bool:
    return error.advice in {BAD_CERTIFICATE.advice, BAD_CA_FILE.advice}


def _silent(error: DeliveryError) -> str:
    """A conversation that broke because one side waited in vain."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TimeoutError) or TIMED_OUT in str(cause):
            return _("The mail server stopped answering.")
        cause = cause.__cause__ or cause.__context__
    return ""


def _check_of(setup: MailSetup, heard: Heard, error: DeliveryError) -> Check:
    """Where TLS comes first, a connection that breaks before anything was said broke there."""
    if error.stage in CHECKS:
        return CHECKS[error.stage]
    tls_first = _tls_first(setup)
    spoke = isinstance(error.__cause__, smtplib.SMTPException)
    if tls_first and Check.TLS not in heard.passed and not spoke:
        return Check.TLS
    if tls_first and spoke:
        heard.passed.add(Check.TLS)
    return Check.EHLO


def _too_slow(setup: MailSetup, heard: Heard, seconds: float) -> Rung:
    if Check.EHLO not in heard.passed:
        waits_for_tls = _tls_first(setup) and Check.TLS not in heard.passed
        check = Check.TLS if waits_for_tls else Check.EHLO
    elif setup.secure and Check.TLS not in heard.passed:
        check = Check.TLS
    else:
        check = Check.AUTH if setup.signs_in else Check.EHLO
    sentence = _(
        "The mail server did not come to an end in {seconds} seconds.", seconds=f"{seconds:.0f}"
    )
    return Rung(check=check, grade=Grade.FAILED, sentence=sentence, fix=FIXES[check])


def _tls_first(setup: MailSetup) -> bool:
    return setup.secure and setup.port == IMPLICIT_TLS_PORT
