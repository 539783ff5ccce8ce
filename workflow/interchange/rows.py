"""Rows read through a mapping: ask for our column, get its value or a refusal naming theirs."""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from difflib import get_close_matches
from typing import TypeVar

from workflow.interchange.captions import OURS
from workflow.interchange.column_mappings import KNOWN_COLUMNS, ColumnMapping, FileKind, Product
from workflow.interchange.csv_files import Row, Table
from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.interchange.numbers import RATE_DECIMALS, NumberFormat, day, in_range, number
from workflow.phrases import listed
from workflow.phrases import phrase as _

EXACT = Context(prec=60)  # the product of two amounts in full
Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class MappedRow:
    """One row of a file, asked by our names."""

    file: str
    row: Row
    mapping: ColumnMapping
    number_format: NumberFormat

    def text(self, ours: str) -> str:
        """Give the text without surrounding blanks; nothing when there is no such column."""
        constant = self.mapping.constants.get(ours)
        cell = self.row.cells.get(self.mapping.columns.get(ours, ""), "")
        return unicodedata.normalize("NFC", cell if constant is None else constant).strip()

    def code(self, ours: str) -> str:
        """Give a text that names something: a number, a user, an address."""
        return self.read(ours, code)

    def amount(self, ours: str) -> Decimal | None:
        """Give a number, or None where there is none."""
        product = self.mapping.products.get(ours)
        if product:
            return self._product(ours, product)
        return self.read(ours, self._number) if self.text(ours) else None

    def day(self, ours: str) -> date | None:
        return self.read(ours, day) if self.text(ours) else None

    def read(self, ours: str, understand: Callable[[str], Value]) -> Value:
        """Turn the text into a value, or refuse the row."""
        text = self.text(ours)
        try:
            return understand(text)
        except NotReadable as error:
            raise self.refused(ours, error.reason, value=text) from None

    def refused(self, ours: str, reason: str, *, value: str | None = None) -> ImportRefused:
        """Say what is wrong with this row, in the column a person will look for."""
        column = self.mapping.column_named(ours)
        return ImportRefused(
            reason, file=self.file, row=self.row.number, column=column, value=value
        )

    def _product(self, ours: str, product: Product) -> Decimal:
        result = Decimal(1)
        for column in product.factors:
            result = EXACT.multiply(result, self._factor(column))
        step = Decimal(1).scaleb(-product.decimals)
        try:
            return in_range(result.quantize(step, rounding=ROUND_HALF_UP, context=EXACT))
        except NotReadable as error:
            raise self.refused(
                ours, listed([ours, error.reason], ": "), value=str(result)
            ) from None

    def _factor(self, column: str) -> Decimal:
        text = self.row.cells[column]
        try:
            return number(text, self.number_format, RATE_DECIMALS)
        except NotReadable as error:
            row = self.row.number
            raise ImportRefused(
                error.reason, file=self.file, row=row, column=column, value=text
            ) from None

    def _number(self, text: str) -> Decimal:
        return number(text, self.number_format)


@dataclass(frozen=True, kw_only=True)
class MappedTable:
    """A file of which it is known what its columns are."""

    table: Table
    mapping: ColumnMapping
    number_format: NumberFormat

    @property
    def file(self) -> str:
        return self.table.file

    def rows(self) -> Iterator[MappedRow]:
        for row in self.table.rows:
            yield MappedRow(
                file=self.file, row=row, mapping=self.mapping, number_format=self.number_format
            )


def mapped(table: Table, mapping: ColumnMapping, number_format: NumberFormat) -> MappedTable:
    """Join file and mapping; columns that would be lost or are missing are refused."""
    _refuse_missing_columns(table, mapping)
    if not mapping.ignores_other_columns:
        _refuse_unknown_columns(table, mapping.kind)
    return MappedTable(
        table=table, mapping=mapping, number_format=mapping.number_format or number_format
    )


def check_pairs(pairs: Mapping[str, str], tables: Collection[MappedTable]) -> None:
    """Refuse a `--map ours=theirs` that fits none of the files: it is a slip of the pen."""
    for ours, theirs in pairs.items():
        if not any(table.mapping.columns.get(ours) == theirs for table in tables):
            files = ", ".join(table.file for table in tables)
            reason = _(
                "{ours}={theirs} fits no column: either we have no {ours} or the file no {theirs}",
                ours=ours,
                theirs=theirs,
            )
            raise ImportRefused(reason, file=files)


def _refuse_missing_columns(table: Table, mapping: ColumnMapping) -> None:
    factors = [column for product in mapping.products.values() for column in product.factors]
    for column in (*mapping.columns.values(), *factors):
        if column not in table.header:
            reason = _("the column is missing; {name} have it", name=mapping.name)
            raise ImportRefused(reason, file=table.file, row=1, column=column)


def _refuse_unknown_columns(table: Table, kind: FileKind) -> None:
    known = KNOWN_COLUMNS[kind]
    for column in table.header:
        if column not in OURS[kind]:
            close = get_close_matches(column, OURS[kind], n=1)
            hint = (
                _("did you mean {value}?", value=close[0])
                if close
                else _("known are {value}", value=", ".join(known))
            )
            reason = _("the column is not known; {hint}", hint=hint)
            raise ImportRefused(reason, file=table.file, row=1, column=column)


def code(text: str) -> str:
    """Take a text that names something; names have no line breaks."""
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        raise NotReadable(_("has a line break or another control character"))
    return text
