"""Where webhooks may go: to servers on the public internet, by https, and nowhere inside.

A name is resolved once, and the connection goes to an address that was looked at here: a name
that means something else a moment later leads nowhere else.
"""

import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from workflow.errors import WorkflowError
from workflow.phrases import phrase as _

PORTS: Final = {"https": 443, "http": 80}
LONGEST_URL: Final = 2_000
GLOBAL_UNICAST: Final = ip_network("2000::/3")
# Global by their numbers, but another way to somewhere else.
NEVER: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this machine, to some systems
            "168.63.129.16/32",  # what virtual machines of Azure ask
            "192.0.0.0/24",  # some clouds keep secrets there
            "192.88.99.0/24",  # relays from IPv6
            "2001::/23",
            "2002::/16",  # an IPv4 address within
            "3fff::/20",
        ),
    )
)
Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


class WrongUrl(WorkflowError):
    code = "WEBHOOK_URL"
    template = "{!r} is no address for webhooks: {}."
    advice = "For example https://flows.example.com/countersign."


class TargetRefused(WorkflowError):
    """An address on the inside must not be reached from here."""

    code = "WEBHOOK_TARGET"
    template = "Webhooks do not go to {}: {}."
    advice = (
        "Only public addresses and port 443 are used. Whoever runs Countersign may allow others:"
        " COUNTERSIGN_WEBHOOK_TARGETS=host:port,…"
    )


@dataclass(frozen=True, kw_only=True)
class Target:
    """A server, and the path there."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def host_header(self) -> str:
        standard = PORTS["https" if self.secure else "http"]
        return self.name.rpartition(":")[0] if self.port == standard else self.name


def target_of(url: str, allowed: Collection[str] = ()) -> Target:
    """What the url says; *allowed* are the ``host:port`` that whoever runs this lets in.

    Raises:
        WrongUrl, TargetRefused
    """
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise WrongUrl(url[:LONGEST_URL], _("it has characters that no address has"))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise WrongUrl(url, _("it cannot be read")) from None
    if parts.scheme not in PORTS or not host:
        raise WrongUrl(url, _("it does not begin with https:// and a name"))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise WrongUrl(url, _("it has a user, a password or a fragment"))
    if "%" in host or "\\" in url:
        raise WrongUrl(url, _("it cannot be read in one way only"))
    secure = parts.scheme == "https"
    query = f"?{parts.query}" if parts.query else ""
    target = Target(
        secure=secure,
        host=host,
        port=PORTS[parts.scheme] if port is None else port,
        path=f"{parts.path or '/'}{query}",
    )
    if target.name not in allowed:
        if not secure:
            raise TargetRefused(target.name, _("it is not https"))
        if target.port != PORTS["https"]:
            raise TargetRefused(target.name, _("port {port} is not used", port=target.port))
    return target


def host_of(url: str) -> str:
    """What may be shown of an address: its path and query may hold a secret."""
    return urlsplit(url).hostname or ""


def address_of(
    target: Target, allowed: Collection[str] = (), resolve: Resolve | None = None
) -> str:
    """The address to connect to; every one of the name has to be good.

    Raises:
        TargetRefused
        OSError: the name is not known.
    """
    addresses = [_read(target, text) for text in (resolve or resolved)(target.host, target.port)]
    if not addresses:
        raise OSError(f"{target.host} has no address")
    inside = target.name in allowed
    for address in addresses:
        if not (is_allowed_inside(address) if inside else is_public(address)):
            raise TargetRefused(
                target.name, _("{address} is not a public address", address=address)
            )
        if not target.secure and not address.is_loopback:
            raise TargetRefused(target.name, _("without https only this machine is reached"))
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Whether it is somebody's on the internet, and means itself."""
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False  # among others what stands for an IPv4 address
    if any(address in network for network in NEVER):
        return False
    return address.is_global and not address.is_multicast


def is_allowed_inside(address: Address) -> bool:
    """Where machines of a cloud keep their secrets is never allowed."""
    return not (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address.is_reserved
        or (isinstance(address, IPv6Address) and address.ipv4_mapped is not None)
        or any(address in network for network in NEVER)
    )


def resolved(host: str, port: int) -> list[str]:
    """
    Raises:
        OSError
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _read(target: Target, text: str) -> Address:
    try:
        address = ip_address(text)
    except ValueError:
        raise TargetRefused(target.name, _("{text} is not an address", text=text)) from None
    if isinstance(address, IPv6Address) and address.scope_id:
        raise TargetRefused(target.name, _("{text} is not a public address", text=text))
    return address
