"""What stands on a copy of a document: its texts, in the language of the one who reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from notifications.formatting import one_line
from notifications.readers import Company, Reader
from notifications.sentences import title
from notifications.views import LineView, cleaned, line_view
from workflow.events import DocumentCopy, DocumentFacts
from workflow.statuses import Area


@dataclass(frozen=True, kw_only=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A copy, ready to be drawn; nothing in it has to be looked up or formatted."""

    language: str
    made_at: datetime
    company: str
    title: str  # "Purchase order 106001"
    party: Fact
    facts: tuple[Fact, ...]
    columns: tuple[str, ...]
    lines: tuple[LineView, ...]
    totals: tuple[Fact, ...]  # the last is what is to be paid
    page: str  # "Page {page} of {pages}"
    fonts: tuple[str, ...] = ()  # files with letters that our own font lacks


def sheet(
    document: DocumentFacts, copy: DocumentCopy, at: datetime, *, company: Company, reader: Reader
) -> Sheet:
    """The copy of a document as it was *at* that moment."""
    document, copy = cleaned(document), cleaned(copy)
    gettext = reader.gettext
    return Sheet(
        language=reader.language,
        made_at=at,
        company=one_line(company.name),
        title=_capitalised(title(document, reader)),
        party=_party(document, reader),
        facts=tuple(_facts(document, copy, reader)),
        columns=(
            gettext("No."),
            gettext("Description"),
            gettext("Quantity"),
            gettext("Price"),
            gettext("Amount"),
        ),
        lines=tuple(line_view(line, document.currency, reader) for line in copy.lines),
        totals=_totals(document, reader),
        page=gettext("Page {page} of {pages}"),
        fonts=company.pdf_fonts,
    )


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _party(document: DocumentFacts, reader: Reader) -> Fact:
    purchase = document.area is Area.PURCHASE
    label = reader.gettext("Vendor") if purchase else reader.gettext("Customer")
    name = document.counterparty_name or document.counterparty_no
    return Fact(label=label, value=name)


def _facts(document: DocumentFacts, copy: DocumentCopy, reader: Reader) -> Iterator[Fact]:
    day = reader.formats.short_day
    currency = document.currency or reader.formats.local_currency
    known = (
        (reader.gettext("Document date"), document.document_date and day(document.document_date)),
        (reader.gettext("Due date"), copy.due_date and day(copy.due_date)),
        (reader.gettext("Your number"), document.external_document_no),
        (reader.gettext("Our number for you"), document.counterparty_no),
        (reader.gettext("Description"), document.description),
        (reader.gettext("Currency"), currency),
    )
    for label, value in known:
        if value:
            yield Fact(label=label, value=value)


def _totals(document: DocumentFacts, reader: Reader) -> tuple[Fact, ...]:
    vat = document.amount_including_vat - document.amount
    amounts = (
        (reader.gettext("Total excl. VAT"), document.amount),
        (reader.gettext("VAT"), vat),
        (reader.gettext("Total incl. VAT"), document.amount_including_vat),
    )
    money = reader.formats.money
    return tuple(
        Fact(label=label, value=money(amount, document.currency)) for label, amount in amounts
    )
