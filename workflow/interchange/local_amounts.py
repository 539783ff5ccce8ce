"""The amounts of a document header: with and without VAT, in its currency and in the local one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal

from workflow.currencies import WHAT_IS_WRONG, is_currency_code
from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.interchange.numbers import AMOUNT_DECIMALS, in_range
from workflow.interchange.records import ImportedDocument
from workflow.interchange.rows import MappedRow
from workflow.phrases import phrase as _

EXACT = Context(prec=60)
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What a document costs."""

    amount: Decimal
    amount_including_vat: Decimal
    currency: str  # empty: local currency
    amount_lcy: Decimal | None  # None: not said
    amount_including_vat_lcy: Decimal | None


def amounts_of(row: MappedRow, amount: Decimal, local_currency: str) -> Amounts:
    """Complete the amounts of one row; without a VAT column both amounts are the same."""
    including = row.amount("amount_including_vat")
    including = amount if including is None else including
    currency = _currency(row, local_currency)
    if not currency:
        return _local(row, amount, including)
    amount_lcy = row.amount("amount_lcy")
    including_lcy = row.amount("amount_including_vat_lcy")
    if including_lcy is None:
        including_lcy = row.read("amount_lcy", lambda _: _converted(including, amount, amount_lcy))
    return Amounts(
        amount=amount,
        amount_including_vat=including,
        currency=currency,
        amount_lcy=amount_lcy,
        amount_including_vat_lcy=including_lcy,
    )


def at_the_rate(document: ImportedDocument, rates: Mapping[str, Decimal]) -> ImportedDocument:
    """Complete a document that does not say what it costs in local currency, where we can.

    Raises:
        ImportRefused: the amount in local currency is too large.
    """
    rate = rates.get(document.currency)
    if document.amount_lcy is not None or rate is None:
        return document
    try:
        return replace(
            document,
            amount_lcy=_times(document.amount, rate),
            amount_including_vat_lcy=_times(document.amount_including_vat, rate),
        )
    except NotReadable as error:
        raise ImportRefused(
            error.reason, file=document.source, row=document.row, column="amount_lcy"
        ) from None


def _times(amount: Decimal, rate: Decimal) -> Decimal:
    exact = EXACT.multiply(amount, rate)
    return in_range(exact.quantize(CENT, rounding=ROUND_HALF_UP, context=EXACT))


def currency_code(text: str) -> str:
    """Take a currency as ISO 4217 writes it; nothing means the local currency."""
    if text and not is_currency_code(text):
        raise NotReadable(WHAT_IS_WRONG)
    return text


def _currency(row: MappedRow, local_currency: str) -> str:
    currency = row.read("currency", currency_code)
    local = row.mapping.local_currency or local_currency  # the file knows best what it is about
    return "" if currency == local else currency


def _local(row: MappedRow, amount: Decimal, including: Decimal) -> Amounts:
    """Refuse a local-currency amount that contradicts the amount it should equal."""
    for ours, expected in (("amount_lcy", amount), ("amount_including_vat_lcy", including)):
        stated = row.amount(ours)
        if stated is not None and stated != expected:
            reason = _(
                "differs from {expected}, though the document is in local currency",
                expected=expected,
            )
            raise row.refused(ours, reason, value=str(stated))
    return Amounts(
        amount=amount,
        amount_including_vat=including,
        currency="",
        amount_lcy=amount,
        amount_including_vat_lcy=including,
    )


def _converted(including: Decimal, amount: Decimal, amount_lcy: Decimal | None) -> Decimal | None:
    """Convert at the rate the other two amounts imply."""
    if amount_lcy is None or not amount:
        return None
    rate = EXACT.divide(amount_lcy, amount)
    step = Decimal(1).scaleb(-AMOUNT_DECIMALS)
    exact = EXACT.multiply(including, rate)
    return in_range(exact.quantize(step, rounding=ROUND_HALF_UP, context=EXACT))
