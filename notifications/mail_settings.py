"""How each setting of the mail setup is read from what a person types, or refused with a reason."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from notifications.addresses import clean_name, domain_of, normalised, valid_address

HIGHEST_PORT: Final = 65535
HOST_NAME: Final = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?", re.ASCII)
CONTROL_CHARACTER: Final = re.compile(r"[\x00-\x1f\x7f]")
YES: Final = frozenset({"yes", "true", "on", "1"})
NO: Final = frozenset({"no", "false", "off", "0"})

Choice = TypeVar("Choice", bound=StrEnum)


class SetupError(Exception):
    """The mail setup does not allow what was asked; the message is fit to show."""


class WrongSetting(SetupError):
    """One setting cannot have this value."""

    def __init__(self, key: str, value: str, reason: str) -> None:
        shown = f" = {value!r}" if key != "password" else ""  # a password is never shown
        super().__init__(f"{key}{shown}: {reason}")
        self.key = key
        self.value = value if key != "password" else ""
        self.reason = reason


class Authentication(StrEnum):
    """How the account signs in at the mail server."""

    ANONYMOUS = "anonymous"  # no sign-in: a relay that trusts this machine
    BASIC = "basic"  # user name and password


class Envelope(StrEnum):
    """To which address the mail server reports a mail that could not be delivered."""

    ACCOUNT = "account"  # User Name: it may always be used, and somebody reads that mailbox
    FROM = "from"  # the address in From, as Business Central does


class SubstitutionMode(StrEnum):
    """Which right the mail server gives the account on other addresses."""

    SEND_AS = "send_as"  # the reader sees only the other address
    SEND_ON_BEHALF = "send_on_behalf"  # the reader sees "account on behalf of address"


def read_authentication(key: str, text: str) -> Authentication:
    word = text.strip().lower()
    if word in {"oauth2", "ntlm"}:
        raise WrongSetting(
            key, text, "this version signs in with a password or not at all: basic or anonymous"
        )
    return _choice(Authentication, key, text)


def _choice(kind: type[Choice], key: str, text: str) -> Choice:
    try:
        return kind(text.strip().lower())
    except ValueError:
        raise WrongSetting(key, text, f"must be {' or '.join(kind)}") from None


def _server(key: str, text: str) -> str:
    host = text.strip()
    if host and not _is_ip_address(host) and not HOST_NAME.fullmatch(host):
        raise WrongSetting(key, text, "must be the name of a server, without https:// or a port")
    return host.lower()


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _port(key: str, text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits[:6]) <= HIGHEST_PORT):
        raise WrongSetting(key, text, f"must be a whole number from 1 to {HIGHEST_PORT}")
    return int(digits)


def _yes_or_no(key: str, text: str) -> bool:
    word = text.strip().lower()
    if word not in YES | NO:
        raise WrongSetting(key, text, "must be yes or no")
    return word in YES


def _user_name(key: str, text: str) -> str:
    return _without_controls(key, text.strip())


def _without_controls(key: str, text: str) -> str:
    if CONTROL_CHARACTER.search(text):
        raise WrongSetting(key, text, "must not contain line breaks or control characters")
    return text


def _send_as(key: str, text: str) -> str:
    if text.strip() and not valid_address(text):
        raise WrongSetting(key, text, "must be one email address")
    return normalised(text)


def _sender_name(key: str, text: str) -> str:
    name = clean_name(text)
    if text.strip() and not name:
        raise WrongSetting(key, text, "contains nothing that can be read")
    return name


def _domains(key: str, text: str) -> tuple[str, ...]:
    words = re.split(r"[\s,;]+", text.strip())
    return tuple(dict.fromkeys(_domain(key, word) for word in words if word))


def _domain(key: str, word: str) -> str:
    domain = domain_of(f"anyone@{word.removeprefix('@')}")
    if not domain:
        raise WrongSetting(key, word, "must be a domain such as contoso.com")
    return domain


def _envelope(key: str, text: str) -> Envelope:
    return _choice(Envelope, key, text)


def _substitution_mode(key: str, text: str) -> SubstitutionMode:
    return _choice(SubstitutionMode, key, text)


READERS: Final[Mapping[str, Callable[[str, str], object]]] = {
    "server": _server,
    "port": _port,
    "user_name": _user_name,
    "password": _without_controls,
    "secure": _yes_or_no,
    "send_as": _send_as,
    "allow_sender_substitution": _yes_or_no,
    "sender_name": _sender_name,
    "allowed_domains": _domains,
    "envelope": _envelope,
    "substitution_mode": _substitution_mode,
    "ca_file": _user_name,
}
