"""What something looked like when a page showed it, so that nobody changes what he did not see."""

import hashlib

from workflow.errors import Conflict


def fingerprint(*things: object) -> str:
    """Of frozen dataclasses and plain values: equal ones have equal fingerprints."""
    text = "\x1f".join(map(repr, things))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def check_unchanged(seen: str, what: str, *things: object) -> None:
    """
    Raises:
        Conflict
    """
    if seen != fingerprint(*things):
        raise Conflict(what)
