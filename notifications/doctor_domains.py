"""The rungs about what domains publish: SPF and DKIM, each with the record that is missing."""

from collections.abc import Iterable, Mapping
from typing import Final

from notifications.doctor_proof import dmarc_rung
from notifications.doctor_records import Domain, Found, Published, Server
from notifications.doctor_rungs import Check, Grade, Rung
from notifications.doctor_words import quoted
from notifications.mail_providers import PROVIDERS, MailProvider
from notifications.sayings import sentence as _
from notifications.spf import Spf, public
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it

ADD_TERM: Final = N_(
    "Add {term} to the TXT record of {domain} that begins with v=spf1, before its last word."
)
SPF_SAYS: Final[Mapping[Spf, tuple[Grade, str, str]]] = {
    Spf.NAMED: (Grade.OK, N_("The SPF record of {domain} names {provider}."), ""),
    Spf.NOT_NAMED: (
        Grade.WARNING,
        N_("The SPF record of {domain} does not include {provider}."),
        ADD_TERM,
    ),
    Spf.EVERYBODY: (
        Grade.WARNING,
        N_("The SPF record of {domain} lets anybody send in its name."),
        N_("Let it name who sends for {domain}, such as {term}, and end with -all, not +all."),
    ),
    Spf.ABSENT: (
        Grade.WARNING,
        N_("{domain} has no SPF record: receivers cannot see that {provider} may send for it."),
        N_("Publish as TXT record of {domain}: v=spf1 {term} -all (and name who else sends)."),
    ),
    Spf.SEVERAL: (
        Grade.WARNING,
        N_("{domain} has more than one SPF record, so receivers use none of them."),
        N_("Keep one TXT record that begins with v=spf1, with the words of all of them."),
    ),
    Spf.TOO_LONG: (
        Grade.WARNING,
        N_("The SPF record of {domain} needs more than ten look-ups: receivers take it for wrong."),
        N_("Take out of it what no longer sends for {domain}; {term} has to come early."),
    ),
    Spf.BROKEN: (
        Grade.WARNING,
        N_("The SPF record of {domain} includes a domain without a right one of its own."),
        N_("Take that include out: receivers take the whole record for wrong because of it."),
    ),
    Spf.UNPLACED: (
        Grade.SKIPPED,
        N_("From which public address the mail of {server} leaves is not known here."),
        "",
    ),
    Spf.UNKNOWN: (Grade.SKIPPED, N_("The SPF record of {domain} could not be looked up."), ""),
}
DKIM_SAYS: Final[Mapping[Published, tuple[Grade, str]]] = {
    Published.YES: (
        Grade.OK,
        N_("The keys that {provider} signs mail of {domain} with are published."),
    ),
    Published.PARTLY: (Grade.WARNING, N_("Only one of the DKIM records {names} is published.")),
    Published.NO: (
        Grade.WARNING,
        N_("{provider} does not sign mail in the name of {domain}: {names} is not published."),
    ),
    Published.UNKNOWN: (Grade.SKIPPED, N_("The DKIM keys of {domain} could not be looked up.")),
    Published.NOT_KNOWN_WHERE: (
        Grade.SKIPPED,
        N_(
            "Which DKIM key {server} signs with is not known here: a letter that arrived names it "
            "in DKIM-Signature, which has to say d={domain}."
        ),
    ),
}
SIGN_AT_MICROSOFT: Final = N_(
    "In Exchange Online: New-DkimSigningConfig -DomainName {literal} -Enabled $false; "
    "Get-DkimSigningConfig -Identity {literal} | Format-List Selector1CNAME, Selector2CNAME. "
    "Publish these two as CNAME records of {names}, then: "
    "Set-DkimSigningConfig -Identity {literal} -Enabled $true"
)
SIGN_AT_GOOGLE: Final = N_(
    "In the Google Admin console, Apps, Google Workspace, Gmail, Authenticate email: make a key "
    "for {domain}, publish it as TXT record of {names}, then start authentication."
)


