"""The mail setup: one account that signs in at the mail server, and whose addresses it may use."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from notifications.addresses import normalised, valid_address
from notifications.mail_settings import (
    READERS,
    Authentication,
    Envelope,
    SetupError,
    SubstitutionMode,
    WrongSetting,
    read_authentication,
)

__all__ = [
    "DESCRIPTIONS",
    "Authentication",
    "Envelope",
    "MailNotSetUp",
    "MailSetup",
    "SetupError",
    "SubstitutionMode",
    "WrongSetting",
    "changed",
    "office365",
]

OFFICE_365_SERVER: Final = "smtp.office365.com"
OFFICE_365_PORT: Final = 587
UNCHANGED_PASSWORD: Final = "***"  # noqa: S105 - what forms show in place of the password


SUBSTITUTION_STAYS_ON: Final = (
    "Allow Sender Substitution stays on: the account now needs Send As on the mailbox of every "
    "requester. Switch it off with allow_sender_substitution=no."
)
OFFICE_365_NEEDS_SIGN_IN: Final = (
    "smtp.office365.com accepts no mail without sign-in: choose authentication=basic."
)
BASIC_SIGN_IN_ENDS: Final = (
    "Exchange Online switches basic sign-in off by default at the end of December 2026."
)
USER_NAME_MISSING: Final = "User Name is empty: the account cannot sign in."
SIGN_IN_NEEDS_TLS: Final = (
    "The connection is not secure: a password is never sent over it, so signing in will fail. "
    "Choose secure=yes."
)
DOCUMENTS_HAVE_NO_SENDER: Final = (
    "User Name is not an email address: fill Send As, otherwise documents have no sender."
)


class MailNotSetUp(SetupError):
    """No mail server is filled in: mail waits, nothing is connected."""

    def __init__(self) -> None:
        super().__init__(
            "Mail is not set up: no mail server is filled in. "
            "Mail waits until one is: countersign mail setup server=…"
        )


@dataclass(frozen=True, kw_only=True)
class MailSetup:
    server: str = ""  # empty: mail is not set up
    port: int = 25
    authentication: Authentication = Authentication.ANONYMOUS
    user_name: str = ""
    password: str = field(default="", repr=False)
    secure: bool = False
    send_as: str = ""
    allow_sender_substitution: bool = False
    sender_name: str = ""
    allowed_domains: tuple[str, ...] = ()  # empty: the domains of User Name and Send As
    envelope: Envelope = Envelope.ACCOUNT
    substitution_mode: SubstitutionMode = SubstitutionMode.SEND_AS
    ca_file: str = ""

    @property
    def account(self) -> str:
        """User Name when it is an address, else empty: a login such as `erp` is none."""
        return normalised(self.user_name) if valid_address(self.user_name) else ""

    @property
    def has_password(self) -> bool:
        return bool(self.password)


DESCRIPTIONS: Final[Mapping[str, str]] = {
    "server": "Name of the mail server, for example smtp.office365.com. Empty: mail waits.",
    "port": "Port of the mail server: 587 with STARTTLS, 465 with TLS from the start, 25 a relay.",
    "authentication": "anonymous (no sign-in) or basic (user name and password).",
    "user_name": "The account that signs in at the mail server.",
    "password": "Password of that account; with two-factor sign-in it must be an app password.",
    "secure": "yes: nothing is sent unless TLS works and the server's certificate is right.",
    "send_as": "Address that replaces User Name as sender of all mail, for example noreply@….",
    "allow_sender_substitution": "yes: workflow mail carries the requester's address as sender.",
    "sender_name": "Name shown with Send As or User Name, for example Contoso Approvals.",
    "allowed_domains": "Domains requesters may send from; empty: those of User Name and Send As.",
    "envelope": "Who hears of undeliverable mail: account (User Name) or from (the sender shown).",
    "substitution_mode": "Right the account has on other addresses: send_as or send_on_behalf.",
    "ca_file": "File with further certificate authorities to trust, for a company's own server.",
}


def office365(setup: MailSetup) -> MailSetup:
    """Apply Office 365 Server Settings: four values, everything else stays."""
    return replace(
        setup,
        server=OFFICE_365_SERVER,
        port=OFFICE_365_PORT,
        authentication=Authentication.BASIC,
        secure=True,
    )


def changed(setup: MailSetup, changes: Mapping[str, str]) -> tuple[MailSetup, list[str]]:
    """The setup with *changes* (as typed), and what the person should know about the result.

    Authentication is changed first, so that it and User Name can be given together in any order.
    """
    _refuse_unknown(changes)
    after = setup
    if "authentication" in changes:
        after = _with_authentication(after, changes["authentication"])
    for key in DESCRIPTIONS:
        if key in changes and key != "authentication":
            after = _with_value(after, key, changes[key])
    return after, _warnings(setup, after)


def _refuse_unknown(changes: Mapping[str, str]) -> None:
    for key, value in changes.items():
        if key not in DESCRIPTIONS:
            shown = "" if "secret" in key else value
            raise WrongSetting(key, shown, f"no such setting; there are {', '.join(DESCRIPTIONS)}")


def _with_authentication(setup: MailSetup, text: str) -> MailSetup:
    chosen = read_authentication("authentication", text)
    if chosen is Authentication.ANONYMOUS:
        # A relay without sign-in checks no grants, and there is no account to fall back on.
        return replace(
            setup,
            authentication=chosen,
            user_name="",
            password="",
            allow_sender_substitution=True,
        )
    return replace(setup, authentication=chosen)


def _with_value(setup: MailSetup, key: str, text: str) -> MailSetup:
    if key == "password" and text == UNCHANGED_PASSWORD:
        return setup
    value = READERS[key](key, text)
    needs_sign_in = key in {"user_name", "password"}
    if needs_sign_in and value and setup.authentication is Authentication.ANONYMOUS:
        raise WrongSetting(key, text, "Authentication must be basic to sign in with a user name")
    settings: dict[str, Any] = {key: value}
    return replace(setup, **settings)


def _warnings(before: MailSetup, after: MailSetup) -> list[str]:
    at_office_365 = after.server == OFFICE_365_SERVER
    signs_in = after.authentication is Authentication.BASIC
    started_to_sign_in = signs_in and before.authentication is Authentication.ANONYMOUS
    in_clear = not after.secure and not _is_this_machine(after.server)
    no_sender = after.user_name and not after.account and not after.send_as
    rules = (
        (started_to_sign_in and after.allow_sender_substitution, SUBSTITUTION_STAYS_ON),
        (at_office_365 and not signs_in, OFFICE_365_NEEDS_SIGN_IN),
        (at_office_365 and signs_in, BASIC_SIGN_IN_ENDS),
        (signs_in and not after.user_name, USER_NAME_MISSING),
        (signs_in and in_clear, SIGN_IN_NEEDS_TLS),
        (no_sender, DOCUMENTS_HAVE_NO_SENDER),
    )
    return [sentence for applies, sentence in rules if applies]


def _is_this_machine(server: str) -> bool:
    try:
        return ipaddress.ip_address(server).is_loopback
    except ValueError:
        return server in {"", "localhost"}
