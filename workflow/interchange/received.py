"""What all electronic documents have in common once their own words are understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflow.interchange.electronic_lines import StatedLine, imported_lines
from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.interchange.records import ImportedDocument
from workflow.interchange.stated_totals import StatedTotals, settled
from workflow.phrases import listed
from workflow.phrases import phrase as _
from workflow.statuses import Area, DocumentType

# UNTDID 1001: the codes that turn an invoice into a credit note.
CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458"})


@dataclass(frozen=True, kw_only=True)
class Party:
    """The other side of the document."""

    no: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Received:
    """A document as its sender wrote it."""

    kind: str  # its name in refusals
    number: str
    area: Area
    document_type: DocumentType
    document_date: date | None
    due_date: date | None
    currency: str
    counterparty: Party
    description: str
    totals: StatedTotals
    lines: Sequence[StatedLine]


def imported(received: Received, *, file: str) -> ImportedDocument:
    """Turn a received document into ours; their number is kept as the external one."""
    if not received.number:
        raise ImportRefused(_("the {kind} has no number", kind=received.kind), file=file)
    try:
        amount, including = settled(received.totals)
    except NotReadable as error:
        raise ImportRefused(
            listed([f"{received.kind} {received.number}", error.reason], ": "), file=file
        ) from None
    description = received.description or received.number
    return ImportedDocument(
        number=received.number,
        area=received.area,
        document_type=received.document_type,
        document_date=received.document_date,
        due_date=received.due_date,
        amount=amount,
        amount_including_vat=including,
        currency=received.currency,
        amount_lcy=None,
        amount_including_vat_lcy=None,
        salesperson_purchaser_code="",
        counterparty_no=received.counterparty.no,
        counterparty_name=received.counterparty.name,
        requester="",
        external_document_no=received.number,
        description=received.description,
        lines=imported_lines(received.lines, amount, description),
        row=None,
        source=file,
    )
