"""Changing the mail setup key by key, with what each change brings about elsewhere in it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from notifications.mail_settings import SECRETS, OAuthFlow, SignInAs, WrongSetting
from notifications.mail_setup import Authentication, MailSetup
from notifications.sayings import sentence as _
from notifications.setting_descriptions import DESCRIPTIONS
from notifications.setting_readers import READERS, read_authentication
from notifications.setup_warnings import warnings

UNCHANGED_SECRET: Final = "***"  # noqa: S105 - what forms show in place of a secret
FIRST: Final = ("authentication", "oauth_flow", "server", "authority")  # others depend on these


def changed(setup: MailSetup, changes: Mapping[str, str]) -> tuple[MailSetup, list[str]]:
    """The setup with *changes* (as typed), and what the person should know about the result.

    Keys may be given together in any order.

    Raises:
        WrongSetting
    """
    _refuse_unknown(changes)
    after = setup
    for key in (*FIRST, *(key for key in DESCRIPTIONS if key not in FIRST)):
        if key in changes:
            after = _with(after, key, changes[key])
    return after, warnings(setup, after)


def with_authentication(setup: MailSetup, chosen: Authentication) -> MailSetup:
    """Another way to sign in forgets the secrets of the one before."""
    if chosen is setup.authentication:
        return setup
    return replace(
        setup,
        authentication=chosen,
        password="",
        client_secret="",
        sign_in_as=SignInAs.ACCOUNT,
    )


def with_server(setup: MailSetup, server: str) -> MailSetup:
    """A password is for the server it was given for: no other one gets to see it."""
    its_own = setup.server in {"", server}
    return replace(setup, server=server, password=setup.password if its_own else "")


def with_authority(setup: MailSetup, authority: str) -> MailSetup:
    """The same holds for the app's secret and where tokens come from."""
    secret = setup.client_secret if authority == setup.authority else ""
    return replace(setup, authority=authority, client_secret=secret)


def with_flow(setup: MailSetup, chosen: OAuthFlow) -> MailSetup:
    """Where a person signs in, the app needs no secret and has no other mailboxes."""
    if chosen is OAuthFlow.CLIENT_CREDENTIALS:
        return replace(setup, oauth_flow=chosen)
    return replace(setup, oauth_flow=chosen, client_secret="", sign_in_as=SignInAs.ACCOUNT)


def _refuse_unknown(changes: Mapping[str, str]) -> None:
    for key, value in changes.items():
        if key not in DESCRIPTIONS:
            known = ", ".join(DESCRIPTIONS)
            raise WrongSetting(key, value, f"no such setting; there are {known}")


def _with(setup: MailSetup, key: str, text: str) -> MailSetup:
    if key == "authentication":
        return _chosen(setup, read_authentication(key, text))
    if key in SECRETS and text == UNCHANGED_SECRET:
        return setup
    value = READERS[key](key, text)
    if reason := _obstacle(setup, key, value):
        raise WrongSetting(key, text, reason)
    match key, value:
        case _, OAuthFlow():
            return with_flow(setup, value)
        case "server", str():
            return with_server(setup, value)
        case "authority", str():
            return with_authority(setup, value)
        case _:
            settings: dict[str, Any] = {key: value}
            return replace(setup, **settings)


def _chosen(setup: MailSetup, chosen: Authentication) -> MailSetup:
    after = with_authentication(setup, chosen)
    if chosen is not Authentication.ANONYMOUS:
        return after
    # A relay without sign-in checks no grants, and there is no account to fall back on.
    return replace(after, user_name="", allow_sender_substitution=True)


def _obstacle(setup: MailSetup, key: str, value: object) -> str:
    """Why the setup cannot have this value; empty when it can."""
    basic = setup.authentication is Authentication.BASIC
    match key, value:
        case "user_name", str(name) if name and not setup.signs_in:
            return _("Authentication must be basic or oauth2 to sign in with a user name")
        case "password", str(password) if password and not basic:
            return _("Authentication must be basic to sign in with a password")
        case "client_secret", str(secret) if secret and not setup.app_signs_in:
            return _("Authentication must be oauth2 with oauth_flow client_credentials")
        case "sign_in_as", SignInAs.REQUESTER if not setup.app_signs_in:
            return _("Authentication must be oauth2 with oauth_flow client_credentials")
        case _:
            return ""
