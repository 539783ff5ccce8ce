"""A document as UBL 2.1, which bookkeeping programs read: order, invoice, credit note, quotation.

The elements stand in the order the standard prescribes. What is not known is left out: VAT is the
difference of the two totals, without a rate.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from xml.etree.ElementTree import Element

from notifications.readers import Company
from notifications.ubl_elements import add, add_text, as_bytes, new_root, plain_number
from notifications.ubl_forms import FORMS, QUOTATION, UblForm
from notifications.views import cleaned
from workflow.events import DocumentCopy, DocumentFacts, LineFacts
from workflow.statuses import Area


def ubl_of(document: DocumentFacts, copy: DocumentCopy, at: datetime, *, company: Company) -> bytes:
    """The document as it was *at* that moment; the same always gives the same bytes."""
    document, copy = cleaned(document), cleaned(copy)
    form = FORMS[document.document_type]
    writer = _Writer(form=form, document=document, copy=copy, company=company)
    return as_bytes(writer.root(at))


@dataclass(frozen=True, kw_only=True)
class _Writer:
    form: UblForm
    document: DocumentFacts
    copy: DocumentCopy
    company: Company

    @property
    def currency(self) -> str:
        return self.document.currency or self.company.currency

    def root(self, at: datetime) -> Element:
        root = new_root(self.form.root)
        self._head(root, at)
        sides = [self._seller, self._buyer]
        for side in sides if self.form.seller_first else reversed(sides):
            side(root)
        self._money(add(root, "cac:TaxTotal"), "cbc:TaxAmount", self._tax)
        total = add(root, self.form.total)
        for name, amount in self._totals():
            self._money(total, name, amount)
        for number, line in enumerate(self.copy.lines, start=1):
            self._line(root, number, line)
        return root

    def _head(self, root: Element, at: datetime) -> None:
        form, document = self.form, self.document
        add_text(root, "cbc:UBLVersionID", "2.1")
        add_text(root, "cbc:ID", document.number)
        add_text(root, "cbc:IssueDate", (document.document_date or at.date()).isoformat())
        if form.names_due_date and self.copy.due_date:
            add_text(root, "cbc:DueDate", self.copy.due_date.isoformat())
        if form.type_code[0]:
            add_text(root, *form.type_code)
        if document.description:
            add_text(root, "cbc:Note", document.description)
        if form.names_currency:
            add_text(root, "cbc:DocumentCurrencyCode", self.currency)

    # --- the two sides ---------------------------------------------------------------------

    def _seller(self, root: Element) -> None:
        vendor = self.document.area is Area.PURCHASE
        party = add(root, self.form.seller)
        if vendor and self.document.counterparty_no:
            add_text(party, "cbc:CustomerAssignedAccountID", self.document.counterparty_no)
        _name(party, self._counterparty if vendor else self.company.name)

    def _buyer(self, root: Element) -> None:
        customer = self.document.area is Area.SALES
        party = add(root, self.form.buyer)
        if customer and self.document.counterparty_no:
            add_text(party, "cbc:SupplierAssignedAccountID", self.document.counterparty_no)
        _name(party, self._counterparty if customer else self.company.name)

    @property
    def _counterparty(self) -> str:
        return self.document.counterparty_name or self.document.counterparty_no

    # --- amounts ---------------------------------------------------------------------------

    @property
    def _tax(self) -> Decimal:
        return self.document.amount_including_vat - self.document.amount

    def _totals(self) -> Iterator[tuple[str, Decimal]]:
        """A discount or surcharge on the whole document is what its lines do not add up to."""
        document = self.document
        lines = sum((line.amount for line in self.copy.lines), Decimal(0))
        yield "cbc:LineExtensionAmount", lines
        yield "cbc:TaxExclusiveAmount", document.amount
        yield "cbc:TaxInclusiveAmount", document.amount_including_vat
        if lines > document.amount:
            yield "cbc:AllowanceTotalAmount", lines - document.amount
        if lines < document.amount:
            yield "cbc:ChargeTotalAmount", document.amount - lines
        yield "cbc:PayableAmount", document.amount_including_vat

    def _money(self, parent: Element, name: str, amount: Decimal) -> None:
        add_text(parent, name, plain_number(amount)).set("currencyID", self.currency)

    # --- lines -----------------------------------------------------------------------------

    def _line(self, root: Element, number: int, line: LineFacts) -> None:
        element = add(root, self.form.line)
        if self.form is QUOTATION:
            add_text(element, "cbc:ID", str(number))
        if self.form.inner_line:
            element = add(element, "cac:LineItem")
        add_text(element, "cbc:ID", str(number))
        add_text(element, self.form.quantity, plain_number(line.quantity))
        self._money(element, "cbc:LineExtensionAmount", line.amount)
        parts = [self._item, self._price]
        for part in reversed(parts) if self.form.inner_line else parts:
            part(element, line)

    def _item(self, element: Element, line: LineFacts) -> None:
        item = add(element, "cac:Item")
        add_text(item, "cbc:Name", line.description or line.item_no)
        if line.item_no:  # the numbers are ours
            side = "Buyers" if self.document.area is Area.PURCHASE else "Sellers"
            add_text(add(item, f"cac:{side}ItemIdentification"), "cbc:ID", line.item_no)

    def _price(self, element: Element, line: LineFacts) -> None:
        self._money(add(element, "cac:Price"), "cbc:PriceAmount", line.unit_price)


def _name(side: Element, name: str) -> None:
    add_text(add(add(side, "cac:Party"), "cac:PartyName"), "cbc:Name", name)
