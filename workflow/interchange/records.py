"""What a file says about users, documents and their lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflow.statuses import Area, DocumentType

LINE_STEP = 10_000  # leaves room between two lines, as people expect
UserField = str | bool | Decimal | date | None


@dataclass(frozen=True, kw_only=True)
class ImportedLine:
    """One line of a document as the file has it."""

    line_no: int
    line_type: str  # item, gl_account, fixed_asset, resource, charge or comment
    item_no: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal  # excluding VAT


def whole_amount_line(amount: Decimal, description: str) -> ImportedLine:
    """Make the one line of a document that came without lines."""
    return ImportedLine(
        line_no=LINE_STEP,
        line_type="item",
        item_no="",
        description=description,
        quantity=Decimal(1),
        unit_price=amount,
        amount=amount,
    )


@dataclass(frozen=True, kw_only=True)
class ImportedDocument:
    """One document as the file has it."""

    number: str
    area: Area
    document_type: DocumentType
    document_date: date | None
    due_date: date | None
    amount: Decimal
    amount_including_vat: Decimal
    currency: str  # empty: the company's own (local) currency
    amount_lcy: Decimal | None  # None: the file does not say what it is in local currency
    amount_including_vat_lcy: Decimal | None
    salesperson_purchaser_code: str
    counterparty_no: str
    counterparty_name: str
    requester: str
    external_document_no: str  # the number the other party gave the document
    description: str
    lines: tuple[ImportedLine, ...]
    row: int | None  # None: the file has no rows
    source: str  # the name of the file


@dataclass(frozen=True, kw_only=True)
class ImportedUser:
    """One person of the approval user setup; what the file has no column for is not in `fields`."""

    user_id: str
    fields: Mapping[str, UserField]  # a limit that is None is unlimited, a date that is None open
    row: int
    source: str
