"""Whether the SPF record of a domain lets a mail server send for it, as RFC 7208 reads it."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from notifications.dns_records import Lookups, NotLookedUp

MOST_LOOKUPS: Final = 10  # whoever needs more has a record that receivers take for wrong
MOST_TERMS: Final = 200
VERSION: Final = re.compile(r"v=spf1( |$)", re.IGNORECASE)
TERM: Final = re.compile(r"([+~?-]?)([a-z][a-z0-9._-]*)(?:[:=]([^/]*))?(?:/(.*))?", re.IGNORECASE)
NETWORK: Final = frozenset({"ip4", "ip6"})
MACRO: Final = "%"


class Spf(StrEnum):
    """What the record says of the server."""

    NAMED = "named"
    NOT_NAMED = "not_named"
    EVERYBODY = "everybody"  # it lets anybody send
    ABSENT = "absent"
    SEVERAL = "several"  # more than one record, which is as bad as none
    TOO_LONG = "too_long"  # more look-ups than receivers make
    BROKEN = "broken"  # it includes a domain that has no record, or several
    UNPLACED = "unplaced"  # it names others, but from where the server's mail leaves is not known
    UNKNOWN = "unknown"  # not all of it could be looked up


@dataclass(frozen=True, kw_only=True)
class Named:
    """How a record may name the server."""

    include: str = ""  # of its provider; empty: somebody's own server
    host: str = ""
    addresses: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        return bool(self.include) or bool(public(self.addresses))


@dataclass(frozen=True, kw_only=True)
class _Term:
    allows: bool
    name: str
    value: str
    suffix: str

    @property
    def network(self) -> str:
        return f"{self.value}/{self.suffix}" if self.suffix else self.value


class _Decided(Exception):
    """Nothing further has to be looked at."""

    def __init__(self, verdict: Spf) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def spf_of(domain: str, server: Named, lookups: Lookups) -> Spf:
    """The verdict of a receiver who walks the record in its order."""
    walk = _Walk(server, lookups)
    try:
        walk.through(domain)
    except _Decided as decided:
        return decided.verdict
    if walk.missed_something:
        return Spf.UNKNOWN
    return Spf.NOT_NAMED if server.is_public else Spf.UNPLACED


class _Walk:
    def __init__(self, server: Named, lookups: Lookups) -> None:
        self._server = server
        self._lookups = lookups
        self._count = 0
        self.missed_something = False

    def through(self, domain: str, *, included: bool = False) -> None:
        """
        Raises:
            _Decided
        """
        try:
            records = [text for text in self._lookups.texts(domain) if VERSION.match(text)]
        except NotLookedUp:
            self.missed_something = True
            return
        if len(records) != 1:
            alone = Spf.SEVERAL if records else Spf.ABSENT
            raise _Decided(Spf.BROKEN if included else alone)
        redirect = ""
        for term in _terms(records[0]):
            if term.name == "all":
                if term.allows:
                    raise _Decided(Spf.EVERYBODY)
                return
            if term.name == "redirect":
                redirect = term.value
            else:
                self._at(term, domain)
        if redirect:
            self._into(redirect)

    def _at(self, term: _Term, domain: str) -> None:
        match term.name:
            case "include":
                self._into(term.value, allows=term.allows)
            case "ip4" | "ip6":
                self._decide(allows=term.allows, named=self._is_in(term.network))
            case "a" | "mx":
                self._count_one()
                if not self._server.include:
                    named = self._is_at(term.name, term.value or domain)
                    self._decide(allows=term.allows, named=named)
            case "exists" | "ptr":
                self._count_one()
                self.missed_something = True

    def _into(self, domain: str, *, allows: bool = True) -> None:
        self._count_one()
        if MACRO in domain:
            self.missed_something = True
            return
        its_provider = domain.rstrip(".").lower() == self._server.include
        self._decide(allows=allows, named=its_provider)
        if not its_provider and allows:
            self.through(domain, included=True)

    def _count_one(self) -> None:
        self._count += 1
        if self._count > MOST_LOOKUPS:
            raise _Decided(Spf.TOO_LONG)

    def _decide(self, *, allows: bool, named: bool) -> None:
        if named:
            raise _Decided(Spf.NAMED if allows else Spf.NOT_NAMED)

    def _is_in(self, network: str) -> bool:
        try:
            there = ipaddress.ip_network(network, strict=False)
            addresses = [ipaddress.ip_address(one) for one in self._server.addresses]
        except ValueError:
            return False
        return any(one in there for one in addresses)

    def _is_at(self, kind: str, name: str) -> bool:
        if MACRO in name:
            self.missed_something = True
            return False
        try:
            if kind == "mx":
                return self._server.host in self._lookups.mail_hosts(name)
            found = self._lookups.addresses(name)
        except NotLookedUp:
            self.missed_something = True
            return False
        return bool(set(found) & set(self._server.addresses))


def public(addresses: Iterable[str]) -> list[str]:
    return [address for address in addresses if _is_global(address)]


def _is_global(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False


def _terms(record: str) -> Iterator[_Term]:
    for word in record.split()[1:MOST_TERMS]:
        if found := TERM.fullmatch(word):
            qualifier, name, value, suffix = found.groups()
            yield _Term(
                allows=qualifier in {"", "+"},
                name=name.lower(),
                value=value or "",
                suffix=suffix or "",
            )
