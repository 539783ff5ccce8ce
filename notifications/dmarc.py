"""What a domain asks of those who receive mail in its name (DMARC, RFC 7489)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from notifications.dns_records import Lookups

VERSION: Final = re.compile(r"v\s*=\s*DMARC1\s*(;|$)", re.IGNORECASE)
MOST_PARENTS: Final = 3
STRICT: Final = "s"


class Policy(StrEnum):
    """What happens to mail whose From is not proved."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, kw_only=True)
class Dmarc:
    domain: str  # where the record is: the domain itself, or one above it
    policy: Policy | None  # None: the record names none that receivers know
    strict_spf: bool = False
    strict_dkim: bool = False

    @property
    def acts(self) -> bool:
        return self.policy in {Policy.QUARANTINE, Policy.REJECT}


def dmarc_of(domain: str, lookups: Lookups) -> Dmarc | None:
    """None where there is no record, or several.

    Raises:
        NotLookedUp
    """
    for place in _places(domain):
        records = [text for text in lookups.texts(f"_dmarc.{place}") if VERSION.match(text)]
        if len(records) == 1:
            return _read(records[0], place, inherited=place != domain)
    return None


def aligned(one: str, other: str, *, strict: bool = False) -> bool:
    """DMARC is content with a subdomain, unless the domain says otherwise."""
    if strict:
        return one == other
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _places(domain: str) -> list[str]:
    """The domain and those above it, but no top-level domain."""
    labels = domain.split(".")
    return [".".join(labels[above:]) for above in range(max(1, len(labels) - 1))][:MOST_PARENTS]


def _read(record: str, place: str, *, inherited: bool) -> Dmarc:
    pairs = (part.partition("=") for part in record.split(";"))
    tags = {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
    policy = (tags.get("sp") if inherited else None) or tags.get("p", "")
    return Dmarc(
        domain=place,
        policy=Policy(policy) if policy in set(Policy) else None,
        strict_spf=tags.get("aspf") == STRICT,
        strict_dkim=tags.get("adkim") == STRICT,
    )
