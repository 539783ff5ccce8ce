"""What the server where a mail arrived found out about its sender (RFC 8601)."""

import re
from dataclasses import dataclass, field
from typing import Final

from notifications.oauth_settings import HOST_NAME
from notifications.received.mails import ReceivedMail

METHODS: Final = ("spf", "dkim", "dmarc")
RESULTS: Final = frozenset(
    {"pass", "fail", "softfail", "neutral", "none", "policy", "temperror", "permerror"}
)
METHOD: Final = re.compile(r"\s*([a-z]{3,5})\s*=\s*([a-z]{4,13})\b", re.IGNORECASE)
PROVED: Final = "pass"


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """Only the topmost one: those below may have come with the letter."""

    server: str = ""  # whose they are, if that is the name of a host
    results: dict[str, str] = field(default_factory=dict)  # such as spf: pass

    @property
    def prove_the_sender(self) -> bool:
        return self.results.get("dmarc") == PROVED


def verdicts_of(mail: ReceivedMail) -> Verdicts:
    first, *parts = _without_comments(mail.header("Authentication-Results")).split(";")
    server = next(iter(first.split()), "")
    results: dict[str, str] = {}
    for part in parts:
        found = METHOD.match(part)
        method, result = (found[1].lower(), found[2].lower()) if found else ("", "")
        if method in METHODS and result in RESULTS:
            # Of several signatures one that holds is enough.
            results[method] = PROVED if results.get(method) == PROVED else result
    return Verdicts(server=server.lower() if HOST_NAME.fullmatch(server) else "", results=results)


def _without_comments(text: str) -> str:
    """Comments may stand within comments, and anybody may write them."""
    depth = 0
    kept: list[str] = []
    for character in text:
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(character)
    return "".join(kept)
