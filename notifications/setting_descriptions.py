"""What each setting of the mail setup is for, in one sentence; Dutch stands in the catalogue."""

from collections.abc import Mapping
from typing import Final

from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from notifications.translations import translations_for

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "server": N_("Name of the mail server, for example smtp.office365.com. Empty: mail waits."),
    "port": N_(
        "Port of the mail server: 587 with STARTTLS, 465 with TLS from the start, 25 a relay."
    ),
    "authentication": N_(
        "anonymous (no sign-in), basic (user name and password) or oauth2 (Microsoft Entra)."
    ),
    "user_name": N_("The account that signs in at the mail server."),
    "password": N_("Password of that account; with two-factor sign-in it must be an app password."),
    "secure": N_("yes: nothing is sent unless TLS works and the server's certificate is right."),
    "send_as": N_("Address that replaces User Name as sender of all mail, for example noreply@…."),
    "allow_sender_substitution": N_(
        "yes: workflow mail carries the requester's address as sender."
    ),
    "sender_name": N_("Name shown with Send As or User Name, for example Contoso Approvals."),
    "allowed_domains": N_(
        "Domains requesters may send from; empty: those of User Name and Send As."
    ),
    "envelope": N_(
        "Who hears of undeliverable mail: account (User Name) or from (the sender shown)."
    ),
    "substitution_mode": N_("Right the account has on other addresses: send_as or send_on_behalf."),
    "ca_file": N_(
        "File with further certificate authorities to trust, for a company's own server."
    ),
    "rate_per_minute": N_("Most letters a minute, for example 30; empty: unlimited."),
    "connections": N_("Most connections at the same time, for example 3; empty: unlimited."),
    "oauth_flow": N_(
        "client_credentials (the app signs in itself) or device_code (a person signs in once)."
    ),
    "tenant_id": N_("Directory (tenant) ID of the app registration in Microsoft Entra."),
    "client_id": N_("Application (client) ID of the app registration in Microsoft Entra."),
    "client_secret": N_("Value of the app's client secret; only for client_credentials."),
    "sign_in_as": N_(
        "account, or requester: the app signs in to the requester's mailbox (SMTP.SendAsApp)."
    ),
    "authority": N_("Where tokens come from; only national clouds of Microsoft have another."),
}


def described(language: str) -> dict[str, str]:
    """Every setting with its description in that language."""
    words = translations_for(language)
    return {key: words.gettext(text) for key, text in DESCRIPTIONS.items()}
