"""The choices a mail setup offers, and how a setting is refused that it cannot have."""

from enum import StrEnum
from typing import Final

SECRETS: Final = frozenset({"password", "client_secret"})  # stored encrypted, never shown
LOOKS_SECRET: Final = ("secret", "password", "token")  # also in a key that does not exist


class SetupError(Exception):
    """The mail setup does not allow what was asked; the message is fit to show."""


class WrongSetting(SetupError):
    """One setting cannot have this value."""

    def __init__(self, key: str, value: str, reason: str) -> None:
        secret = any(word in key for word in LOOKS_SECRET)
        super().__init__(f"{key}: {reason}" if secret else f"{key} = {value!r}: {reason}")
        self.key = key
        self.value = "" if secret else value
        self.reason = reason


class Authentication(StrEnum):
    """How the account signs in at the mail server."""

    ANONYMOUS = "anonymous"  # no sign-in: a relay that trusts this machine
    BASIC = "basic"  # user name and password
    OAUTH2 = "oauth2"  # a token that Microsoft Entra gives out


class OAuthFlow(StrEnum):
    """Who is named in the token."""

    CLIENT_CREDENTIALS = "client_credentials"  # the program itself, with a client secret
    DEVICE_CODE = "device_code"  # a person who signed in once in a browser


class SignInAs(StrEnum):
    """Whose mailbox a letter is submitted from."""

    ACCOUNT = "account"  # User Name, which needs Send As on other addresses
    REQUESTER = "requester"  # the requester's own, which the app may use (SMTP.SendAsApp)


class Envelope(StrEnum):
    """To which address the mail server reports a mail that could not be delivered."""

    ACCOUNT = "account"  # User Name: it may always be used, and somebody reads that mailbox
    FROM = "from"  # the address in From, as Business Central does


class SubstitutionMode(StrEnum):
    """Which right the mail server gives the account on other addresses."""

    SEND_AS = "send_as"  # the reader sees only the other address
    SEND_ON_BEHALF = "send_on_behalf"  # the reader sees "account on behalf of address"
