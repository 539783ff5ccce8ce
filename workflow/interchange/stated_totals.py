"""The totals an electronic document states, checked against each other before approval."""

from dataclasses import dataclass
from decimal import Decimal

from workflow.interchange.errors import NotReadable
from workflow.phrases import phrase as _

TOLERANCE = Decimal("0.05")  # rounding per line and per VAT rate


@dataclass(frozen=True, kw_only=True)
class StatedTotals:
    """What the document says; None where it says nothing."""

    line_sum: Decimal | None  # counted
    lines: Decimal | None  # stated
    allowances: Decimal | None
    charges: Decimal | None
    exclusive: Decimal | None
    inclusive: Decimal | None
    payable: Decimal | None  # including VAT, before prepayments and rounding
    tax: Decimal | None


def settled(stated: StatedTotals) -> tuple[Decimal, Decimal]:
    """Give the amount without and with VAT, or refuse totals that contradict each other."""
    _refuse_other_lines(stated)
    amount = _without_vat(stated)
    including = _with_vat(stated, amount)
    _refuse_other_tax(stated, amount)
    return amount, including


def _without_vat(stated: StatedTotals) -> Decimal:
    net = _net_of_lines(stated)
    if stated.exclusive is None:
        return _payable_less_tax(stated) if net is None else net
    if net is None or _close(stated.exclusive, net):
        return stated.exclusive
    if stated.inclusive is not None and _close(net + stated.exclusive, stated.inclusive):
        return net  # older Danish documents state the VAT itself in TaxExclusiveAmount
    raise NotReadable(
        _(
            "its totals contradict each other: {exclusive} without VAT,"
            " but lines less allowances plus charges are {net}",
            exclusive=stated.exclusive,
            net=net,
        )
    )


def _net_of_lines(stated: StatedTotals) -> Decimal | None:
    lines = stated.line_sum if stated.lines is None else stated.lines
    if lines is None:
        return None
    return lines - (stated.allowances or Decimal(0)) + (stated.charges or Decimal(0))


def _payable_less_tax(stated: StatedTotals) -> Decimal:
    including = stated.payable if stated.inclusive is None else stated.inclusive
    if including is None:
        raise NotReadable(_("names no amount, neither a total nor lines with prices"))
    return including - (stated.tax or Decimal(0))


def _with_vat(stated: StatedTotals, amount: Decimal) -> Decimal:
    if stated.inclusive is not None:
        return stated.inclusive
    return amount + (stated.tax or Decimal(0)) if stated.payable is None else stated.payable


def _refuse_other_lines(stated: StatedTotals) -> None:
    if stated.lines is None or stated.line_sum is None:
        return
    if not _close(stated.lines, stated.line_sum):
        raise NotReadable(
            _(
                "its totals contradict each other: {lines} for all lines,"
                " but the lines add up to {line_sum}",
                lines=stated.lines,
                line_sum=stated.line_sum,
            )
        )


def _refuse_other_tax(stated: StatedTotals, amount: Decimal) -> None:
    if stated.inclusive is None or stated.tax is None:
        return
    if not _close(amount + stated.tax, stated.inclusive):
        raise NotReadable(
            _(
                "its totals contradict each other: {inclusive} with VAT,"
                " but {amount} and {tax} VAT are {value}",
                inclusive=stated.inclusive,
                amount=amount,
                tax=stated.tax,
                value=amount + stated.tax,
            )
        )


def _close(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= TOLERANCE
