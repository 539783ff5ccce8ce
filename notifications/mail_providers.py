"""What the providers of mail servers want in the DNS of a domain that sends through them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from notifications.setup_warnings import OFFICE_365


@dataclass(frozen=True, kw_only=True)
class MailProvider:
    name: str
    include: str  # in the SPF record of a customer's domain
    selectors: tuple[str, ...]  # of DKIM, as far as they are always the same
    aliases: bool  # whether the selectors are CNAME records, else they are TXT records
    own_domains: frozenset[str]  # whose records the provider keeps himself

    def keeps(self, domain: str) -> bool:
        return any(domain == own or domain.endswith(f".{own}") for own in self.own_domains)


MICROSOFT_365: Final = MailProvider(
    name="Microsoft 365",
    include="spf.protection.outlook.com",
    selectors=("selector1", "selector2"),
    aliases=True,
    own_domains=frozenset({"onmicrosoft.com"}),
)
OUTLOOK_COM: Final = MailProvider(
    name="Outlook.com",
    include="spf.protection.outlook.com",
    selectors=(),
    aliases=False,
    own_domains=frozenset({"outlook.com", "hotmail.com", "live.com", "msn.com"}),
)
GOOGLE: Final = MailProvider(
    name="Google",
    include="_spf.google.com",
    selectors=("google",),
    aliases=False,
    own_domains=frozenset({"gmail.com", "googlemail.com"}),
)
YAHOO: Final = MailProvider(
    name="Yahoo",
    include="_spf.mail.yahoo.com",
    selectors=(),
    aliases=False,
    own_domains=frozenset({"yahoo.com", "ymail.com"}),
)
PROVIDERS: Final[Mapping[str, MailProvider]] = {
    OFFICE_365: MICROSOFT_365,
    "smtp-mail.outlook.com": OUTLOOK_COM,
    "smtp.gmail.com": GOOGLE,
    "smtp-relay.gmail.com": GOOGLE,
    "smtp.mail.yahoo.com": YAHOO,
}
