"""What a mail server's answer means, and what to do about it.

The reply code alone is not enough, nor is the enhanced code: Exchange says 5.2.252 both when a
right is missing and when it has blocked the account for asking too often.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it

PERMANENT: Final = 500  # codes from here on: trying again changes nothing
ENHANCED_CODE: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")


class Stage(StrEnum):
    """How far the conversation with the mail server was."""

    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"  # signing in
    MAIL = "mail"  # naming the sender
    RCPT = "rcpt"  # naming the recipient
    DATA = "data"  # handing over the letter; its end has not been sent
    ANSWER = "answer"  # the letter's end has been sent; the server's answer decides


class Outcome(StrEnum):
    """What the sender of a letter should do next."""

    RETRY = "retry"  # nothing was accepted; later it may work
    REFUSED = "refused"  # this letter will never be accepted as it is
    ACCOUNT = "account"  # no letter of this account will be: stop, a person must look
    UNCERTAIN = "uncertain"  # the letter was handed over whole and the answer was lost


class ReplyKind(StrEnum):
    """What is the matter, where the server said it clearly enough to recognise."""

    OTHER = "other"
    SEND_AS_DENIED = "send_as_denied"
    SENDER_BLOCKED = "sender_blocked"  # too many refusals, suspicion of spam
    SIGN_IN = "sign_in"
    QUOTA = "quota"
    TOO_FAST = "too_fast"
    SUSPICIOUS = "suspicious"  # the server watches the account more closely
    RECIPIENT = "recipient"
    TOO_LARGE = "too_large"
    RETURN_ADDRESS = "return_address"  # the receiver does not trust the domain in From
    SMTPUTF8 = "smtputf8"
    TLS = "tls"
    CONNECTION = "connection"
    SETUP = "setup"  # a setting that no server can be asked with


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server said, at which point."""

    stage: Stage
    code: int
    text: str

    @property
    def enhanced(self) -> str | None:
        found = ENHANCED_CODE.match(self.text)
        return found.group() if found else None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    outcome: Outcome
    kind: ReplyKind = ReplyKind.OTHER
    advice: str = ""  # what a person can do; {account} and {address} are filled in


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A reply we know. Empty parts match everything; the first pattern that matches counts."""

    verdict: Verdict
    codes: frozenset[int] = frozenset()
    enhanced: str = ""  # regular expression for the whole enhanced code
    text: str = ""  # regular expression found anywhere, capitals ignored
    stages: frozenset[Stage] = frozenset()

    def matches(self, reply: Reply) -> bool:
        return (
            (not self.codes or reply.code in self.codes)
            and (not self.stages or reply.stage in self.stages)
            and (not self.enhanced or _is(self.enhanced, reply.enhanced))
            and (not self.text or re.search(self.text, reply.text, re.IGNORECASE) is not None)
        )


def _is(pattern: str, enhanced: str | None) -> bool:
    return enhanced is not None and re.fullmatch(pattern, enhanced) is not None


SEND_AS_DENIED: Final = Verdict(
    outcome=Outcome.REFUSED,
    kind=ReplyKind.SEND_AS_DENIED,
    advice=N_(
        "{account} may not send as {address}: grant Send As on the mailbox {address} to {account}."
    ),
)
BLOCKED: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.SENDER_BLOCKED,
    advice=N_(
        "The mail server has blocked {account} for a while: an administrator must look at it."
    ),
)
QUOTA: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.QUOTA,
    advice=N_("{account} has used up what it may send: wait, or ask for a higher limit."),
)
MAILBOX_FULL: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.QUOTA,
    advice=N_("The mailbox {account} is full, often with sent mail: empty it."),
)
SIGN_IN: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.SIGN_IN,
    advice=N_(
        "Check User Name and Password of {account}; "
        "with two-factor sign-in the password must be an app password."
    ),
)
SIGN_IN_REQUIRED: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.SIGN_IN,
    advice=N_(
        "The mail server wants the account to sign in: choose authentication=basic, secure=yes."
    ),
)
SIGN_IN_SWITCHED_OFF: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.SIGN_IN,
    advice=N_(
        "Signing in to send mail is switched off: Set-CASMailbox {account} "
        "-SmtpClientAuthenticationDisabled $false, or for the whole organisation "
        "Set-TransportConfig -SmtpClientAuthenticationDisabled $false."
    ),
)
SIGN_IN_NOT_ALLOWED: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.SIGN_IN,
    advice=N_("A policy of the organisation forbids {account} to sign in this way."),
)
BASIC_RETIRED: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.SIGN_IN,
    advice=N_("The mail server no longer accepts passwords from programs."),
)
TOO_FAST: Final = Verdict(
    outcome=Outcome.RETRY,
    kind=ReplyKind.TOO_FAST,
    advice=N_("The mail server asks to send more slowly."),
)
SUSPICIOUS: Final = Verdict(
    outcome=Outcome.RETRY,
    kind=ReplyKind.SUSPICIOUS,
    advice=N_("The mail server finds the account's mail suspicious; it is left alone for a while."),
)
RECIPIENT: Final = Verdict(
    outcome=Outcome.REFUSED, kind=ReplyKind.RECIPIENT, advice=N_("Check the recipient's address.")
)
TOO_LARGE: Final = Verdict(
    outcome=Outcome.REFUSED,
    kind=ReplyKind.TOO_LARGE,
    advice=N_("The letter is larger than the mail server accepts."),
)
FROM_DOMAIN: Final = Verdict(
    outcome=Outcome.REFUSED,
    kind=ReplyKind.RETURN_ADDRESS,
    advice=N_(
        "The receiver does not trust this server for the domain of {address}: check SPF, DKIM."
    ),
)
NO_VALID_FROM: Final = Verdict(
    outcome=Outcome.REFUSED,
    kind=ReplyKind.RETURN_ADDRESS,
    advice=N_("The letter names no valid sender, which is a defect of this program: report it."),
)
RETRY: Final = Verdict(outcome=Outcome.RETRY)
RETRY_SIGN_IN: Final = Verdict(outcome=Outcome.RETRY, kind=ReplyKind.SIGN_IN)
TLS_REFUSED: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.TLS,
    advice=N_("The mail server offers no secure connection, so nothing was sent."),
)

BEFORE_SIGNED_IN: Final = frozenset({Stage.TLS, Stage.AUTH})

PATTERNS: Final[tuple[Pattern, ...]] = (
    # The server speaks of the account -------------------------------------------------------------
    Pattern(enhanced=r"5\.2\.25[1-5]", text="throttled", verdict=BLOCKED),
    Pattern(enhanced=r"5\.1\.8", text="outbound sender|access denied", verdict=BLOCKED),
    Pattern(enhanced=r"5\.7\.(501|502|503|511|705|708)", verdict=BLOCKED),
    Pattern(text="SubmissionQuotaExceeded|submission quota", verdict=QUOTA),
    Pattern(enhanced=r"5\.1\.90|5\.7\.23[23]", verdict=QUOTA),
    Pattern(
        codes=frozenset({554}), enhanced=r"5\.2\.2", text="QuotaExceeded", verdict=MAILBOX_FULL
    ),
    # Send As --------------------------------------------------------------------------------------
    Pattern(codes=frozenset(range(500, 600)), text="SendAsDenied", verdict=SEND_AS_DENIED),
    Pattern(enhanced=r"5\.2\.252|5\.7\.60", verdict=SEND_AS_DENIED),
    Pattern(text="permissions to send as this sender", verdict=SEND_AS_DENIED),
    Pattern(codes=frozenset({553}), text="not owned by user", verdict=SEND_AS_DENIED),
    # Signing in -----------------------------------------------------------------------------------
    Pattern(enhanced=r"5\.7\.139", text="SmtpClientAuthentication", verdict=SIGN_IN_SWITCHED_OFF),
    Pattern(enhanced=r"5\.7\.139", verdict=SIGN_IN_NOT_ALLOWED),
    Pattern(enhanced=r"5\.7\.30", verdict=BASIC_RETIRED),
    Pattern(codes=frozenset({530}), verdict=SIGN_IN_REQUIRED),
    Pattern(enhanced=r"5\.7\.57", verdict=SIGN_IN_REQUIRED),
    Pattern(codes=frozenset({553}), text="not logged in", verdict=SIGN_IN_REQUIRED),
    # 535 with a 4.x.x code: the server could not reach its own user directory.
    Pattern(stages=BEFORE_SIGNED_IN, enhanced=r"4\..*", verdict=RETRY_SIGN_IN),
    Pattern(stages=BEFORE_SIGNED_IN, codes=frozenset(range(400, 500)), verdict=RETRY_SIGN_IN),
    Pattern(stages=frozenset({Stage.AUTH}), verdict=SIGN_IN),
    Pattern(stages=frozenset({Stage.TLS}), verdict=TLS_REFUSED),
    # A server that greets with 5xx is often only being repaired.
    Pattern(stages=frozenset({Stage.CONNECT}), verdict=RETRY),
    # The letter -----------------------------------------------------------------------------------
    Pattern(codes=frozenset({432}), verdict=TOO_FAST),
    Pattern(enhanced=r"4\.7\.(5\d\d|6\d\d|8[5-9]\d)", verdict=SUSPICIOUS),
    Pattern(text="Concurrent connections limit|sender thread limit", verdict=TOO_FAST),
    Pattern(enhanced=r"5\.1\.(1|6|10)|5\.4\.1", verdict=RECIPIENT),
    Pattern(enhanced=r"5\.3\.4", verdict=TOO_LARGE),
    Pattern(codes=frozenset({552}), enhanced=r"5\.2\.3", verdict=TOO_LARGE),
    Pattern(enhanced=r"5\.7\.(509|515)", verdict=FROM_DOMAIN),
    Pattern(enhanced=r"5\.7\.512", verdict=NO_VALID_FROM),
    Pattern(codes=frozenset(range(400, 500)), verdict=RETRY),
    Pattern(codes=frozenset(range(PERMANENT, 600)), verdict=Verdict(outcome=Outcome.REFUSED)),
)


def classify(reply: Reply) -> Verdict:
    """What an answer other than yes means. An answer that makes no sense is treated as lost."""
    for pattern in PATTERNS:
        if pattern.matches(reply):
            return pattern.verdict
    return lost(reply.stage)


def lost(stage: Stage) -> Verdict:
    """The connection broke: before the letter's end nothing was accepted, after it nobody knows."""
    outcome = Outcome.UNCERTAIN if stage is Stage.ANSWER else Outcome.RETRY
    return Verdict(outcome=outcome, kind=ReplyKind.CONNECTION)
