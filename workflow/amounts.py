"""The four amounts of a document agree with each other, with its currency and with its lines.

An amount could otherwise grow while the one that is compared with the limits stays behind.
"""

from dataclasses import replace
from decimal import Decimal

from workflow.currencies import currency_code
from workflow.documents import Document, DocumentLine
from workflow.errors import BadValue
from workflow.phrases import phrase as _

ADJUSTMENT = "Adjustment of the total"
PLACES = 4
# What the ERP says about a document: by hand only an administrator changes it.
ERP_FACTS = frozenset({"currency", "amount_lcy", "amount_including_vat_lcy", "prepayment_unpaid"})
_AMOUNTS = ("amount", "amount_including_vat", "amount_lcy", "amount_including_vat_lcy")


def settled(document: Document, fields: dict[str, object]) -> dict[str, object]:
    """The fields with everything that follows from them.

    A new amount takes the VAT, the local amounts and the lines along; in local currency both
    amounts are the same; with another currency its local amount has to be said.

    Raises:
        BadValue: an amount is no amount, or contradicts another.
    """
    if not {*_AMOUNTS, "currency", "lines"} & fields.keys():
        return fields
    for name in _AMOUNTS:
        if name in fields and not isinstance(fields[name], Decimal):
            raise BadValue(name, fields[name], _("is not an amount"))
    if "currency" in fields:
        currency_code(fields["currency"])
    amount = _amount(document, fields)
    whole = {"amount": amount, "amount_including_vat": _including(document, fields, amount)}
    whole |= _local(document, fields, whole)
    changed = {name: value for name, value in whole.items() if value != getattr(document, name)}
    lines = {} if "lines" in fields or amount == document.amount else _lines(document, amount)
    return {**fields, **changed, **lines}


def _amount(document: Document, fields: dict[str, object]) -> Decimal:
    given, lines = fields.get("amount"), fields.get("lines")
    if not isinstance(lines, tuple) or not lines:
        return given if isinstance(given, Decimal) else document.amount
    total = sum((line.amount for line in lines), Decimal(0))
    if isinstance(given, Decimal) and given != total:
        raise BadValue(
            "amount", str(given), _("is not what the lines add up to, {total}", total=total)
        )
    return total


def _including(document: Document, fields: dict[str, object], amount: Decimal) -> Decimal:
    given = fields.get("amount_including_vat")
    if isinstance(given, Decimal):
        return given
    return _scaled(document.amount_including_vat, amount, document.amount)


def _local(
    document: Document, fields: dict[str, object], whole: dict[str, Decimal]
) -> dict[str, Decimal]:
    if not fields.get("currency", document.currency):
        return _in_local_currency(fields, whole)
    local: dict[str, Decimal] = {}
    for name, value in whole.items():
        given = fields.get(f"{name}_lcy")
        old = getattr(document, name)
        if isinstance(given, Decimal):
            local[f"{name}_lcy"] = given
        elif (old or value == old) and _same_rate(document, fields, whole["amount"]):
            local[f"{name}_lcy"] = _scaled(getattr(document, f"{name}_lcy"), value, old)
        elif name == "amount" or not whole["amount"]:
            raise BadValue(
                name, str(value), _("needs {name}_lcy, what it is in local currency", name=name)
            )
        else:
            local[f"{name}_lcy"] = _scaled(local["amount_lcy"], value, whole["amount"])
    return local


def _in_local_currency(fields: dict[str, object], whole: dict[str, Decimal]) -> dict[str, Decimal]:
    for name, value in whole.items():
        given = fields.get(f"{name}_lcy", value)
        if given != value:
            raise BadValue(
                f"{name}_lcy",
                str(given),
                _("is not {value}, the amount itself", value=value),
            )
    return {f"{name}_lcy": value for name, value in whole.items()}


def _same_rate(document: Document, fields: dict[str, object], amount: Decimal) -> bool:
    """Whether the currency, and what it is worth, stay as they were."""
    as_before = _scaled(document.amount_lcy, amount, document.amount)
    same_currency = fields.get("currency", document.currency) == document.currency
    return same_currency and fields.get("amount_lcy", as_before) == as_before


def _scaled(other: Decimal, new: Decimal, old: Decimal) -> Decimal:
    """What moves along with an amount, in the same proportion."""
    if new == old:
        return other
    return round(other * new / old, PLACES) if old else new


def _lines(document: Document, amount: Decimal) -> dict[str, object]:
    """One line keeps the whole amount; several get one more that says what was adjusted."""
    if not document.lines:
        return {}
    if len(document.lines) == 1:
        line = replace(document.lines[0], quantity=Decimal(1), unit_price=amount, amount=amount)
        return {"lines": (line,)}
    own = tuple(line for line in document.lines if line.description != ADJUSTMENT)
    own = own or document.lines[:1]
    return {"lines": adding_up(own, amount)}


def adding_up(lines: tuple[DocumentLine, ...], amount: Decimal) -> tuple[DocumentLine, ...]:
    """The lines with one more for what they lack or have too much, such as allowances."""
    difference = amount - sum((line.amount for line in lines), Decimal(0))
    if not difference or not lines:
        return lines
    adjustment = DocumentLine(
        line_no=max(line.line_no for line in lines) + 10000,
        line_type="charge",
        description=ADJUSTMENT,
        unit_price=difference,
        amount=difference,
    )
    return (*lines, adjustment)
