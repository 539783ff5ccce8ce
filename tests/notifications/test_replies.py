"""What a mail server's answers mean; the stages a real conversation reaches are in transports."""

import pytest

from notifications.replies import Outcome, Reply, ReplyKind, Stage, classify

REPLIES = {
    "vector-26 wrong password at Exchange": (
        Stage.AUTH, "535 5.7.3 Authentication unsuccessful", Outcome.ACCOUNT, ReplyKind.SIGN_IN,
        "app password",
    ),
    "vector-26 wrong password at Postfix": (
        Stage.AUTH, "535 5.7.8 Error: authentication failed", Outcome.ACCOUNT, ReplyKind.SIGN_IN,
        "app password",
    ),
    "vector-27 sign-in switched off": (
        Stage.AUTH,
        "535 5.7.139 Authentication failed, SmtpClientAuthentication is disabled for the Tenant",
        Outcome.ACCOUNT, ReplyKind.SIGN_IN, "Set-TransportConfig",
    ),
    "security defaults": (
        Stage.AUTH,
        "535 5.7.139 Authentication unsuccessful, user is locked by your organization's policy",
        Outcome.ACCOUNT, ReplyKind.SIGN_IN, "policy",
    ),
    "vector-28 basic retired": (
        Stage.AUTH, "550 5.7.30 Basic authentication is not supported for Client Submission.",
        Outcome.ACCOUNT, ReplyKind.SIGN_IN, "no longer accepts passwords",
    ),
    "sign-in service is down": (
        Stage.AUTH, "454 4.7.0 Temporary authentication failure", Outcome.RETRY,
        ReplyKind.SIGN_IN, "",
    ),
    "535 that is temporary": (
        Stage.AUTH, "535 4.7.0 try again", Outcome.RETRY, ReplyKind.SIGN_IN, "",
    ),
    "an app password is wanted at Gmail": (
        Stage.AUTH, "534 5.7.9 Application-specific password required", Outcome.ACCOUNT,
        ReplyKind.SIGN_IN, "app password",
    ),
    "starttls refused": (
        Stage.TLS, "502 5.5.1 not implemented", Outcome.ACCOUNT, ReplyKind.TLS, "nothing was sent",
    ),
    "vector-23 anonymous at office 365": (
        Stage.MAIL, "530 5.7.57 Client not authenticated to send mail", Outcome.ACCOUNT,
        ReplyKind.SIGN_IN, "authentication=basic",
    ),
    "vector-04 send as denied": (
        Stage.ANSWER, "554 5.2.252 SendAsDenied; erp@x not allowed to send as noreply@x",
        Outcome.REFUSED, ReplyKind.SEND_AS_DENIED, "grant Send As",
    ),
    "send as denied, older": (
        Stage.ANSWER, "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException",
        Outcome.REFUSED, ReplyKind.SEND_AS_DENIED, "grant Send As",
    ),
    "send as denied on premises": (
        Stage.ANSWER, "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        Outcome.REFUSED, ReplyKind.SEND_AS_DENIED, "grant Send As",
    ),
    "send as denied, Exchange 2013": (
        Stage.ANSWER, "550 5.7.1 Client does not have permissions to send as this sender",
        Outcome.REFUSED, ReplyKind.SEND_AS_DENIED, "grant Send As",
    ),
    "vector-38 send as denied at Postfix": (
        Stage.RCPT, "553 5.7.1 <a@x>: Sender address rejected: not owned by user erp@x",
        Outcome.REFUSED, ReplyKind.SEND_AS_DENIED, "grant Send As",
    ),
    "vector-44 throttled with the same enhanced code": (
        Stage.ANSWER, "550 5.2.252 Sender throttled due to continuous send as denied errors.",
        Outcome.ACCOUNT, ReplyKind.SENDER_BLOCKED, "administrator",
    ),
    "blocked as spam": (
        Stage.ANSWER, "550 5.1.8 Access denied, bad outbound sender", Outcome.ACCOUNT,
        ReplyKind.SENDER_BLOCKED, "administrator",
    ),
    "blocked in other words": (
        Stage.ANSWER, "550 5.1.8 Access denied, AS(42004)", Outcome.ACCOUNT,
        ReplyKind.SENDER_BLOCKED, "administrator",
    ),
    "a sender's domain nobody knows": (
        Stage.RCPT, "550 5.1.8 <a@x>: Sender address rejected: Domain not found",
        Outcome.REFUSED, ReplyKind.OTHER, "",
    ),
    "quota": (
        Stage.ANSWER, "554 5.2.0 STOREDRV.Submission; SubmissionQuotaExceededException",
        Outcome.ACCOUNT, ReplyKind.QUOTA, "used up",
    ),
    "sent items are full": (
        Stage.ANSWER, "554 5.2.2 mailbox full; STOREDRV; QuotaExceededException",
        Outcome.ACCOUNT, ReplyKind.QUOTA, "empty it",
    ),
    "the recipient's mailbox is full": (
        Stage.RCPT, "552 5.2.2 mailbox full", Outcome.REFUSED, ReplyKind.OTHER, "",
    ),
    "vector-43 too many connections": (
        Stage.MAIL, "432 4.3.2 Concurrent connections limit exceeded", Outcome.RETRY,
        ReplyKind.TOO_FAST, "slowly",
    ),
    "no such recipient": (
        Stage.RCPT, "550 5.1.10 RESOLVER.ADR.RecipientNotFound", Outcome.REFUSED,
        ReplyKind.RECIPIENT, "recipient",
    ),
    "too large": (
        Stage.MAIL, "552 5.3.4 Message size exceeds fixed limit", Outcome.REFUSED,
        ReplyKind.TOO_LARGE, "larger",
    ),
    "dmarc": (
        Stage.ANSWER, "550 5.7.515 Access denied", Outcome.REFUSED, ReplyKind.RETURN_ADDRESS,
        "SPF",
    ),
    "closing": (Stage.ANSWER, "421 4.3.0 closing", Outcome.RETRY, ReplyKind.OTHER, ""),
    "suspicious": (
        Stage.ANSWER, "451 4.7.500 Server busy", Outcome.RETRY, ReplyKind.SUSPICIOUS, "suspicious",
    ),
    "suspicious, second range": (
        Stage.MAIL, "451 4.7.850 Access denied", Outcome.RETRY, ReplyKind.SUSPICIOUS, "suspicious",
    ),
    "greylisted": (Stage.RCPT, "451 4.7.1 greylisted", Outcome.RETRY, ReplyKind.OTHER, ""),
    "too many recipients": (Stage.RCPT, "452 4.5.3 too many", Outcome.RETRY, ReplyKind.OTHER, ""),
    "sender threads": (
        Stage.ANSWER, "451 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
        Outcome.RETRY, ReplyKind.TOO_FAST, "slowly",
    ),
    "daily limit": (
        Stage.ANSWER, "550 5.1.90 Your message can't be sent: daily limit", Outcome.ACCOUNT,
        ReplyKind.QUOTA, "used up",
    ),
    "external recipients of the tenant": (
        Stage.RCPT, "550 5.7.233 Tenant exceeded", Outcome.ACCOUNT, ReplyKind.QUOTA, "used up",
    ),
    "throttled for a full mailbox": (
        Stage.ANSWER, "550 5.2.251 Sender throttled due to continuous mailbox full errors",
        Outcome.ACCOUNT, ReplyKind.SENDER_BLOCKED, "administrator",
    ),
    "no valid from": (
        Stage.ANSWER, "550 5.7.512 Access denied", Outcome.REFUSED, ReplyKind.RETURN_ADDRESS,
        "report it",
    ),
    "any 5xx": (Stage.RCPT, "550 no", Outcome.REFUSED, ReplyKind.OTHER, ""),
    "nonsense before the letter's end": (
        Stage.DATA, "999 what", Outcome.RETRY, ReplyKind.CONNECTION, "",
    ),
    "nonsense after the letter's end": (
        Stage.ANSWER, "999 what", Outcome.UNCERTAIN, ReplyKind.CONNECTION, "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "line", "outcome", "kind", "advice"), REPLIES.values(), ids=REPLIES
)
def test_an_answer_means(stage, line, outcome, kind, advice):
    verdict = classify(Reply(stage=stage, code=int(line[:3]), text=line[4:]))

    assert (verdict.outcome, verdict.kind) == (outcome, kind)
    assert advice in verdict.advice
    assert not (verdict.advice and not advice)
