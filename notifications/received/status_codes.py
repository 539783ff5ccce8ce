"""The three numbers with which mail servers say what happened: 5.1.1 is an unknown mailbox."""

import re
from typing import Final

NO_STATUS: Final = "5.0.0"  # it failed, and nothing more is said
STATUS: Final = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")


def status_in(text: str) -> str:
    """The first one named; empty when none is. An address such as 5.1.1.1 is none."""
    found = STATUS.search(text)
    return found.group() if found else ""