def domain_rungs(found: Iterable[Found], server: Server) -> list[Rung]:
    """Every domain once; who shares an envelope shares its SPF."""
    each = [_of(one, server) for one in found]
    together = [rung for place in range(3) for rungs in each for rung in rungs[place : place + 1]]
    return list(dict.fromkeys(together))


def _nothing_to_look_up(found: Found) -> Rung | None:
    domain = found.domain.shown
    if not found.domain.is_public:
        sentence = _("{domain} is no domain of the Internet: nothing is looked up.", domain=domain)
        return Rung(check=Check.SPF, grade=Grade.SKIPPED, sentence=sentence)
    if found.exists:
        return None
    return Rung(
        check=Check.SPF,
        grade=Grade.SKIPPED,
        sentence=_("The name service asked here does not know {domain} at all.", domain=domain),
        fix=_("Ask one outside: countersign mail doctor --name-server 9.9.9.9"),
    )


def _kept_by_others(domain: Domain, server: Server) -> Rung | None:
    """At a provider of mailboxes for everybody, nobody of us can publish anything."""
    keeper = next((one for one in PROVIDERS.values() if one.keeps(domain.shown)), None)
    if keeper is None:
        return None
    who = {"domain": domain.shown, "provider": keeper.name, "server": server.name}
    if server.provider is not None and server.provider.keeps(domain.shown):
        told = _("{domain} belongs to {provider}, who keeps its records.", **who)
        return Rung(check=Check.SPF, grade=Grade.OK, sentence=told)
    return Rung(
        check=Check.SPF,
        grade=Grade.WARNING,
        sentence=_(
            "{domain} belongs to {provider}: receivers do not believe {server} for it.", **who
        ),
        fix=_("Use addresses of a domain of your own, or the mail server of {provider}.", **who),
    )


def _of(found: Found, server: Server) -> list[Rung]:
    alone = _kept_by_others(found.domain, server) or _nothing_to_look_up(found)
    if alone is not None:
        return [alone]
    return [
        _spf(found, server),
        _dkim(found.domain.shown, found.dkim, server),
        dmarc_rung(found, server),
    ]


# SPF ----------------------------------------------------------------------------------------------


def _spf(found: Found, server: Server) -> Rung:
    grade, said, fix = SPF_SAYS[found.spf]
    provider = server.provider
    who = {
        "domain": found.domain.envelope,
        "server": server.name,
        "provider": provider.name if provider else server.name,
        "term": _term(server),
    }
    return Rung(
        check=Check.SPF,
        grade=grade,
        sentence=_(said, **who),
        fix=_(fix, **who) if fix else "",
    )


def _term(server: Server) -> str:
    """What a record has to say."""
    if server.provider is not None:
        return f"include:{server.provider.include}"
    terms = (f"{'ip6' if ':' in one else 'ip4'}:{one}" for one in public(server.addresses))
    return " ".join(terms) or "ip4:…"


# DKIM ---------------------------------------------------------------------------------------------


def _dkim(domain: str, published: Published, server: Server) -> Rung:
    provider = server.provider
    names = [f"{one}._domainkey.{domain}" for one in (provider.selectors if provider else ())]
    who = {
        "domain": domain,
        "server": server.name,
        "provider": provider.name if provider else server.name,
        "names": ", ".join(names),
    }
    grade, said = DKIM_SAYS[published]
    fix = ""
    if provider and published in {Published.NO, Published.PARTLY}:
        fix = _(_how_to_sign(provider), **who, literal=quoted(domain))
    return Rung(check=Check.DKIM, grade=grade, sentence=_(said, **who), fix=fix)


def _how_to_sign(provider: MailProvider) -> str:
    return SIGN_AT_MICROSOFT if provider.aliases else SIGN_AT_GOOGLE
