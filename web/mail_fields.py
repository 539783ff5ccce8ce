"""The mail setup as a form: its fields by subject, and what was typed read back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from notifications.mail_settings import SECRETS
from notifications.mail_setup import (
    Authentication,
    Envelope,
    MailSetup,
    OAuthFlow,
    SignInAs,
    SubstitutionMode,
)
from notifications.sayings import said
from notifications.setting_descriptions import described
from notifications.setup_changes import changed
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from notifications.translations import translations_for
from web.fields import FieldView
from web.typed_settings import Typed, typed

CAPTIONS: Final[Mapping[str, str]] = {  # those of Business Central where it has the field
    "server": N_("SMTP Server"),
    "port": N_("SMTP Server Port"),
    "authentication": N_("Authentication"),
    "user_name": N_("User Name"),
    "password": N_("Password"),
    "secure": N_("Secure Connection"),
    "send_as": N_("Send As"),
    "allow_sender_substitution": N_("Allow Sender Substitution"),
    "sender_name": N_("Sender Name"),
    "allowed_domains": N_("Allowed Domains"),
    "envelope": N_("Undeliverable Mail Is Reported To"),
    "substitution_mode": N_("Right on Other Addresses"),
    "ca_file": N_("File of Certificate Authorities"),
    "rate_per_minute": N_("Rate Limit per Minute"),
    "connections": N_("Connections at a Time"),
    "oauth_flow": N_("Who Signs In"),
    "tenant_id": N_("Directory (Tenant) ID"),
    "client_id": N_("Application (Client) ID"),
    "client_secret": N_("Client Secret"),
    "sign_in_as": N_("Sign In To"),
    "authority": N_("Where Tokens Come From"),
}
CHOICES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "authentication": (
        (Authentication.ANONYMOUS, N_("Anonymous")),
        (Authentication.BASIC, N_("Basic")),
        (Authentication.OAUTH2, N_("OAuth 2.0")),
    ),
    "envelope": (
        (Envelope.ACCOUNT, N_("User Name")),
        (Envelope.FROM, N_("The sender shown")),
    ),
    "substitution_mode": (
        (SubstitutionMode.SEND_AS, N_("Send As")),
        (SubstitutionMode.SEND_ON_BEHALF, N_("Send on Behalf")),
    ),
    "oauth_flow": (
        (OAuthFlow.CLIENT_CREDENTIALS, N_("The application itself")),
        (OAuthFlow.DEVICE_CODE, N_("A person, once in a browser")),
    ),
    "sign_in_as": (
        (SignInAs.ACCOUNT, N_("The mailbox of the account")),
        (SignInAs.REQUESTER, N_("The mailbox of the requester")),
    ),
}
SWITCHES: Final = frozenset({"secure", "allow_sender_substitution"})
COPIED: Final = frozenset({"user_name"})  # into the Send As field of other mailboxes
GROUPS: Final = (
    (N_("General"), ("server", "port", "secure", "authentication", "user_name", "password")),
    (
        N_("Sender"),
        (
            "send_as",
            "allow_sender_substitution",
            "sender_name",
            "allowed_domains",
            "substitution_mode",
            "envelope",
        ),
    ),
    (
        N_("OAuth 2.0"),
        ("tenant_id", "client_id", "client_secret", "oauth_flow", "sign_in_as", "authority"),
    ),
    (N_("Limits and certificates"), ("rate_per_minute", "connections", "ca_file")),
)


@dataclass(frozen=True, kw_only=True)
class FieldGroup:
    caption: str
    fields: list[FieldView]


def field_groups(  # noqa: PLR0913 - what was typed, and what may be
    setup: MailSetup,
    language: str,
    *,
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    readonly: bool = False,
    keeps_secrets: bool = False,
) -> list[FieldGroup]:
    """Every setting once; of a secret only whether there is one."""
    words = translations_for(language)
    descriptions = described(language)
    known = shown(setup) | {key: text for key, text in (given or {}).items() if key in CAPTIONS}
    return [
        FieldGroup(
            caption=words.gettext(caption),
            fields=[
                replace(
                    field_view(key, language, value="" if key in SECRETS else known[key]),
                    description=descriptions[key],
                    error=said((wrong or {}).get(key, ""), language),
                    note=secret_note(setup, key, language),
                    readonly=readonly or (keeps_secrets and key in SECRETS),
                )
                for key in keys
            ],
        )
        for caption, keys in GROUPS
    ]


def field_view(key: str, language: str, *, value: str) -> FieldView:
    words = translations_for(language)
    return FieldView(
        name=key,
        caption=words.gettext(CAPTIONS[key]),
        value=value,
        kind=_kind(key),
        choices=[(one, words.gettext(caption)) for one, caption in CHOICES.get(key, ())],
        copies=key in COPIED,
    )


def shown(setup: MailSetup) -> dict[str, str]:
    """Every setting as one would type it; secrets are left out of what is shown."""
    return {key: "" if key in SECRETS else as_typed(getattr(setup, key)) for key in CAPTIONS}


def read(setup: MailSetup, fields: Mapping[str, str]) -> Typed[tuple[MailSetup, list[str]]]:
    """The setup as typed, and what the person should know about it."""
    return typed(shown(setup), fields, lambda changes: changed(setup, changes))


def _kind(key: str) -> str:
    if key in SECRETS:
        return "secret"
    if key in CHOICES:
        return "select"
    return "checkbox" if key in SWITCHES else "text"


def as_typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)


def secret_note(setup: object, key: str, language: str) -> str:
    words = translations_for(language)
    if key not in SECRETS:
        return ""
    if getattr(setup, key):
        return words.gettext("Set. It is never shown; leave this empty to keep it.")
    return words.gettext("Not set.")
