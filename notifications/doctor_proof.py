"""The rung that says what receivers do with our mail: DMARC, and whether SPF or DKIM proves it."""

from typing import Final

from notifications.dmarc import Dmarc, Policy, aligned
from notifications.doctor_records import Found, Published, Server
from notifications.doctor_rungs import Check, Grade, Rung
from notifications.sayings import Paragraph
from notifications.sayings import sentence as _
from notifications.spf import Spf
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it

ASKS: Final = {
    Policy.NONE: N_("The DMARC record of {place} asks receivers for nothing (p=none)."),
    Policy.QUARANTINE: N_(
        "The DMARC record of {place} asks receivers to put unproved mail into the junk folder "
        "(p=quarantine)."
    ),
    Policy.REJECT: N_(
        "The DMARC record of {place} asks receivers to reject unproved mail (p=reject)."
    ),
}
SAYS_NO: Final = frozenset({Spf.NOT_NAMED, Spf.ABSENT, Spf.SEVERAL, Spf.TOO_LONG, Spf.BROKEN})
SAYS_YES: Final = frozenset({Spf.NAMED, Spf.EVERYBODY})


def dmarc_rung(found: Found, server: Server) -> Rung:
    domain = found.domain.shown
    if not found.dmarc_known:
        sentence = _("The DMARC record of {domain} could not be looked up.", domain=domain)
        return Rung(check=Check.DMARC, grade=Grade.SKIPPED, sentence=sentence)
    if found.dmarc is None:
        return Rung(
            check=Check.DMARC,
            grade=Grade.WARNING,
            sentence=_("{domain} has no DMARC record, or several.", domain=domain),
            fix=_(
                "Publish as TXT record of _dmarc.{domain}: "
                "v=DMARC1; p=none; rua=mailto:postmaster@{domain}",
                domain=domain,
            ),
        )
    if found.dmarc.policy is None:
        return Rung(
            check=Check.DMARC,
            grade=Grade.WARNING,
            sentence=_("The DMARC record of {place} names no policy.", place=found.dmarc.domain),
            fix=_("Put p=none, p=quarantine or p=reject behind v=DMARC1; in it."),
        )
    return _with_policy(found, found.dmarc, found.dmarc.policy, server)


def _with_policy(found: Found, dmarc: Dmarc, policy: Policy, server: Server) -> Rung:
    asks = _(ASKS[policy], place=dmarc.domain)
    if not dmarc.acts:
        return Rung(check=Check.DMARC, grade=Grade.OK, sentence=asks)
    who = {"domain": found.domain.shown, "server": server.name}
    by_spf, by_dkim = _proved_by_spf(found, dmarc), found.dkim is Published.YES
    if by_spf or by_dkim:
        proof = _("SPF proves ours.") if by_spf else _("A DKIM signature proves ours.")
        return Rung(check=Check.DMARC, grade=Grade.OK, sentence=Paragraph(asks, proof))
    if by_spf is False and found.dkim is Published.NO:
        proof = _("Neither SPF nor DKIM proves mail of {domain} from {server}.", **who)
        return Rung(
            check=Check.DMARC,
            grade=Grade.FAILED,
            sentence=Paragraph(asks, proof),
            fix=_fix(found, dmarc),
        )
    proof = _("Whether mail of {domain} from {server} is proved could not be seen here.", **who)
    return Rung(
        check=Check.DMARC,
        grade=Grade.WARNING,
        sentence=Paragraph(asks, proof),
        fix=_("A letter that arrived says it: countersign mail doctor --round-trip"),
    )


def _proved_by_spf(found: Found, dmarc: Dmarc) -> bool | None:
    """None: nobody knows."""
    domain = found.domain
    if not aligned(domain.shown, domain.envelope, strict=dmarc.strict_spf):
        return False
    if found.spf in SAYS_YES:
        return True
    return False if found.spf in SAYS_NO else None


def _fix(found: Found, dmarc: Dmarc) -> str:
    domain = found.domain
    if found.spf in SAYS_YES and not aligned(
        domain.shown, domain.envelope, strict=dmarc.strict_spf
    ):
        return _(
            "SPF proves only the envelope, which is in {envelope}: publish the DKIM keys of "
            "{domain}, or leave {domain} out of allowed_domains.",
            envelope=domain.envelope,
            domain=domain.shown,
        )
    return _("Publish what the rungs SPF and DKIM ask for; DKIM also survives forwarding.")
