"""Purchase and sales documents in a file, with their lines from a second one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow.documents import TITLES
from workflow.interchange.captions import WORDS
from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.interchange.lines_file import GivenLine, LinesByNumber, parse_lines
from workflow.interchange.local_amounts import Amounts, amounts_of
from workflow.interchange.records import ImportedDocument, ImportedLine, whole_amount_line
from workflow.interchange.rows import MappedRow, MappedTable
from workflow.phrases import Phrase
from workflow.phrases import phrase as _
from workflow.statuses import Area, DocumentType

TYPES = {member.value: member for member in DocumentType}
AREAS = {member.value: member for member in Area}


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """What a person says about all documents of an import; it wins over the file."""

    area: Area | None = None
    requester: str = ""
    local_currency: str = ""  # amounts in this currency need no rate


NO_OVERRIDES = Overrides()


def parse_each_document(
    headers: Sequence[MappedTable],
    lines: Sequence[MappedTable] = (),
    overrides: Overrides = NO_OVERRIDES,
) -> tuple[list[ImportedDocument], list[ImportRefused]]:
    """The documents that can be read, and what is wrong with each of the others.

    Raises:
        ImportRefused: of a file as a whole.
    """
    for table in headers:
        _refuse_missing_columns(table, overrides)
    lines_by_number, refused = parse_lines(lines)
    if refused:
        return [], refused  # no document adds up without its lines
    documents, refused = _each(headers, lines_by_number, overrides)
    refused += _repeated(documents)
    return documents, refused or list(_stray_lines(documents, lines_by_number))


def _each(
    headers: Sequence[MappedTable], lines: LinesByNumber, overrides: Overrides
) -> tuple[list[ImportedDocument], list[ImportRefused]]:
    documents: list[ImportedDocument] = []
    refused: list[ImportRefused] = []
    for table in headers:
        for row in table.rows():
            try:
                documents.append(_document(row, lines, overrides))
            except ImportRefused as error:
                refused.append(error)
    return documents, refused


def _document(row: MappedRow, lines: LinesByNumber, overrides: Overrides) -> ImportedDocument:
    number = row.code("number")
    if not number:
        raise row.refused("number", _("is empty"), value="")
    given = list(lines.get(number, {}).values())
    amounts = amounts_of(row, _header_amount(row, given), overrides.local_currency)
    return ImportedDocument(
        number=number,
        area=overrides.area or row.read("area", _area),
        document_type=row.read("type", _type_reader(row)),
        document_date=row.day("document_date"),
        due_date=row.day("due_date"),
        amount=amounts.amount,
        amount_including_vat=amounts.amount_including_vat,
        currency=amounts.currency,
        amount_lcy=amounts.amount_lcy,
        amount_including_vat_lcy=amounts.amount_including_vat_lcy,
        salesperson_purchaser_code=row.code("salesperson_purchaser_code"),
        counterparty_no=row.code("counterparty_no"),
        counterparty_name=row.text("counterparty_name"),
        requester=overrides.requester or row.code("requester"),
        external_document_no=row.code("external_document_no"),
        description=row.text("description"),
        lines=_lines(row, given, amounts),
        row=row.row.number,
        source=row.file,
    )


def _area(text: str) -> Area:
    if text not in AREAS:
        raise NotReadable(_("is neither purchase nor sales"))
    return AREAS[text]


def _type(text: str) -> DocumentType:
    if text not in TYPES:
        raise NotReadable(_("is not a document type; known are {value}", value=", ".join(TYPES)))
    return TYPES[text]


def _type_reader(row: MappedRow) -> Callable[[str], DocumentType]:
    """Below a caption stand Business Central's words."""
    return _type if row.mapping.column_named("type") == "type" else _type_in_words


def _type_in_words(text: str) -> DocumentType:
    """As Business Central says it."""
    said = text.strip().lower()
    return _type(WORDS.get(said, said))


def _header_amount(row: MappedRow, given: list[GivenLine]) -> Decimal:
    """Give the header's amount, which its lines must add up to; without one, their sum."""
    amount = row.amount("amount")
    if not given:
        return row.read("amount", _refuse_nothing) if amount is None else amount
    total = sum((line.line.amount for line in given), Decimal(0))
    if amount is not None and amount != total:
        number = row.code("number")
        reason = _(
            "is the amount of {number}, but its lines in {file} add up to {total}",
            number=number,
            file=given[0].row.file,
            total=total,
        )
        raise row.refused("amount", reason, value=str(amount))
    return total


def _refuse_nothing(_text: str) -> Decimal:
    raise NotReadable(_("is no amount, and the document has no lines either"))


def _lines(row: MappedRow, given: list[GivenLine], amounts: Amounts) -> tuple[ImportedLine, ...]:
    """Give the lines in their order; a header without lines gets one line with its whole amount."""
    if given:
        return tuple(sorted((line.line for line in given), key=lambda line: line.line_no))
    names = (row.text("description"), row.code("external_document_no"), row.code("number"))
    return (whole_amount_line(amounts.amount, next(name for name in names if name)),)


def _refuse_missing_columns(table: MappedTable, overrides: Overrides) -> None:
    needed = ["number", "type"] if overrides.area else ["number", "area", "type"]
    for ours in needed:
        if not table.mapping.has(ours):
            raise ImportRefused(_("the column is missing"), file=table.file, row=1, column=ours)


def _repeated(documents: list[ImportedDocument]) -> Iterator[ImportRefused]:
    first: dict[tuple[Area, DocumentType, str], ImportedDocument] = {}
    for document in documents:
        key = (document.area, document.document_type, document.number)
        earlier = first.setdefault(key, document)
        if earlier is not document:
            what = Phrase(TITLES[document.area, document.document_type])
            yield ImportRefused(
                _(
                    "is the {what} that stands in row {row} of {source} too",
                    what=what,
                    row=earlier.row,
                    source=earlier.source,
                ),
                file=document.source,
                row=document.row,
                column="number",
                value=document.number,
            )


def _stray_lines(
    documents: list[ImportedDocument], lines: LinesByNumber
) -> Iterator[ImportRefused]:
    """Lines of no document, or of two documents that share a number."""
    owners: dict[str, int] = {}
    for document in documents:
        owners[document.number] = owners.get(document.number, 0) + 1
    for number, given in lines.items():
        first = next(iter(given.values())).row
        if owners.get(number, 0) == 0:
            yield first.refused("number", _("is no document of this import"), value=number)
        elif owners[number] > 1:
            yield first.refused("number", _("is more than one document"), value=number)
