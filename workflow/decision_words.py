"""Whether a text begins as a decision does, in the languages answers are read in.

It decides nothing: whoever wrote it is told that he has not decided. So a word too many does no
harm, and one too few leaves somebody waiting.
"""

import re
from typing import Final

LINES_READ: Final = 3  # a greeting, perhaps an empty line, and then the point
READ: Final = 300  # characters
CLAUSE: Final = re.compile(r"[\n,.;:!?()\-\N{EN DASH}\N{EM DASH}]+")
APOSTROPHE: Final = "\N{RIGHT SINGLE QUOTATION MARK}"
OPENINGS: Final = (
    *("approved", "approve", "i approve", "i hereby approve", "approval granted", "agreed"),
    *("agree", "i agree", "accepted", "accept", "ok", "okay", "yes", "no", "go ahead", "granted"),
    *("fine", "rejected", "reject", "i reject", "denied", "declined", "refused", "not approved"),
    *("i do not approve", "i don't approve", "not agreed", "disapproved", "confirmed"),
    *("akkoord", "goedgekeurd", "ik keur", "hierbij keur", "keur", "mee eens", "ja", "nee"),
    *("prima", "goed", "ik ga akkoord", "ga akkoord", "toegestaan", "in orde", "doe maar"),
    *("afgekeurd", "afgewezen", "geweigerd", "niet akkoord", "ik ben akkoord", "ben akkoord"),
    *("genehmigt", "einverstanden", "ich genehmige", "abgelehnt", "nein", "freigegeben"),
    *("approuvé", "d'accord", "j'approuve", "refusé", "oui", "non", "validé", "rejeté"),
)


def reads_like_a_decision(text: str) -> bool:
    """Whether a clause of its first lines starts with such a word."""
    lines = [line for line in text[:READ].splitlines() if line.strip()][:LINES_READ]
    plain = "\n".join(lines).casefold().replace(APOSTROPHE, "'")
    return any(_starts(clause.strip()) for clause in CLAUSE.split(plain))


def _starts(clause: str) -> bool:
    return any(clause == word or clause.startswith(f"{word} ") for word in OPENINGS)
