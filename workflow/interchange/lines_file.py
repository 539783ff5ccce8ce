"""Document lines in a file of their own, each saying which document it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.interchange.numbers import AMOUNT_DECIMALS, in_range
from workflow.interchange.records import LINE_STEP, ImportedLine
from workflow.interchange.rows import MappedRow, MappedTable
from workflow.phrases import phrase as _

LINE_TYPES = ("item", "gl_account", "fixed_asset", "resource", "charge", "comment")
LARGEST_LINE_NO = 2_147_483_647


@dataclass(frozen=True, kw_only=True)
class GivenLine:
    """A line together with the row it stands in, for whoever finds fault with it later."""

    number: str  # of the document
    line: ImportedLine
    row: MappedRow


LinesByNumber = dict[str, dict[int, GivenLine]]  # document number, line number


def parse_lines(tables: Iterable[MappedTable]) -> tuple[LinesByNumber, list[ImportRefused]]:
    """The lines of all documents, and what is wrong with those that cannot be read.

    Raises:
        ImportRefused: of a file as a whole.
    """
    lines: LinesByNumber = {}
    refused: list[ImportRefused] = []
    for table in tables:
        _refuse_missing_columns(table)
        for row in table.rows():
            try:
                given = _given_line(row, lines)
            except ImportRefused as error:
                refused.append(error)
                continue
            lines.setdefault(given.number, {})[given.line.line_no] = given
    return lines, refused


def _given_line(row: MappedRow, lines: LinesByNumber) -> GivenLine:
    number = row.code("number")
    if not number:
        raise row.refused("number", _("is empty"), value="")
    earlier = lines.get(number, {})
    line = ImportedLine(
        line_no=_line_no(row, earlier),
        line_type=row.read("type", _line_type),
        item_no=row.code("item_no"),
        description=row.text("description"),
        quantity=row.amount("quantity") or Decimal(0),
        unit_price=row.amount("unit_price") or Decimal(0),
        amount=_amount(row),
    )
    return GivenLine(number=number, line=line, row=row)


def _line_no(row: MappedRow, earlier: dict[int, GivenLine]) -> int:
    if not row.mapping.has("line_no"):
        return LINE_STEP * (len(earlier) + 1)
    line_no = row.read("line_no", _whole_number)
    if line_no in earlier:
        first = earlier[line_no].row
        reason = _(
            "stands in row {number} of {file} too, for the same document",
            number=first.row.number,
            file=first.file,
        )
        raise row.refused("line_no", reason, value=str(line_no))
    return line_no


def _whole_number(text: str) -> int:
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_LINE_NO))
    if not is_whole or not 0 < int(text) <= LARGEST_LINE_NO:
        raise NotReadable(_("is not a line number (a whole number above 0)"))
    return int(text)


def _line_type(text: str) -> str:
    if (text or "item") not in LINE_TYPES:
        raise NotReadable(_("is not a line type; known are {value}", value=", ".join(LINE_TYPES)))
    return text or "item"


def _amount(row: MappedRow) -> Decimal:
    """Give the amount, or quantity times price where the file leaves it out."""
    amount = row.amount("amount")
    if amount is not None:
        return amount
    product = (row.amount("quantity") or Decimal(0)) * (row.amount("unit_price") or Decimal(0))
    try:
        return in_range(_exact(product))
    except NotReadable as error:
        raise row.refused(
            "amount", _("quantity times unit price {error}", error=error.reason), value=str(product)
        ) from None


def _exact(product: Decimal) -> Decimal:
    rounded = round(product, AMOUNT_DECIMALS)
    if rounded != product:
        raise NotReadable(
            _(
                "has more than {amount_decimals} decimals; give the amount",
                amount_decimals=AMOUNT_DECIMALS,
            )
        )
    return rounded


def _refuse_missing_columns(table: MappedTable) -> None:
    if not table.mapping.has("number"):
        raise ImportRefused(_("the column is missing"), file=table.file, row=1, column="number")
    has_amount = table.mapping.has("amount")
    if not has_amount and not (table.mapping.has("quantity") and table.mapping.has("unit_price")):
        raise ImportRefused(_("the column is missing"), file=table.file, row=1, column="amount")
