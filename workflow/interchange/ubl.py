"""UBL 2.x orders, invoices, credit notes and quotations."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from workflow.interchange.electronic_lines import StatedLine, line_sum
from workflow.interchange.received import CREDIT_NOTE_CODES, Party, Received
from workflow.interchange.stated_totals import StatedTotals
from workflow.interchange.xml_nodes import Node
from workflow.statuses import Area, DocumentType

ROOT = "{urn:oasis:names:specification:ubl:schema:xsd:"
COMPONENTS = "urn:oasis:names:specification:ubl:schema:xsd:Common"
NAMES = {"cac": COMPONENTS + "AggregateComponents-2", "cbc": COMPONENTS + "BasicComponents-2"}
SELLERS = ("cac:AccountingSupplierParty", "cac:SellerSupplierParty")
BUYERS = (
    "cac:AccountingCustomerParty",
    "cac:BuyerCustomerParty",
    "cac:OriginatorCustomerParty",
)


@dataclass(frozen=True, kw_only=True)
class UblKind:
    """What one kind of UBL document becomes and where its parts are."""

    area: Area
    document_type: DocumentType
    total: str
    line: str
    quantity: str = "cbc:Quantity"


KINDS: Mapping[str, UblKind] = {
    "Order": UblKind(
        area=Area.SALES,  # somebody orders from us
        document_type=DocumentType.ORDER,
        total="cac:AnticipatedMonetaryTotal",
        line="cac:OrderLine/cac:LineItem",
    ),
    "Invoice": UblKind(
        area=Area.PURCHASE,
        document_type=DocumentType.INVOICE,
        total="cac:LegalMonetaryTotal",
        line="cac:InvoiceLine",
        quantity="cbc:InvoicedQuantity",
    ),
    "CreditNote": UblKind(
        area=Area.PURCHASE,
        document_type=DocumentType.CREDIT_MEMO,
        total="cac:LegalMonetaryTotal",
        line="cac:CreditNoteLine",
        quantity="cbc:CreditedQuantity",
    ),
    "Quotation": UblKind(
        area=Area.PURCHASE,
        document_type=DocumentType.QUOTE,
        total="cac:QuotedMonetaryTotal",
        line="cac:QuotationLine/cac:LineItem",
    ),
}


def read_ubl(root: Element, name: str, *, file: str, area: Area | None) -> Received:
    """Read a UBL document of one of the four kinds."""
    kind, document = KINDS[name], Node(root, NAMES, file)
    side = area or kind.area
    currency = _currency(document, kind)
    lines = [_line(node, kind, side, currency) for node in document.all(kind.line)]
    return Received(
        kind=f"UBL {name}",
        number=document.text("cbc:ID"),
        area=side,
        document_type=_document_type(document, kind),
        document_date=document.day("cbc:IssueDate"),
        due_date=document.day(
            "cbc:DueDate",
            "cac:PaymentMeans/cbc:PaymentDueDate",
            "cac:PaymentTerms/cbc:PaymentDueDate",
        ),
        currency=currency,
        counterparty=_party(document, side),
        description=document.text("cbc:Note"),
        totals=_totals(document, kind, currency, lines),
        lines=lines,
    )


def _document_type(document: Node, kind: UblKind) -> DocumentType:
    is_credit = document.text("cbc:InvoiceTypeCode") in CREDIT_NOTE_CODES
    return DocumentType.CREDIT_MEMO if is_credit else kind.document_type


def _currency(document: Node, kind: UblKind) -> str:
    """Give the currency of the document, else the one its total or first line is in."""
    stated = (
        document.text("cbc:DocumentCurrencyCode")
        or document.attribute(f"{kind.total}/cbc:PayableAmount", "currencyID")
        or document.attribute(f"{kind.line}/cbc:LineExtensionAmount", "currencyID")
        or document.attribute(f"{kind.line}/cac:Price/cbc:PriceAmount", "currencyID")
    )
    return document.currency(stated, "cbc:DocumentCurrencyCode")


def _party(document: Node, side: Area) -> Party:
    party = document.first(*(SELLERS if side is Area.PURCHASE else BUYERS))
    return Party(
        no=party.text(
            # what we call them, where the sender knows it
            "cbc:CustomerAssignedAccountID"
            if side is Area.PURCHASE
            else "cbc:SupplierAssignedAccountID",
            "cac:Party/cac:PartyIdentification/cbc:ID",
            "cac:Party/cac:PartyLegalEntity/cbc:CompanyID",
            "cac:Party/cac:PartyTaxScheme/cbc:CompanyID",
            "cac:Party/cbc:EndpointID",
        ),
        name=party.text(
            "cac:Party/cac:PartyName/cbc:Name",
            "cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
            "cac:Party/cac:PartyTaxScheme/cbc:RegistrationName",
        ),
    )


def _line(line: Node, kind: UblKind, side: Area, currency: str) -> StatedLine:
    ours = "Buyers" if side is Area.PURCHASE else "Sellers"
    theirs = "Sellers" if side is Area.PURCHASE else "Buyers"
    return StatedLine(
        item_no=line.text(
            f"cac:Item/cac:{ours}ItemIdentification/cbc:ID",
            f"cac:Item/cac:{theirs}ItemIdentification/cbc:ID",
            "cac:Item/cac:StandardItemIdentification/cbc:ID",
        ),
        description=line.text("cac:Item/cbc:Name", "cac:Item/cbc:Description", "cbc:Note"),
        quantity=line.number(kind.quantity),
        price=line.price("cac:Price/cbc:PriceAmount", currency),
        base_quantity=line.number("cac:Price/cbc:BaseQuantity"),
        amount=line.money("cbc:LineExtensionAmount", currency),
    )


def _totals(document: Node, kind: UblKind, currency: str, lines: list[StatedLine]) -> StatedTotals:
    total = document.first(kind.total)
    return StatedTotals(
        line_sum=line_sum(lines),
        lines=total.money("cbc:LineExtensionAmount", currency),
        allowances=total.money("cbc:AllowanceTotalAmount", currency),
        charges=total.money("cbc:ChargeTotalAmount", currency),
        exclusive=total.money("cbc:TaxExclusiveAmount", currency),
        inclusive=total.money("cbc:TaxInclusiveAmount", currency),
        payable=_payable(total, currency),
        tax=_tax(document, currency),
    )


def _payable(total: Node, currency: str) -> Decimal | None:
    payable = total.money("cbc:PayableAmount", currency)
    if payable is None:
        return None
    prepaid = total.money("cbc:PrepaidAmount", currency) or Decimal(0)
    return payable + prepaid - (total.money("cbc:PayableRoundingAmount", currency) or Decimal(0))


def _tax(document: Node, currency: str) -> Decimal | None:
    """Give the VAT in the document's currency; it may be stated in the tax office's too."""
    for tax in document.all("cac:TaxTotal"):
        if tax.attribute("cbc:TaxAmount", "currencyID") in {"", currency}:
            return tax.money("cbc:TaxAmount", currency)
    return None
