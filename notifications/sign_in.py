"""Signing in to the mail server, with a password or with a token; an answer is given only once."""

import base64
import smtplib
from dataclasses import replace
from typing import Final

from notifications.delivery_errors import NO_SIGN_IN, DeliveryError, Step
from notifications.oauth_errors import OAuthError
from notifications.replies import Outcome, ReplyKind, Verdict
from notifications.sayings import Sentence
from notifications.sayings import sentence as _
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it

GO_ON: Final = range(334, 335)  # the server waits for the next part of the sign-in
REFUSED: Final = 535
SWITCHED_OFF_FOR_ALL: Final = "for the Tenant"

TOKEN_REFUSED: Final = Verdict(
    outcome=Outcome.ACCOUNT,
    kind=ReplyKind.SIGN_IN,
    advice=N_(
        "The mail server does not take the token for {login}. Check that the permission (SMTP.Send "
        "or SMTP.SendAsApp) has consent, that the app is registered in Exchange "
        "(New-ServicePrincipal with the Object ID of the enterprise application), and that it may "
        "use the mailbox {login} (Add-MailboxPermission {login} -AccessRights FullAccess)."
    ),
)


def with_password(server: smtplib.SMTP, step: Step, user_name: str, password: str) -> None:
    """Once: a second try with another method would count as a second wrong password."""
    methods = _methods(server)
    if "PLAIN" in methods:
        credentials = _base64(f"\0{user_name}\0{password}")
        step.expect(server.docmd("AUTH", f"PLAIN {credentials}"))
    elif "LOGIN" in methods:
        step.expect(server.docmd("AUTH", "LOGIN"), GO_ON)
        step.expect(server.docmd(_base64(user_name)), GO_ON)
        step.expect(server.docmd(_base64(password)))
    else:
        text = _("The mail server offers no sign-in with user name and password.")
        raise step.fail(text, NO_SIGN_IN)


def with_token(server: smtplib.SMTP, step: Step, login: str, token: str) -> None:
    """XOAUTH2. A server may explain a refusal first (334); it says 535 after an empty line."""
    if "XOAUTH2" not in _methods(server):
        text = _("The mail server offers no sign-in with OAuth 2.0 (XOAUTH2).")
        raise step.fail(text, NO_SIGN_IN)
    response = _base64(f"user={login}\x01auth=Bearer {token}\x01\x01")
    answer = server.docmd("AUTH", f"XOAUTH2 {response}")
    if answer[0] in GO_ON:
        answer = server.docmd("")
    step.expect(answer)


def token_refused(error: DeliveryError) -> bool:
    """Whether another token might be taken."""
    return error.code == REFUSED and error.outcome is Outcome.ACCOUNT


def explained(error: DeliveryError, login: str, *, of_requester: bool) -> DeliveryError:
    """A refused token, with what to do about it.

    Where only the requester's mailbox is closed to the app, it is like a missing Send As: the
    account's other letters are not concerned.
    """
    switched_off = "SmtpClientAuthentication" in error.text
    advice = error.advice if switched_off else Sentence(TOKEN_REFUSED.advice, login=login)
    verdict = replace(TOKEN_REFUSED, advice=advice)
    if of_requester and SWITCHED_OFF_FOR_ALL not in error.text:
        verdict = replace(verdict, outcome=Outcome.REFUSED, kind=ReplyKind.SEND_AS_DENIED)
    return DeliveryError(
        stage=error.stage,
        verdict=verdict,
        text=error.text,
        code=error.code,
        enhanced=error.enhanced,
    )


def no_token(step: Step, error: OAuthError) -> DeliveryError:
    """Without a token nothing is tried; it may come by itself, or a person must look."""
    outcome = Outcome.RETRY if error.passing else Outcome.ACCOUNT
    verdict = Verdict(outcome=outcome, kind=ReplyKind.SIGN_IN, advice=error.advice)
    return step.fail(error.text, verdict)


def _methods(server: smtplib.SMTP) -> list[str]:
    return server.esmtp_features.get("auth", "").upper().split()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
