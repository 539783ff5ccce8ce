"""Why Microsoft Entra gave no token, and what a person can do about it."""

import re
from collections.abc import Mapping
from typing import Any, Final

from notifications.delivery_errors import shown
from notifications.sayings import sentence as _

ENTRA_CODE: Final = re.compile(r"AADSTS\d+")
TRACE: Final = re.compile(r"\s*(Trace ID|Correlation ID|Timestamp):.*", re.DOTALL)
HIDDEN: Final = "***"

SIGN_IN_AGAIN: Final = _("Sign in once more in a browser: countersign mail sign-in.")
GIVE_THE_VALUE: Final = _(
    "Give the client secret's value, not its id: countersign mail setup client_secret=-"
)
ADVICE: Final[Mapping[str, str]] = {
    "AADSTS7000215": GIVE_THE_VALUE,
    "AADSTS7000222": _(
        "The client secret has expired: make a new one in Microsoft Entra, then "
        "countersign mail setup client_secret=-"
    ),
    "AADSTS700016": _("Check client_id: the directory does not know this application."),
    "AADSTS90002": _("Check tenant_id: there is no such directory."),
    "AADSTS900023": _("Check tenant_id: there is no such directory."),
    "AADSTS7000218": _(
        "The app does not allow public client flows: switch that on under Authentication of the "
        "app registration."
    ),
    "AADSTS65001": _("An administrator has to give consent to the app's permissions."),
    "AADSTS500011": _("An administrator has to give consent to the app's permissions."),
    "AADSTS50173": SIGN_IN_AGAIN,
    "AADSTS50076": SIGN_IN_AGAIN,
    "AADSTS700082": SIGN_IN_AGAIN,
    "AADSTS53003": _(
        "A Conditional Access policy forbids this sign-in: an administrator must look."
    ),
}
BY_ERROR: Final[Mapping[str, str]] = {
    "invalid_client": GIVE_THE_VALUE,
    "invalid_grant": SIGN_IN_AGAIN,
    "interaction_required": SIGN_IN_AGAIN,
    "expired_token": _("The code was not used in time: countersign mail sign-in gives a new one."),
    "authorization_pending": _(
        "The code was not used in time: countersign mail sign-in gives a new one."
    ),
    "authorization_declined": _("The sign-in was declined in the browser."),
    "access_denied": _("The sign-in was declined in the browser."),
}
PASSING: Final = frozenset({"temporarily_unavailable", "server_error", "AADSTS90033"})


class OAuthError(Exception):
    """There is no token; *passing* says whether it may be there later without anybody's help."""

    def __init__(self, text: str, *, advice: str = "", passing: bool = False) -> None:
        super().__init__(f"{text} {advice}".strip())
        self.text = text
        self.advice = advice
        self.next_step = ""  # the message says it
        self.passing = passing


class NotSignedIn(OAuthError):
    """Nobody has signed in for the account yet."""

    def __init__(self) -> None:
        super().__init__(_("Nobody has signed in for the mail account yet."), advice=SIGN_IN_AGAIN)


def refused(answer: Mapping[str, Any], secret: str) -> OAuthError:
    """The error in Entra's words, without what it adds for its own support."""
    error = str(answer.get("error", "no token"))
    words = TRACE.sub("", str(answer.get("error_description", "")))
    text = shown(f"Microsoft Entra gave no token: {error}. {words}")
    code = found.group() if (found := ENTRA_CODE.search(words)) else ""
    return OAuthError(
        without(secret, text),
        advice=ADVICE.get(code) or BY_ERROR.get(error, ""),
        passing=error in PASSING or code in PASSING,
    )


def unreachable(error: Exception, secret: str) -> OAuthError:
    text = shown(f"Microsoft Entra could not be asked for a token: {error}")
    return OAuthError(without(secret, text), passing=True)


def no_directory(setup_tenant: str) -> OAuthError:
    return OAuthError(
        f"There is no directory {setup_tenant!r} to sign in at.",
        advice=_("Check tenant_id and authority in the mail setup."),
    )


def without(secret: str, text: str) -> str:
    """A server may repeat what it was sent."""
    return text.replace(secret, HIDDEN) if secret else text
