"""What the mail doctor finds: one rung of the ladder after the other, each with what to do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from notifications.sayings import said
from notifications.sayings import sentence as _
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from notifications.translations import translations_for


class Grade(StrEnum):
    """How a rung held."""

    OK = "ok"
    WARNING = "warning"  # mail goes out, but not as one might expect
    FAILED = "failed"
    SKIPPED = "skipped"  # nothing was tried; the sentence says why


class Check(StrEnum):
    """What a rung is about, from the bottom up."""

    SETUP = "setup"
    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    EHLO = "ehlo"
    AUTH = "auth"
    SENDER = "sender"
    SEND_AS = "send_as"
    ALIGNMENT = "alignment"
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    ROUND_TRIP = "round_trip"


NAMES: Final = (  # of grades and checks as people read them
    N_("ok"),
    N_("warning"),
    N_("failed"),
    N_("skipped"),
    N_("setup"),
    N_("sender"),
    N_("send as"),
    N_("alignment"),
    N_("round trip"),
)
NETWORK = (Check.DNS, Check.TCP, Check.TLS, Check.EHLO, Check.AUTH)


@dataclass(frozen=True, kw_only=True)
class Rung:
    check: Check
    grade: Grade
    sentence: str
    fix: str = ""
    about: tuple[str, ...] = ()  # user ids; empty: all mail


def skipped_above(rungs: list[Rung]) -> list[Rung]:
    """The network rungs, of which those above a failed one were not climbed."""
    failed = next((rung for rung in rungs if rung.grade is Grade.FAILED), None)
    if failed is None:
        return rungs
    reason = _("Not tried, because {check} failed.", check=failed.check.value)
    seen = {rung.check: rung for rung in rungs[: rungs.index(failed) + 1]}
    return [
        seen.get(check) or Rung(check=check, grade=Grade.SKIPPED, sentence=reason)
        for check in NETWORK
    ]


def merged(rungs: list[Rung]) -> list[Rung]:
    """What holds alike for several people is said once."""
    together: dict[Rung, tuple[str, ...]] = {}
    for rung in rungs:
        alike = replace(rung, about=())
        together[alike] = together.get(alike, ()) + rung.about
    return [replace(rung, about=about) for rung, about in together.items()]


def in_language(rungs: Iterable[Rung], language: str) -> list[Rung]:
    """The same rungs in the words of their reader; commands and checks keep their names."""
    return [
        replace(rung, sentence=said(rung.sentence, language), fix=said(rung.fix, language))
        for rung in rungs
    ]


def named(one: Grade | Check, language: str) -> str:
    return translations_for(language).gettext(one.value.replace("_", " "))
