"""A little name server on this machine that answers as it is told."""

import socket
import threading
from dataclasses import dataclass, field
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdata
import dns.rrset
from dns.rdataclass import IN

from notifications.dns_records import NameServer

HANG = "hang"
SERVFAIL = "servfail"
GARBAGE = "garbage"
STRING_LIMIT = 255


@dataclass
class DnsServer:
    """Who is not in the zone does not exist."""

    zone: dict[tuple[str, str], list[str] | str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    always: str = ""  # HANG, SERVFAIL or GARBAGE to every question

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join(timeout=5)
        self._socket.close()

    @property
    def address(self) -> NameServer:
        host, port = self._socket.getsockname()
        return NameServer(host=host, port=port)

    def text(self, name: str, *records: str) -> None:
        """TXT records, cut into strings as the DNS wants them."""
        self.zone[name, "TXT"] = [
            " ".join(_quoted(record[at : at + STRING_LIMIT]) for at in range(0, len(record), 255))
            for record in records
        ]

    def _serve(self) -> None:
        while True:
            question, asker = self._socket.recvfrom(4096)
            if not question:
                return
            answer = self._answer(dns.message.from_wire(question))
            if answer is not None:
                self._socket.sendto(answer, asker)

    def _answer(self, query: dns.message.Message) -> bytes | None:
        [question] = query.question
        name = str(question.name).rstrip(".").lower()
        kind = question.rdtype.name
        self.asked.append((name, kind))
        found = self.always or self.zone.get((name, kind), [])
        if found == HANG:
            return None
        if found == GARBAGE:
            return query.to_wire()[:2] + b"\xff" * 40
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if found == SERVFAIL:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found:
            answer.answer.append(
                dns.rrset.from_text(question.name, 60, IN, question.rdtype, *found)
            )
        elif name not in {known for known, _ in self.zone}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire(max_size=65_000)


def _quoted(text: str) -> str:
    """As zone files write it: whatever is no plain letter by its number."""
    return '"' + "".join(c if c.isalnum() else _numbered(c) for c in text) + '"'


def _numbered(character: str) -> str:
    return "".join(f"\\{byte:03d}" for byte in character.encode())
