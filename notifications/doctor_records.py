"""What the DNS says of the domains that stand in From: looked up while the doctor does the rest."""

import re
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from notifications.dmarc import Dmarc, dmarc_of
from notifications.dns_records import Lookups, NameServer, NotLookedUp
from notifications.doctor_network import Budget, begun
from notifications.mail_providers import PROVIDERS, MailProvider
from notifications.spf import Named, Spf, spf_of

SECONDS: Final = 8.0
MOST_DOMAINS: Final = 8
NOT_ON_THE_INTERNET: Final = re.compile(
    r"(^|\.)(local|localhost|test|invalid|example|example\.(com|net|org))$|^[^.]*$"
)
DKIM_RECORD: Final = "v=dkim1"


class Published(StrEnum):
    """Whether the keys that mail is signed with can be found."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_KNOWN_WHERE = "not_known_where"  # the server's selectors are not known


@dataclass(frozen=True, kw_only=True)
class Domain:
    """One that stands in From, and that of the envelope, which SPF is about."""

    shown: str
    envelope: str

    @property
    def is_public(self) -> bool:
        return is_public(self.shown)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is published for it."""

    domain: Domain
    spf: Spf = Spf.UNKNOWN
    dkim: Published = Published.UNKNOWN
    dmarc: Dmarc | None = None
    dmarc_known: bool = False
    exists: bool = True  # as far as the name service that was asked knows


@dataclass(frozen=True, kw_only=True)
class Server:
    """The mail server, as far as the DNS may name it."""

    name: str
    addresses: tuple[str, ...] = ()

    @property
    def provider(self) -> MailProvider | None:
        return PROVIDERS.get(self.name)

    @property
    def named(self) -> Named:
        if self.provider is not None:
            return Named(include=self.provider.include)
        return Named(host=self.name, addresses=self.addresses)


class Records:
    """Looked up in the background, each domain for itself."""

    def __init__(
        self, domains: Sequence[Domain], server: Server, asked: NameServer | None, seconds: float
    ) -> None:
        look_up = partial(_looked_up, server=server, asked=asked, seconds=min(SECONDS, seconds))
        public = [domain for domain in domains if domain.is_public][:MOST_DOMAINS]
        self._begun = [(domain, begun(partial(look_up, domain))) for domain in public]
        self._left_out = [domain for domain in domains if domain not in public]

    def found(self, budget: Budget) -> list[Found]:
        """Nobody waits longer than the budget allows."""
        known = [_awaited(domain, future, budget) for domain, future in self._begun]
        return known + [Found(domain=domain) for domain in self._left_out]


def is_public(domain: str) -> bool:
    """Not of a company network, and no example."""
    return not NOT_ON_THE_INTERNET.search(domain)


def _awaited(domain: Domain, future: Future[Found], budget: Budget) -> Found:
    try:
        return future.result(timeout=budget.left(SECONDS))
    except TimeoutError:
        return Found(domain=domain)


def _looked_up(domain: Domain, server: Server, asked: NameServer | None, seconds: float) -> Found:
    lookups = Lookups(asked, seconds)
    if not _exists(domain.shown, lookups):
        return Found(domain=domain, exists=False)
    dmarc, known = _dmarc(domain.shown, lookups)
    return Found(
        domain=domain,
        dmarc=dmarc,
        dmarc_known=known,
        dkim=_dkim(domain.shown, server.provider, lookups),
        spf=_spf(domain.envelope, server, lookups),
    )


def _exists(domain: str, lookups: Lookups) -> bool:
    try:
        return lookups.knows(domain)
    except NotLookedUp:
        return True


def _spf(domain: str, server: Server, lookups: Lookups) -> Spf:
    return spf_of(domain, server.named, lookups) if is_public(domain) else Spf.UNKNOWN


def _dmarc(domain: str, lookups: Lookups) -> tuple[Dmarc | None, bool]:
    try:
        return dmarc_of(domain, lookups), True
    except NotLookedUp:
        return None, False


def _dkim(domain: str, provider: MailProvider | None, lookups: Lookups) -> Published:
    if provider is None or not provider.selectors:
        return Published.NOT_KNOWN_WHERE
    names = [f"{selector}._domainkey.{domain}" for selector in provider.selectors]
    try:
        if not provider.aliases:
            return Published.YES if any(_has_key(name, lookups) for name in names) else Published.NO
        there = [bool(lookups.alias(name)) or _has_key(name, lookups) for name in names]
    except NotLookedUp:
        return Published.UNKNOWN
    if all(there):
        return Published.YES
    return Published.PARTLY if any(there) else Published.NO


def _has_key(name: str, lookups: Lookups) -> bool:
    texts = ("".join(text.lower().split()) for text in lookups.texts(name))
    return any(text.startswith(DKIM_RECORD) or "p=" in text for text in texts)
