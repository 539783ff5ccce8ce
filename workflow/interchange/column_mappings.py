"""Which column of somebody else's file is which of ours."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from workflow.interchange.numbers import AMOUNT_DECIMALS, NumberFormat


class FileKind(StrEnum):
    """What the rows of a file are."""

    USERS = "users"
    DOCUMENTS = "documents"
    LINES = "lines"


KNOWN_COLUMNS: Mapping[FileKind, tuple[str, ...]] = {
    FileKind.USERS: (
        *("user_id", "full_name", "email", "phone", "salesperson_purchaser_code"),
        *("approver", "substitute", "substitute_from", "substitute_to"),
        *("sales_limit", "purchase_limit", "request_limit"),
        *("administrator", "language", "time_zone"),
    ),
    FileKind.DOCUMENTS: (
        *("number", "area", "type", "document_date", "due_date", "amount", "amount_including_vat"),
        *("currency", "amount_lcy", "amount_including_vat_lcy", "salesperson_purchaser_code"),
        *("counterparty_no", "counterparty_name", "requester"),
        *("external_document_no", "description"),
    ),
    FileKind.LINES: (
        *("number", "line_no", "type", "item_no", "description"),
        *("quantity", "unit_price", "amount"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Product:
    """An amount the file has only as factors: local-currency amount and exchange rate."""

    factors: tuple[str, ...]  # their columns
    decimals: int = AMOUNT_DECIMALS


@dataclass(frozen=True, kw_only=True)
class ColumnMapping:
    """How the rows of one kind of file are read."""

    name: str
    kind: FileKind
    recognised_by: frozenset[str]  # a file with all these columns is read this way
    columns: Mapping[str, str] = field(default_factory=dict)  # ours = theirs
    constants: Mapping[str, str] = field(default_factory=dict)  # what every row has
    products: Mapping[str, Product] = field(default_factory=dict)
    number_format: NumberFormat | None = None  # None: as the person says
    local_currency: str = ""  # this currency is the local currency
    ignores_other_columns: bool = True

    def has(self, ours: str) -> bool:
        return ours in self.columns or ours in self.constants or ours in self.products

    def column_named(self, ours: str) -> str:
        """Name the column of the file in which a person finds this value."""
        product = self.products.get(ours)
        return product.factors[0] if product else self.columns.get(ours, ours)


OWN_MARKS = {
    FileKind.LINES: frozenset({"number", "line_no"}),
    FileKind.DOCUMENTS: frozenset({"number"}),
    FileKind.USERS: frozenset({"user_id"}),
}


def own_mapping(kind: FileKind, columns: Mapping[str, str]) -> ColumnMapping:
    """Read a file that has our own names of columns, or captions we know."""
    return ColumnMapping(
        name=kind.value,
        kind=kind,
        recognised_by=OWN_MARKS[kind],
        columns=columns,
        ignores_other_columns=False,
    )


def recognised(
    header: Collection[str], mappings: Collection[ColumnMapping]
) -> ColumnMapping | None:
    """Find the mapping whose marks are all in the header; of several the one with most marks."""
    fitting = [mapping for mapping in mappings if mapping.recognised_by <= set(header)]
    return max(fitting, key=lambda mapping: len(mapping.recognised_by), default=None)


def with_pairs(
    mapping: ColumnMapping, pairs: Mapping[str, str], header: Collection[str]
) -> ColumnMapping:
    """Apply `--map ours=theirs`; a pair wins over what the mapping says."""
    known = KNOWN_COLUMNS[mapping.kind]
    said = {ours: theirs for ours, theirs in pairs.items() if ours in known and theirs in header}
    if not said:
        return mapping
    return replace(
        mapping,
        columns={**mapping.columns, **said},
        constants={ours: value for ours, value in mapping.constants.items() if ours not in said},
        products={ours: rule for ours, rule in mapping.products.items() if ours not in said},
        ignores_other_columns=True,
    )
