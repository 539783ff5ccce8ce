"""Asking the mail server for a report when a letter cannot be delivered (RFC 3461)."""

import re
from typing import Final

ENVELOPE_ID_LIMIT: Final = 100
NOT_IN_XTEXT: Final = re.compile(r"[^!-*,-<>-~]")
FOR_RECIPIENT: Final = ["NOTIFY=FAILURE,DELAY"]  # nobody needs to hear of what went well


def for_letter(message_id: str) -> list[str]:
    """The headers come back and not the whole letter; with our own name for it where that fits."""
    envelope_id = as_xtext(message_id.strip("<>"))
    fits = len(envelope_id) <= ENVELOPE_ID_LIMIT
    return ["RET=HDRS", f"ENVID={envelope_id}"] if fits else ["RET=HDRS"]


def as_xtext(text: str) -> str:
    """How a value with any characters is written in a command: ``=`` is ``+3D``."""
    return NOT_IN_XTEXT.sub(_coded, text)


def _coded(found: re.Match[str]) -> str:
    return "".join(f"+{byte:02X}" for byte in found.group().encode())
