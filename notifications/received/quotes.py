"""What somebody wrote himself in a mail, without what he quotes and how he signs.

A line is looked at once, with plain comparisons: patterns that try to match a whole quotation need
minutes for a hostile one.
"""

from collections.abc import Iterable, Sequence
from typing import Final

LINE_LIMIT: Final = 5_000  # a longer line is cut
MOST_LINES: Final = 5_000
ATTRIBUTION_LINES: Final = 4  # "On … wrote:" is often broken into several
HEADER_LINES: Final = 6  # within which Outlook names sender, date and subject

# By language: how an attribution begins, and the verb in it. nl, en, de, fr.
ATTRIBUTIONS: Final = (
    ("op ", ("schreef",)),
    ("on ", ("wrote",)),
    ("am ", ("schrieb",)),
    ("le ", ("a écrit", "a ecrit")),
)
FROM: Final = ("van:", "from:", "von:", "de:", "de :")
SENT: Final = ("verzonden:", "sent:", "date:", "gesendet:", "datum:", "envoyé:", "envoyé :")
SUBJECT: Final = ("onderwerp:", "subject:", "betreff:", "objet:", "objet :")
ORIGINAL: Final = (
    "oorspronkelijk bericht",
    "doorgestuurd bericht",
    "original message",
    "forwarded message",
    "ursprüngliche nachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message transféré",
)
SENT_FROM: Final = (
    "verzonden vanaf",
    "verzonden vanuit",
    "verstuurd vanaf",
    "sent from",
    "get outlook for",
    "outlook voor",
    "von meinem",
    "gesendet von",
    "envoyé de mon",
    "envoyé depuis",
)
SIGNATURE: Final = "--"
RULE: Final = "_____"


def new_words(text: str) -> str:
    """What stands above the quotation, and between its lines."""
    lines = [line[:LINE_LIMIT].strip() for line in text.splitlines()[:MOST_LINES]]
    end = next((at for at in range(len(lines)) if _ends_here(lines, at)), len(lines))
    own = [line for line in lines[:end] if not line.startswith(">")]
    return _without_gaps(line for line in own if not _is_added_by_the_device(line))


def _ends_here(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    return (
        line == SIGNATURE
        or _names_the_original(line)
        or _is_attribution(lines, at)
        or _is_header_block(lines, at)
    )


def _names_the_original(line: str) -> bool:
    return (
        line.startswith("--")
        and line.strip("- ").lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") in ORIGINAL
    )


def _is_attribution(lines: Sequence[str], at: int) -> bool:
    """``On 24 Nov 2026 at 09:12, Bob Ray <bob@example.com> wrote:``, on up to four lines."""
    start = lines[at].lower()
    for opening, verbs in ATTRIBUTIONS:
        if start.startswith(opening):
            sentence = _up_to_colon(lines, at).lower()
            dated = any(character.isdigit() for character in sentence)
            return dated and any(verb in sentence for verb in verbs)
    return False


def _up_to_colon(lines: Sequence[str], at: int) -> str:
    """The lines from there to one that ends with a colon; nothing when none does."""
    for end in range(at, min(at + ATTRIBUTION_LINES, len(lines))):
        if not lines[end]:
            return ""
        if lines[end].endswith(":"):
            return " ".join(lines[at : end + 1])
    return ""


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """``From: … Sent: … Subject: …`` as Outlook writes it, often below a drawn rule."""
    first = at + 1 if lines[at].startswith(RULE) and at + 1 < len(lines) else at
    block = [_bare(line) for line in lines[first : first + HEADER_LINES]]
    return (
        bool(block)
        and block[0].startswith(FROM)
        and any(line.startswith(SENT) for line in block)
        and any(line.startswith(SUBJECT) for line in block)
    )


def _bare(line: str) -> str:
    return line.strip("* \N{NO-BREAK SPACE}").replace("\N{NO-BREAK SPACE}", " ").lower()


def _is_added_by_the_device(line: str) -> bool:
    return line.lower().startswith(SENT_FROM)


def _without_gaps(lines: Iterable[str]) -> str:
    """At most one empty line between paragraphs, none at the ends."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
