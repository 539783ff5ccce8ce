"""Why a letter was not delivered: what the server said, what it means and what a person can do."""

import smtplib
import ssl
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final, Self

from notifications.replies import Outcome, Reply, ReplyKind, Stage, Verdict, classify, lost
from notifications.sayings import Sentence
from notifications.sayings import sentence as _
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it

TEXT_LIMIT: Final = 500  # of the server's words that are kept and shown
OK: Final = range(200, 300)
BEFORE_ANY_LETTER: Final = frozenset({Stage.CONNECT, Stage.TLS, Stage.AUTH})

UNKNOWN_AUTHORITY: Final = N_("it comes from an authority that this machine does not know")
CERTIFICATE_REASONS: Final = {  # by the numbers of OpenSSL
    9: N_("it is not valid yet"),
    10: N_("it has expired"),
    18: UNKNOWN_AUTHORITY,
    19: UNKNOWN_AUTHORITY,
    20: UNKNOWN_AUTHORITY,
    21: UNKNOWN_AUTHORITY,
    62: N_("it is for another name than the server's in the mail setup"),
    64: N_("it is for another name than the server's in the mail setup"),
}

NO_TLS: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.TLS,
    advice=_("Nothing was sent. Check server, port and secure in the mail setup."),
)
BAD_CERTIFICATE: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.TLS,
    advice=_("Nothing was sent. Check the server's name, or name your own authority with ca_file."),
)
BAD_SETUP: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.SETUP,
    advice=_("Nothing was sent. Check server, user_name and password in the mail setup."),
)
BAD_CA_FILE: Final = Verdict(
    outcome=Outcome.ACCOUNT, kind=ReplyKind.TLS, advice=_("Nothing was sent. Correct ca_file.")
)
NO_SIGN_IN: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.SIGN_IN,
    advice=_(
        "Choose authentication=anonymous, or secure=yes: many servers offer it only with TLS."
    ),
)
NO_SMTPUTF8: Final = Verdict(
    outcome=Outcome.REFUSED,
    kind=ReplyKind.SMTPUTF8,
    advice=_("Use an address whose part before the @ has only ASCII letters."),
)
BAD_COMMAND: Final = Verdict(
    outcome=Outcome.REFUSED,
    kind=ReplyKind.RECIPIENT,
    advice=_("An address of this letter cannot be told to a mail server."),
)


class DeliveryError(Exception):
    """The mail server did not take the letter; *outcome* says what to do next."""

    def __init__(
        self, *, stage: Stage, verdict: Verdict, text: str, code: int | None, enhanced: str | None
    ) -> None:
        stop = "" if not text or text.endswith((".", "!", "?")) else "."
        super().__init__(f"{text}{stop} {verdict.advice}".strip())
        self.stage = stage
        self.code = code
        self.enhanced = enhanced
        self.text = text  # the server's words, escaped and cut: nobody vouches for them
        self.outcome = verdict.outcome
        self.kind = verdict.kind
        self.advice = verdict.advice

    @property
    def stops_the_pass(self) -> bool:
        """Whether the next letter would fail too, because of the account or the server."""
        if self.kind is ReplyKind.SEND_AS_DENIED:  # also where the app signs in as the requester
            return False
        if self.kind in {ReplyKind.TOO_FAST, ReplyKind.SUSPICIOUS}:
            return True
        return self.outcome is Outcome.ACCOUNT or self.stage in BEFORE_ANY_LETTER


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the conversation; within it every error becomes a DeliveryError."""

    stage: Stage
    account: str
    address: str = ""  # the sender shown, for naming it when the server refuses it

    def expect(self, answer: tuple[int, bytes], wanted: range = OK) -> None:
        code, words = answer
        if code not in wanted:
            raise self._refused(code, words)

    def fail(self, text: str, verdict: Verdict, *, stage: Stage | None = None) -> DeliveryError:
        """Our own refusal, or a connection that broke: the server said nothing."""
        told = text if isinstance(text, Sentence) else shown(text)
        return DeliveryError(
            stage=stage or self.stage, verdict=verdict, text=told, code=None, enhanced=None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say what an error of the library means at this stage; the order matters."""
        match error:
            case ssl.SSLCertVerificationError():
                text = _(
                    "The mail server's certificate is not right: {reason}.",
                    reason=_why_not_trusted(error),
                )
                raise self.fail(text, BAD_CERTIFICATE, stage=Stage.TLS) from error
            case smtplib.SMTPResponseException():
                raise self._refused(error.smtp_code, error.smtp_error) from error
            case smtplib.SMTPException() | OSError():
                raise self.fail(self._lost_text(error), lost(self.stage)) from error
            case ValueError() if self.stage in BEFORE_ANY_LETTER:  # such as `smtp..example.com`
                raise self.fail(str(error), BAD_SETUP) from error
            case ValueError():  # a line break, or letters outside ASCII, in an address
                raise self.fail(str(error), BAD_COMMAND) from error

    def _refused(self, code: int, words: bytes | str) -> DeliveryError:
        text = shown(words)
        reply = Reply(stage=self.stage, code=code, text=text)
        verdict = classify(reply)
        advice = Sentence(
            verdict.advice,
            account=self.account or _("the account"),
            address=self.address or _("the sender"),
        )
        return DeliveryError(
            stage=self.stage,
            verdict=replace(verdict, advice=advice),
            text=text,
            code=code or None,
            enhanced=reply.enhanced,
        )

    def _lost_text(self, error: Exception) -> str:
        if self.stage is Stage.ANSWER:
            return _(
                "The letter was handed over, but the server's answer was lost: {error}",
                error=shown(str(error)),
            )
        return _(
            "The mail server could not be reached or hung up: {error}", error=shown(str(error))
        )


def _why_not_trusted(error: ssl.SSLCertVerificationError) -> str:
    reason = CERTIFICATE_REASONS.get(error.verify_code)
    return _(reason) if reason else shown(error.verify_message).rstrip(".")


def shown(words: bytes | str) -> str:
    """The server's words, made harmless: one line, no control characters, not endless."""
    text = words.decode("utf-8", errors="backslashreplace") if isinstance(words, bytes) else words
    one_line = " ".join(text.split())
    visible = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in one_line)
    return visible[:TEXT_LIMIT]
