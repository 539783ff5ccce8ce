"""Lines of an electronic document, numbered by us: theirs may repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow.interchange.records import LINE_STEP, ImportedLine, whole_amount_line
from workflow.interchange.xml_nodes import EXACT, to_four_decimals


@dataclass(frozen=True, kw_only=True)
class StatedLine:
    """A line as the document has it."""

    item_no: str
    description: str
    quantity: Decimal | None
    price: Decimal | None
    base_quantity: Decimal | None  # the price is for so many
    amount: Decimal | None


def amount_of(line: StatedLine) -> Decimal | None:
    """Give the stated amount, else quantity times price, else nothing."""
    if line.amount is not None or line.quantity is None or line.price is None:
        return line.amount
    return to_four_decimals(EXACT.divide(EXACT.multiply(line.quantity, line.price), _base(line)))


def line_sum(lines: Sequence[StatedLine]) -> Decimal | None:
    """Add up the lines; nothing when none has an amount."""
    amounts = [amount for line in lines if (amount := amount_of(line)) is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def imported_lines(
    lines: Sequence[StatedLine], amount: Decimal, description: str
) -> tuple[ImportedLine, ...]:
    """Give the lines; a document without lines gets one with its whole amount."""
    if not lines:
        return (whole_amount_line(amount, description),)
    return tuple(_imported(line, position) for position, line in enumerate(lines, start=1))


def _imported(line: StatedLine, position: int) -> ImportedLine:
    price = EXACT.divide(line.price or Decimal(0), _base(line))
    return ImportedLine(
        line_no=LINE_STEP * position,
        line_type="item",
        item_no=line.item_no,
        description=line.description,
        quantity=to_four_decimals(line.quantity or Decimal(0)),
        unit_price=to_four_decimals(price),
        amount=amount_of(line) or Decimal(0),
    )


def _base(line: StatedLine) -> Decimal:
    return line.base_quantity or Decimal(1)
