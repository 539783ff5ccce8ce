"""Vendors and customers: restrictions, credit limits, and where documents are emailed to."""

from dataclasses import dataclass
from decimal import Decimal

from workflow.documents import Document
from workflow.phrases import phrase as _
from workflow.statuses import Area


@dataclass(frozen=True, kw_only=True)
class Counterparty:
    """A vendor (purchase) or customer (sales). Amounts in local currency."""

    area: Area
    number: str
    name: str = ""
    restricted: bool = False  # may not be used in posting
    credit_limit_lcy: Decimal = Decimal(0)  # customers; 0 = no limit
    exposure_lcy: Decimal = Decimal(0)  # balance and open documents, without the one in question
    email: str = ""  # where documents go
    language: str = ""  # of the documents; empty: the company's

    @property
    def title(self) -> str:
        """As people say it: "Vendor V100"."""
        if self.area is Area.PURCHASE:
            return _("Vendor {number}", number=self.number)
        return _("Customer {number}", number=self.number)


def available_credit(document: Document, customer: Counterparty | None) -> Decimal | None:
    """What the customer may still spend after this document; None for purchases.

    Sales documents only. Without a customer, or with a credit limit of 0 (unlimited), it is 0.
    """
    if document.key.area is not Area.SALES:
        return None
    if customer is None or customer.credit_limit_lcy == 0:
        return Decimal(0)
    exposure = customer.exposure_lcy + document.amount_including_vat_lcy
    return customer.credit_limit_lcy - exposure


def credit_limit_exceeded(document: Document, customer: Counterparty | None) -> bool:
    """Using the limit up exactly does not exceed it (BC: CheckAvailableCreditLimit)."""
    available = available_credit(document, customer)
    return available is not None and available < 0
