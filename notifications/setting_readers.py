"""How each setting of the mail setup is read from what a person types, or refused with a reason."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Final, TypeVar

from notifications.addresses import clean_name, domain_of, normalised, valid_address
from notifications.mail_settings import (
    Authentication,
    Envelope,
    OAuthFlow,
    SignInAs,
    SubstitutionMode,
    WrongSetting,
)
from notifications.oauth_settings import HOST_NAME, authority, client, tenant
from notifications.sayings import sentence as _

HIGHEST_PORT: Final = 65535
MOST_A_MINUTE: Final = 10_000
MOST_CONNECTIONS: Final = 100
CONTROL_CHARACTER: Final = re.compile(r"[\x00-\x1f\x7f]")
YES: Final = frozenset({"yes", "true", "on", "1"})
NO: Final = frozenset({"no", "false", "off", "0"})
UNLIMITED: Final = frozenset({"", "unlimited", "none"})
NTLM_IS_NOT_OFFERED: Final = _(
    "NTLM is not offered: it proves a password with ciphers that are broken, Microsoft is retiring "
    "it, and Exchange Online never had it. Choose basic over TLS, or anonymous with a relay that "
    "trusts this machine"
)

Choice = TypeVar("Choice", bound=StrEnum)


def read_authentication(key: str, text: str) -> Authentication:
    if text.strip().lower() == "ntlm":
        raise WrongSetting(key, text, NTLM_IS_NOT_OFFERED)
    return _choice(Authentication, key, text)


def _choice(kind: type[Choice], key: str, text: str) -> Choice:
    try:
        return kind(text.strip().lower())
    except ValueError:
        raise WrongSetting(key, text, _("must be {choices}", choices=" or ".join(kind))) from None


def _server(key: str, text: str) -> str:
    host = text.strip()
    if host and not _is_ip_address(host) and not HOST_NAME.fullmatch(host):
        raise WrongSetting(key, text, _("must be the name of a server, without https:// or a port"))
    return host.lower()


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _port(key: str, text: str) -> int:
    return _whole_number(key, text, HIGHEST_PORT)


def _whole_number(key: str, text: str, highest: int) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits[:6]) <= highest):
        raise WrongSetting(
            key, text, _("must be a whole number from 1 to {highest}", highest=highest)
        )
    return int(digits)


def _limit(highest: int, key: str, text: str) -> int | None:
    """None means unlimited."""
    return None if text.strip().lower() in UNLIMITED else _whole_number(key, text, highest)


def _yes_or_no(key: str, text: str) -> bool:
    word = text.strip().lower()
    if word not in YES | NO:
        raise WrongSetting(key, text, _("must be yes or no"))
    return word in YES


def _trimmed(key: str, text: str) -> str:
    return _without_controls(key, text.strip())


def _without_controls(key: str, text: str) -> str:
    if CONTROL_CHARACTER.search(text):
        raise WrongSetting(key, text, _("must not contain line breaks or control characters"))
    return text


def _send_as(key: str, text: str) -> str:
    if text.strip() and not valid_address(text):
        raise WrongSetting(key, text, _("must be one email address"))
    return normalised(text)


def _sender_name(key: str, text: str) -> str:
    name = clean_name(text)
    if text.strip() and not name:
        raise WrongSetting(key, text, _("contains nothing that can be read"))
    return name


def _domains(key: str, text: str) -> tuple[str, ...]:
    words = re.split(r"[\s,;]+", text.strip())
    return tuple(dict.fromkeys(_domain(key, word) for word in words if word))


def _domain(key: str, word: str) -> str:
    domain = domain_of(f"anyone@{word.removeprefix('@')}")
    if not domain:
        raise WrongSetting(key, word, _("must be a domain such as contoso.com"))
    return domain


READERS: Final[Mapping[str, Callable[[str, str], object]]] = {
    "server": _server,
    "port": _port,
    "authentication": read_authentication,
    "user_name": _trimmed,
    "password": _without_controls,
    "secure": _yes_or_no,
    "send_as": _send_as,
    "allow_sender_substitution": _yes_or_no,
    "sender_name": _sender_name,
    "allowed_domains": _domains,
    "envelope": partial(_choice, Envelope),
    "substitution_mode": partial(_choice, SubstitutionMode),
    "ca_file": _trimmed,
    "rate_per_minute": partial(_limit, MOST_A_MINUTE),
    "connections": partial(_limit, MOST_CONNECTIONS),
    "oauth_flow": partial(_choice, OAuthFlow),
    "tenant_id": tenant,
    "client_id": client,
    "client_secret": _without_controls,
    "sign_in_as": partial(_choice, SignInAs),
    "authority": authority,
}
