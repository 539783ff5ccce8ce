"""Elements of an electronic document, asked by path for text, amounts and dates."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TypeVar
from xml.etree.ElementTree import Element

from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.interchange.local_amounts import currency_code
from workflow.interchange.numbers import AMOUNT_DECIMALS, day, in_range
from workflow.phrases import phrase as _

XML_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})")
COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
DATE_AND_MORE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*|Z|[-+][0-9]{2}:[0-9]{2})?")
LONGEST_TEXT = 2_000
EXACT = Context(prec=60)
STEP = Decimal(1).scaleb(-AMOUNT_DECIMALS)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Node:
    """One element; paths use the prefixes of the document's standard."""

    element: Element
    names: Mapping[str, str]  # prefix to namespace
    file: str

    def text(self, *paths: str) -> str:
        """Give the first of the paths that has text, on one line."""
        for path in paths:
            for found in self.element.iterfind(path, dict(self.names)):
                text = " ".join(unicodedata.normalize("NFC", found.text or "").split())
                if text:
                    return text[:LONGEST_TEXT]
        return ""

    def attribute(self, path: str, name: str) -> str:
        found = self.element.find(path, dict(self.names))
        return "" if found is None else (found.get(name) or "").strip()

    def all(self, path: str) -> Iterator["Node"]:
        for found in self.element.iterfind(path, dict(self.names)):
            yield Node(found, self.names, self.file)

    def first(self, *paths: str) -> "Node":
        """Give the first element found, or an empty one in which nothing is found."""
        for path in paths:
            for node in self.all(path):
                return node
        return Node(Element("nothing"), self.names, self.file)

    def number(self, path: str) -> Decimal | None:
        """Give a quantity in full; None where there is none."""
        return self._read(path, self.text(path), _plain)

    def number_in(self, attribute: str) -> Decimal | None:
        return self._read(attribute, self.attribute(".", attribute), _plain)

    def price(self, path: str, currency: str) -> Decimal | None:
        """Give a price in full."""
        self._refuse_other_currency(path, currency)
        return self.number(path)

    def money(self, path: str, currency: str) -> Decimal | None:
        """Give an amount in the document's currency; more than four decimals are refused."""
        self._refuse_other_currency(path, currency)
        return self._read(path, self.text(path), _amount)

    def currency(self, text: str, path: str) -> str:
        if not text:
            raise self.refused(path, _("is missing: the document names no currency"))
        try:
            return currency_code(text)
        except NotReadable as error:
            raise self.refused(path, error.reason, value=text) from None

    def day(self, *paths: str) -> date | None:
        """Give a date, written 2026-12-31 (a time or zone may follow) or 20261231."""
        return self._read(paths[0], self.text(*paths), _day)

    def day_in(self, attribute: str) -> date | None:
        return self._read(attribute, self.attribute(".", attribute), _day)

    def refused(self, path: str, reason: str, *, value: str | None = None) -> ImportRefused:
        return ImportRefused(reason, file=self.file, column=local_name(path), value=value)

    def _refuse_other_currency(self, path: str, currency: str) -> None:
        for name in ("currencyID", "currency"):
            stated = self.attribute(path, name)
            if stated not in {"", currency}:
                raise self.refused(
                    path,
                    _("is not {currency}, the document's currency", currency=currency),
                    value=stated,
                )

    def _read(self, path: str, text: str, understand: Callable[[str], Value]) -> Value | None:
        try:
            return understand(text) if text else None
        except NotReadable as error:
            raise self.refused(path, error.reason, value=text) from None


def local_name(path: str) -> str:
    """Name the last step of a path without prefix or namespace."""
    return re.split(r"[/:}]", path)[-1]


def to_four_decimals(exact: Decimal) -> Decimal:
    """Round a quantity, a price or their product; only stated amounts are never rounded."""
    return in_range(exact.quantize(STEP, rounding=ROUND_HALF_UP, context=EXACT))


def _plain(text: str) -> Decimal:
    if not XML_DECIMAL.fullmatch(text):
        raise NotReadable(_("is not a number"))
    return in_range(Decimal(text))


def _amount(text: str) -> Decimal:
    exact = _plain(text)
    rounded = to_four_decimals(exact)
    if rounded != exact:
        raise NotReadable(
            _("has more than {amount_decimals} decimals", amount_decimals=AMOUNT_DECIMALS)
        )
    return rounded


def _day(text: str) -> date:
    compact = COMPACT_DATE.fullmatch(text)
    longer = DATE_AND_MORE.fullmatch(text)
    if compact:
        return day("-".join(compact.groups()))
    return day(longer[1] if longer else text)
