"""The kinds of UBL documents we write, and how each of them names its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workflow.statuses import DocumentType

INVOICE_CODE: Final = "380"  # UNTDID 1001: commercial invoice
CREDIT_CODE: Final = "381"


@dataclass(frozen=True, kw_only=True)
class UblForm:
    """How one kind of UBL document names its parts."""

    root: str
    seller: str
    buyer: str
    total: str
    line: str
    quantity: str = "cbc:Quantity"
    type_code: tuple[str, str] = ("", "")  # element and value; empty: it has none
    names_currency: bool = True
    names_due_date: bool = False
    seller_first: bool = True
    inner_line: bool = False  # what a line is about stands in a LineItem


ORDER: Final = UblForm(
    root="Order",
    seller="cac:SellerSupplierParty",
    buyer="cac:BuyerCustomerParty",
    total="cac:AnticipatedMonetaryTotal",
    line="cac:OrderLine",
    seller_first=False,
    inner_line=True,
)
INVOICE: Final = UblForm(
    root="Invoice",
    seller="cac:AccountingSupplierParty",
    buyer="cac:AccountingCustomerParty",
    total="cac:LegalMonetaryTotal",
    line="cac:InvoiceLine",
    quantity="cbc:InvoicedQuantity",
    type_code=("cbc:InvoiceTypeCode", INVOICE_CODE),
    names_due_date=True,
)
CREDIT_NOTE: Final = UblForm(
    root="CreditNote",
    seller="cac:AccountingSupplierParty",
    buyer="cac:AccountingCustomerParty",
    total="cac:LegalMonetaryTotal",
    line="cac:CreditNoteLine",
    quantity="cbc:CreditedQuantity",
    type_code=("cbc:CreditNoteTypeCode", CREDIT_CODE),
)
QUOTATION: Final = UblForm(
    root="Quotation",
    seller="cac:SellerSupplierParty",
    buyer="cac:BuyerCustomerParty",
    total="cac:QuotedMonetaryTotal",
    line="cac:QuotationLine",
    names_currency=False,
    inner_line=True,
)
FORMS: Final[Mapping[DocumentType, UblForm]] = {
    DocumentType.QUOTE: QUOTATION,
    DocumentType.ORDER: ORDER,
    DocumentType.BLANKET_ORDER: ORDER,
    DocumentType.INVOICE: INVOICE,
    DocumentType.CREDIT_MEMO: CREDIT_NOTE,
}
