"""A purchase or sales document: its header, its lines and its latest approval run."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from workflow.approval_entries import ApprovalRun, RunState
from workflow.errors import BadValue
from workflow.phrases import Phrase
from workflow.phrases import marked as N_  # noqa: N812 - as the extractor knows it
from workflow.phrases import phrase as _
from workflow.statuses import Area, DocumentStatus, DocumentType

TITLES: Final = {
    (Area.PURCHASE, DocumentType.QUOTE): N_("Purchase quote"),
    (Area.PURCHASE, DocumentType.ORDER): N_("Purchase order"),
    (Area.PURCHASE, DocumentType.INVOICE): N_("Purchase invoice"),
    (Area.PURCHASE, DocumentType.CREDIT_MEMO): N_("Purchase credit memo"),
    (Area.PURCHASE, DocumentType.BLANKET_ORDER): N_("Purchase blanket order"),
    (Area.PURCHASE, DocumentType.RETURN_ORDER): N_("Purchase return order"),
    (Area.SALES, DocumentType.QUOTE): N_("Sales quote"),
    (Area.SALES, DocumentType.ORDER): N_("Sales order"),
    (Area.SALES, DocumentType.INVOICE): N_("Sales invoice"),
    (Area.SALES, DocumentType.CREDIT_MEMO): N_("Sales credit memo"),
    (Area.SALES, DocumentType.BLANKET_ORDER): N_("Sales blanket order"),
    (Area.SALES, DocumentType.RETURN_ORDER): N_("Sales return order"),
}


class DocumentKey(NamedTuple):
    """What names a document: two documents may share a number."""

    area: Area
    document_type: DocumentType
    number: str

    def __str__(self) -> str:
        return f"{self.area}/{self.document_type}/{self.number}"

    @property
    def title(self) -> str:
        """As people say it: "Purchase order PO-1"."""
        return Phrase("{} {}", Phrase(TITLES[self.area, self.document_type]), self.number)

    @classmethod
    def parse(cls, text: str) -> "DocumentKey":
        """Read ``purchase/order/PO-1``.

        Raises:
            BadValue: the text does not name a document in full.
        """
        area, _slash, rest = text.partition("/")
        document_type, _slash, number = rest.partition("/")
        try:
            return cls(Area(area), DocumentType(document_type), number)
        except ValueError as error:
            raise BadValue("document", text, _("is not area/type/number")) from error


@dataclass(frozen=True, kw_only=True)
class DocumentLine:
    """One line of a document; amounts exclude VAT, in the document's currency."""

    line_no: int
    line_type: str = "item"
    item_no: str = ""
    description: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)


@dataclass(eq=False, kw_only=True)
class Document:
    """The aggregate every step works on; loaded whole, saved where it changed."""

    key: DocumentKey
    amount: Decimal  # excluding VAT, document currency
    amount_including_vat: Decimal
    amount_lcy: Decimal  # excluding VAT, local currency (LCY)
    amount_including_vat_lcy: Decimal
    currency: str = ""  # empty: the local currency
    document_date: date | None = None
    due_date: date | None = None
    salesperson_purchaser_code: str = ""
    counterparty_no: str = ""  # vendor or customer
    counterparty_name: str = ""
    requester: str = ""  # who usually sends it for approval: buyer or salesperson
    external_document_no: str = ""
    description: str = ""
    prepayment_unpaid: bool = False
    lines: tuple[DocumentLine, ...] = ()
    more: dict[str, str] = field(default_factory=dict)  # further header fields the ERP sent
    editors: frozenset[str] = frozenset()  # people who edited significant fields
    status: DocumentStatus = DocumentStatus.OPEN
    run: ApprovalRun | None = None  # the latest one
    asked_before: int = 0  # the last request of an earlier document of that key; not stored
    event_count: int = 0
    version: int = 0  # raised by every save; two people cannot save the same one
    id: int | None = None

    @property
    def run_no(self) -> int:
        return self.run.run_no if self.run else 0

    @property
    def pending_run(self) -> ApprovalRun | None:
        return self.run if self.run and self.run.state is RunState.PENDING else None
