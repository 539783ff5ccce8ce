"""A document as another program says it, and as the workflow takes it."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from web.api.values import (
    AmountText,
    Day,
    Flag,
    Given,
    Line,
    Money,
    Name,
    Text,
    Whole,
    decimal,
)
from workflow.amounts import settled
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.errors import BadValue
from workflow.phrases import phrase as _

MOST_LINES: Final = 2000
ZERO: Final = Decimal(0)
FIRST_LINE: Final = 10_000
KEPT: Final = ("requester", "prepayment_unpaid")  # not said, which does not mean nobody


class GivenLine(Given):
    line_no: Whole
    line_type: Name = "item"
    item_no: Name = ""
    description: Line = ""
    quantity: AmountText = "1"
    unit_price: AmountText = "0"
    amount: AmountText | None = Field(None, description="Without it, quantity times unit price.")

    def line(self) -> DocumentLine:
        quantity, price = decimal(self.quantity), decimal(self.unit_price)
        amount = quantity * price if self.amount is None else decimal(self.amount)
        return DocumentLine(
            line_no=self.line_no,
            line_type=self.line_type,
            item_no=self.item_no,
            description=self.description,
            quantity=quantity,
            unit_price=price,
            amount=amount,
        )


class GivenDocument(Given):
    """The whole document as it is now; what is left out gets its default.

    Only *requester* and *prepayment_unpaid* stay as they are when they are left out.
    """

    amount: Annotated[Money, Field(description="Excluding VAT.")]
    amount_including_vat: Money | None = None
    amount_lcy: Annotated[
        Money | None,
        Field(description="In the company's currency; needed when *amount* is in another one."),
    ] = None
    amount_including_vat_lcy: Money | None = None
    document_date: Day | None = None
    due_date: Day | None = None
    salesperson_purchaser_code: Name = ""
    counterparty_no: Name = ""
    counterparty_name: Line = ""
    requester: Name = ""
    external_document_no: Name = ""
    description: Text = ""
    prepayment_unpaid: Flag = False
    lines: Annotated[
        list[GivenLine],
        Field(
            default_factory=list,
            max_length=MOST_LINES,
            description="Without any, one line has the whole amount.",
        ),
    ]

    def fields(self, local_currency: str) -> dict[str, object]:
        """By the workflow's names.

        Raises:
            BadValue
        """
        plain: dict[str, object] = {
            name: getattr(self, name) for name in _PLAIN if name in self._said
        }
        amount = decimal(self.amount.amount)
        currency = self.amount.currency
        fields = plain | {
            "amount": amount,
            "amount_including_vat": amount,
            "currency": "" if currency == local_currency else currency,
            "lines": self._lines(amount),
        }
        for name, wanted in _IN.items():
            money: Money | None = getattr(self, name)
            expected = local_currency if wanted == "local" else currency
            if money is not None and money.currency != expected:
                raise BadValue(name, money.currency, _("is not {expected}", expected=expected))
            if money is not None:
                fields[name] = decimal(money.amount)
        return fields

    def new_document(self, key: DocumentKey, local_currency: str) -> Document:
        """
        Raises:
            BadValue
        """
        blank = Document(
            key=key,
            amount=ZERO,
            amount_including_vat=ZERO,
            amount_lcy=ZERO,
            amount_including_vat_lcy=ZERO,
        )
        return replace(blank, **settled(blank, self.fields(local_currency)))  # type: ignore[arg-type]

    @property
    def _said(self) -> set[str]:
        return {name for name in _PLAIN if name not in KEPT or name in self.model_fields_set}

    def _lines(self, amount: Decimal) -> tuple[DocumentLine, ...]:
        if not self.lines:
            whole = self.description.split("\n")[0][:100]
            return (
                DocumentLine(
                    line_no=FIRST_LINE, description=whole, unit_price=amount, amount=amount
                ),
            )
        numbers = [line.line_no for line in self.lines]
        if len(set(numbers)) < len(numbers):
            raise BadValue("lines", "line_no", _("names a line twice"))
        return tuple(line.line() for line in self.lines)


_PLAIN: Final = (
    "document_date",
    "due_date",
    "salesperson_purchaser_code",
    "counterparty_no",
    "counterparty_name",
    "requester",
    "external_document_no",
    "description",
    "prepayment_unpaid",
)
_IN: Final = {
    "amount_including_vat": "its own",
    "amount_lcy": "local",
    "amount_including_vat_lcy": "local",
}
