"""The server settings of well-known mail providers, Office 365 first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from notifications.mail_setup import Authentication, MailSetup, OAuthFlow
from notifications.setup_changes import with_authentication, with_flow, with_server
from notifications.setup_warnings import TENANTS_OF_NOBODY
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it


class Provider(StrEnum):
    """Where the mail account is."""

    OFFICE_365 = "office365"
    OUTLOOK_COM = "outlook"
    GMAIL = "gmail"
    YAHOO = "yahoo"
    OTHER = "other"  # any other server: its settings are typed in


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What a provider's server needs; the account and the sender are left as they are."""

    name: str
    server: str = ""
    port: int = 587
    authentication: Authentication = Authentication.BASIC  # what is proposed
    oauth_flow: OAuthFlow = OAuthFlow.CLIENT_CREDENTIALS
    tenant_id: str = ""  # where every account of the provider has the same
    rate_per_minute: int | None = None
    connections: int | None = None
    hint: str = ""


PRESETS: Final[Mapping[Provider, Preset]] = {
    Provider.OFFICE_365: Preset(
        name="Office 365",
        server="smtp.office365.com",
        authentication=Authentication.OAUTH2,
        rate_per_minute=30,  # more are delayed there, and more connections refused
        connections=3,
        hint=N_(
            "OAuth 2.0 is proposed: Exchange Online switches sign-in with a password off by "
            "default at the end of December 2026. Until then basic works with an app password."
        ),
    ),
    Provider.OUTLOOK_COM: Preset(
        name="Outlook.com",
        server="smtp-mail.outlook.com",
        authentication=Authentication.OAUTH2,
        oauth_flow=OAuthFlow.DEVICE_CODE,
        tenant_id="consumers",
        hint=N_("Outlook.com accepts no passwords from programs: sign in once in a browser."),
    ),
    Provider.GMAIL: Preset(
        name="Gmail",
        server="smtp.gmail.com",
        hint=N_("Gmail wants an app password: switch on 2-step verification, then make one."),
    ),
    Provider.YAHOO: Preset(
        name="Yahoo",
        server="smtp.mail.yahoo.com",
        port=465,
        hint=N_("Yahoo wants an app password: make one under Account security."),
    ),
    Provider.OTHER: Preset(
        name=N_("Another mail server"),
        hint=N_(
            "Ask whoever runs the server. With two-factor sign-in the password must be an app "
            "password."
        ),
    ),
}


def office365(
    setup: MailSetup, authentication: Authentication = Authentication.OAUTH2
) -> MailSetup:
    """Apply Office 365 Server Settings: User Name, Send As and who may be sender stay.

    The password of another server does not, though Business Central keeps it.
    """
    return with_preset(setup, Provider.OFFICE_365, authentication)


def with_preset(
    setup: MailSetup, provider: Provider, authentication: Authentication | None = None
) -> MailSetup:
    """The setup with the provider's server; secrets stay only where they were given for it."""
    preset = PRESETS[provider]
    after = with_authentication(setup, authentication or preset.authentication)
    if preset.tenant_id:
        after = with_flow(replace(after, tenant_id=preset.tenant_id), preset.oauth_flow)
    elif after.tenant_id in TENANTS_OF_NOBODY:
        after = replace(after, tenant_id="")
    return replace(
        with_server(after, preset.server),
        port=preset.port,
        secure=True,
        rate_per_minute=preset.rate_per_minute,
        connections=preset.connections,
    )


def recognised(setup: MailSetup) -> Provider:
    """The provider whose server, port and security the setup has."""
    for provider, preset in PRESETS.items():
        if (setup.server, setup.port, setup.secure) == (preset.server, preset.port, True):
            return provider
    return Provider.OTHER
