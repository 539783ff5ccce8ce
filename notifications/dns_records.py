"""Asking the DNS in bounded time. Only here it is asked; what it answers was written by others."""

import time
from dataclasses import dataclass
from typing import Any, Final

import dns.exception
import dns.name
import dns.resolver
from dns.rdatatype import RdataType

QUERY_SECONDS: Final = 3.0
TRY_SECONDS: Final = 1.5
MOST_QUERIES: Final = 40
MOST_ANSWERS: Final = 50
RECORD_LIMIT: Final = 4_000  # characters; who publishes more is not read further


@dataclass(frozen=True, kw_only=True)
class NameServer:
    """Who is asked instead of the name service of this machine."""

    host: str  # an IP address
    port: int = 53


class NotLookedUp(Exception):
    """Nobody knows what the DNS would have said."""


class Lookups:
    """Questions that share a time; once the name service is silent, nobody waits for it again."""

    def __init__(self, server: NameServer | None, seconds: float) -> None:
        self._server = server
        self._until = time.monotonic() + seconds
        self._asked = 0
        self._silent = False
        self._strange: set[str] = set()

    def knows(self, name: str) -> bool:
        """Whether there is such a name at all.

        Raises:
            NotLookedUp
        """
        self._records(name, RdataType.TXT)
        return name not in self._strange

    def texts(self, name: str) -> list[str]:
        """Its TXT records; none where the name does not exist.

        Raises:
            NotLookedUp
        """
        found = (b"".join(record.strings) for record in self._records(name, RdataType.TXT))
        return [text[:RECORD_LIMIT].decode("ascii", errors="replace") for text in found]

    def alias(self, name: str) -> str:
        """
        Raises:
            NotLookedUp
        """
        targets = [str(record.target) for record in self._records(name, RdataType.CNAME)]
        return _comparable(targets[0]) if targets else ""

    def mail_hosts(self, name: str) -> list[str]:
        """
        Raises:
            NotLookedUp
        """
        return [_comparable(str(one.exchange)) for one in self._records(name, RdataType.MX)]

    def addresses(self, name: str) -> list[str]:
        """
        Raises:
            NotLookedUp
        """
        both = (self._records(name, kind) for kind in (RdataType.A, RdataType.AAAA))
        return [record.address for records in both for record in records]

    def _records(self, name: str, kind: RdataType) -> list[Any]:
        seconds = min(QUERY_SECONDS, self._until - time.monotonic())
        self._asked += 1
        if self._silent or seconds <= 0 or self._asked > MOST_QUERIES:
            raise NotLookedUp
        try:
            answer = self._resolver().resolve(
                dns.name.from_text(name),
                kind,
                lifetime=seconds,
                search=False,
                raise_on_no_answer=False,
            )
        except dns.resolver.NXDOMAIN:
            self._strange.add(name)
            return []
        except dns.resolver.LifetimeTimeout:
            self._silent = True
            raise NotLookedUp from None
        except (dns.exception.DNSException, OSError, ValueError):
            raise NotLookedUp from None
        return list(answer.rrset or ())[:MOST_ANSWERS]

    def _resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=self._server is None)
        if self._server is not None:
            resolver.nameservers = [self._server.host]
            resolver.port = self._server.port
        resolver.timeout = TRY_SECONDS
        return resolver


def _comparable(name: str) -> str:
    return name.rstrip(".").lower()
