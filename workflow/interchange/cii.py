"""UN/CEFACT cross-industry invoices (CII: ZUGFeRD 2, Factur-X, XRechnung)."""

from decimal import Decimal
from xml.etree.ElementTree import Element

from workflow.interchange.electronic_lines import StatedLine, line_sum
from workflow.interchange.received import CREDIT_NOTE_CODES, Party, Received
from workflow.interchange.stated_totals import StatedTotals
from workflow.interchange.xml_nodes import Node
from workflow.statuses import Area, DocumentType

STANDARD = "urn:un:unece:uncefact:data:standard:"
ROOT = "{" + STANDARD + "CrossIndustryInvoice:100}CrossIndustryInvoice"
NAMES = {
    "rsm": STANDARD + "CrossIndustryInvoice:100",
    "ram": STANDARD + "ReusableAggregateBusinessInformationEntity:100",
    "udt": STANDARD + "UnqualifiedDataType:100",
}
LINE = "ram:IncludedSupplyChainTradeLineItem"
SETTLEMENT = "ram:ApplicableHeaderTradeSettlement"
TOTAL = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
LINE_TOTAL = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
PRICE = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"


def read_cii(root: Element, *, file: str, area: Area | None) -> Received:
    """Read a cross-industry invoice or credit note."""
    side = area or Area.PURCHASE
    document = Node(root, NAMES, file).first("rsm:ExchangedDocument")
    trade = Node(root, NAMES, file).first("rsm:SupplyChainTradeTransaction")
    settlement = trade.first(SETTLEMENT)
    currency = settlement.currency(
        settlement.text("ram:InvoiceCurrencyCode"), "ram:InvoiceCurrencyCode"
    )
    lines = [_line(node, side, currency) for node in trade.all(LINE)]
    return Received(
        kind="CII invoice",
        number=document.text("ram:ID"),
        area=side,
        document_type=_document_type(document),
        document_date=document.day("ram:IssueDateTime/udt:DateTimeString"),
        due_date=settlement.day(
            "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"
        ),
        currency=currency,
        counterparty=_party(trade.first("ram:ApplicableHeaderTradeAgreement"), side),
        description=document.text("ram:IncludedNote/ram:Content"),
        totals=_totals(settlement.first(TOTAL), currency, lines),
        lines=lines,
    )


def _document_type(document: Node) -> DocumentType:
    is_credit = document.text("ram:TypeCode") in CREDIT_NOTE_CODES
    return DocumentType.CREDIT_MEMO if is_credit else DocumentType.INVOICE


def _party(agreement: Node, side: Area) -> Party:
    seller = side is Area.PURCHASE
    party = agreement.first("ram:SellerTradeParty" if seller else "ram:BuyerTradeParty")
    return Party(
        no=party.text(
            "ram:ID",
            "ram:GlobalID",
            "ram:SpecifiedLegalOrganization/ram:ID",
            "ram:SpecifiedTaxRegistration/ram:ID",
        ),
        name=party.text("ram:Name", "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
    )


def _line(line: Node, side: Area, currency: str) -> StatedLine:
    product = line.first("ram:SpecifiedTradeProduct")
    ours, theirs = "ram:BuyerAssignedID", "ram:SellerAssignedID"
    if side is Area.SALES:
        ours, theirs = theirs, ours
    return StatedLine(
        item_no=product.text(ours, theirs, "ram:GlobalID"),
        description=product.text("ram:Name", "ram:Description"),
        quantity=line.number("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
        price=line.price(f"{PRICE}/ram:ChargeAmount", currency),
        base_quantity=line.number(f"{PRICE}/ram:BasisQuantity"),
        amount=line.money(f"ram:SpecifiedLineTradeSettlement/{LINE_TOTAL}", currency),
    )


def _totals(total: Node, currency: str, lines: list[StatedLine]) -> StatedTotals:
    return StatedTotals(
        line_sum=line_sum(lines),
        lines=total.money("ram:LineTotalAmount", currency),
        allowances=total.money("ram:AllowanceTotalAmount", currency),
        charges=total.money("ram:ChargeTotalAmount", currency),
        exclusive=total.money("ram:TaxBasisTotalAmount", currency),
        inclusive=total.money("ram:GrandTotalAmount", currency),
        payable=_payable(total, currency),
        tax=_tax(total, currency),
    )


def _payable(total: Node, currency: str) -> Decimal | None:
    payable = total.money("ram:DuePayableAmount", currency)
    if payable is None:
        return None
    prepaid = total.money("ram:TotalPrepaidAmount", currency) or Decimal(0)
    return payable + prepaid - (total.money("ram:RoundingAmount", currency) or Decimal(0))


def _tax(total: Node, currency: str) -> Decimal | None:
    """Give the VAT in the invoice's currency; it may be stated in the tax office's too."""
    for tax in total.all("ram:TaxTotalAmount"):
        if tax.attribute(".", "currencyID") in {"", currency}:
            return tax.money(".", currency)
    return None
