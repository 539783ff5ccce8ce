"""What each field of the approval user setup is called and is for; Dutch stands in the catalogue.

The captions are Business Central's (page 663).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from notifications.translations import translations_for


@dataclass(frozen=True)
class Words:
    caption: str
    about: str


USER_WORDS: Final[Mapping[str, Words]] = {
    "user_id": Words(
        N_("User ID"), N_("The name this person signs in with, and that others are linked to.")
    ),
    "full_name": Words(N_("Full Name"), N_("The name that pages and mail show.")),
    "email": Words(
        N_("E-Mail"),
        N_("Where this person's mail goes, and the sender's address of what he asks for."),
    ),
    "phone": Words(N_("Phone No."), N_("Digits and signs; no letters.")),
    "salesperson_purchaser_code": Words(
        N_("Salesperson/Purchaser Code"),
        N_("Links documents with this code to the person; a code belongs to one person."),
    ),
    "approver": Words(
        N_("Approver ID"), N_("Who approves this person's documents: the next in the chain.")
    ),
    "substitute": Words(
        N_("Substitute"), N_("Who is asked instead when a request is delegated; with dates: then.")
    ),
    "substitute_from": Words(
        N_("Substitute From"), N_("First day the substitute stands in; empty: always.")
    ),
    "substitute_to": Words(
        N_("Substitute To"), N_("Last day the substitute stands in; empty: no end.")
    ),
    "sales_limit": Words(
        N_("Sales Amount Approval Limit"),
        N_("The largest sales document this person may approve, in local currency; 0: none."),
    ),
    "unlimited_sales": Words(
        N_("Unlimited Sales Approval"), N_("May approve sales documents of any amount.")
    ),
    "purchase_limit": Words(
        N_("Purchase Amount Approval Limit"),
        N_("The largest purchase document this person may approve, in local currency; 0: none."),
    ),
    "unlimited_purchase": Words(
        N_("Unlimited Purchase Approval"), N_("May approve purchase documents of any amount.")
    ),
    "request_limit": Words(
        N_("Request Amount Approval Limit"),
        N_("The largest purchase quote this person may approve, in local currency; 0: none."),
    ),
    "unlimited_request": Words(
        N_("Unlimited Request Approval"), N_("May approve purchase quotes of any amount.")
    ),
    "administrator": Words(
        N_("Approval Administrator"),
        N_("Changes this setup, and decides or delegates where an approver cannot."),
    ),
    "language": Words(N_("Language"), N_("Of pages and mail: en or nl; empty: the company's.")),
    "time_zone": Words(N_("Time Zone"), N_("For example Europe/Amsterdam; empty: the company's.")),
}


def described_fields(language: str) -> dict[str, str]:
    """Every field with what it is for, in that language."""
    words = translations_for(language)
    return {name: words.gettext(one.about) for name, one in USER_WORDS.items()}
