"""What a token says about itself. Nobody has verified it: the mail server does that."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from notifications.mail_setup import MailSetup
from notifications.sayings import sentence as _
from notifications.setup_warnings import TENANTS_OF_NOBODY

AUDIENCES: Final = frozenset(
    {
        "https://outlook.office365.com",
        "https://outlook.office.com",
        "00000002-0000-0ff1-ce00-000000000000",  # Exchange Online by its number
    }
)
APP_ROLE: Final = "SMTP.SendAsApp"
PERSON_SCOPE: Final = "SMTP.Send"
PARTS: Final = 3


@dataclass(frozen=True, kw_only=True)
class TokenFacts:
    """As written in the token, unverified; the token itself is not kept."""

    tenant: str = ""
    audience: str = ""
    app: str = ""
    user: str = ""  # empty: the app itself
    roles: tuple[str, ...] = ()  # what the app may do
    scopes: tuple[str, ...] = ()  # what the app may do in a person's name
    expires_at: datetime | None = None


def inspected(token: str) -> TokenFacts | None:
    """None when the token cannot be read, which it need not be."""
    parts = token.split(".")
    if len(parts) != PARTS:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    return _facts(claims) if isinstance(claims, dict) else None


def _facts(claims: dict[str, Any]) -> TokenFacts:
    return TokenFacts(
        tenant=_text(claims, "tid"),
        audience=_text(claims, "aud"),
        app=_text(claims, "appid", "azp"),
        user=_text(claims, "upn", "unique_name", "preferred_username"),
        roles=_words(claims.get("roles")),
        scopes=_words(claims.get("scp")),
        expires_at=_moment(claims.get("exp")),
    )


def objections(facts: TokenFacts, setup: MailSetup, now: datetime) -> list[str]:
    """Why Exchange Online will not take this token, each with what to do."""
    rules = (
        (facts.expires_at is not None and facts.expires_at <= now, _("The token has expired.")),
        (
            facts.audience.rstrip("/") not in AUDIENCES,
            _(
                "The token is for {audience}, not for Exchange Online.",
                audience=facts.audience or _("nobody"),
            ),
        ),
        (
            setup.app_signs_in and APP_ROLE not in facts.roles,
            _(
                "The app has no permission {role}: add it under API permissions, Office 365 "
                "Exchange Online, application permissions, and give consent as administrator.",
                role=APP_ROLE,
            ),
        ),
        (
            not setup.app_signs_in and PERSON_SCOPE not in facts.scopes,
            _(
                "The token does not allow {scope}: add it to the app's delegated permissions, "
                "then sign in again: countersign mail sign-in.",
                scope=PERSON_SCOPE,
            ),
        ),
        (
            _other_tenant(facts, setup),
            _("The token is of another directory: {tenant}.", tenant=facts.tenant),
        ),
        (
            bool(facts.app) and facts.app.lower() != setup.client_id,
            _("The token is of another app: {app}.", app=facts.app),
        ),
    )
    return [sentence for applies, sentence in rules if applies]


def _other_tenant(facts: TokenFacts, setup: MailSetup) -> bool:
    """Only ids can be compared: a directory has any number of domains."""
    named_by_domain = "." in setup.tenant_id or setup.tenant_id in TENANTS_OF_NOBODY
    return bool(facts.tenant) and not named_by_domain and facts.tenant.lower() != setup.tenant_id


def _text(claims: dict[str, Any], *names: str) -> str:
    found = (claims[name] for name in names if isinstance(claims.get(name), str))
    return next(found, "")


def _words(value: object) -> tuple[str, ...]:
    """A list, or words with spaces between them."""
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(str(word) for word in value) if isinstance(value, list) else ()


def _moment(value: object) -> datetime | None:
    if not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
