"""Mapping files: small texts that say whose columns are which of ours."""

import tomllib
from collections.abc import Collection, Mapping
from typing import Any

from workflow.interchange.column_mappings import (
    KNOWN_COLUMNS,
    ColumnMapping,
    FileKind,
    Product,
)
from workflow.interchange.csv_files import column_name
from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.interchange.numbers import AMOUNT_DECIMALS, NumberFormat
from workflow.phrases import phrase as _

MOST_FACTORS = 3


def mapping_from(text: str, *, file: str) -> ColumnMapping:
    """Read one mapping file; a word that means nothing in it is refused."""
    try:
        content = tomllib.loads(text)
        mapping = _mapping(content)
    except tomllib.TOMLDecodeError as error:
        raise ImportRefused(_("is not a mapping file ({error})", error=error), file=file) from None
    except KeyError as error:
        raise ImportRefused(_("the mapping does not say {error}", error=error), file=file) from None
    except (AttributeError, TypeError, ValueError) as error:
        raise ImportRefused(
            _("the mapping is not understood ({error})", error=error), file=file
        ) from None
    _refuse_unknown_names(mapping, content, file)
    return mapping


def _mapping(content: dict[str, Any]) -> ColumnMapping:
    """Take what we know out of the file; what stays behind is a mistake."""
    columns = content.pop("columns", {})
    products = content.pop("products", {})
    number_format = content.pop("number_format", None)
    return ColumnMapping(
        name=_text(content.pop("name")),
        kind=FileKind(content.pop("kind")),
        recognised_by=frozenset(map(column_name, content.pop("recognised_by"))),
        columns={ours: column_name(theirs) for ours, theirs in columns.items()},
        constants={ours: _text(value) for ours, value in content.pop("constants", {}).items()},
        products={ours: _product(rule) for ours, rule in products.items()},
        number_format=None if number_format is None else NumberFormat(number_format),
        local_currency=_text(content.pop("local_currency", "")),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotReadable(_("{value} should stand between quotes", value=value))
    return value


def _product(rule: Mapping[str, Any]) -> Product:
    factors = tuple(map(column_name, rule["multiply"]))
    decimals = rule.get("decimals", AMOUNT_DECIMALS)
    if not 1 <= len(factors) <= MOST_FACTORS or decimals not in range(AMOUNT_DECIMALS + 1):
        raise NotReadable(
            _(
                "up to {most_factors} factors and {amount_decimals} decimals",
                most_factors=MOST_FACTORS,
                amount_decimals=AMOUNT_DECIMALS,
            )
        )
    return Product(factors=factors, decimals=decimals)


def _refuse_unknown_names(mapping: ColumnMapping, rest: Collection[str], file: str) -> None:
    known = set(KNOWN_COLUMNS[mapping.kind])
    named = {*mapping.columns, *mapping.constants, *mapping.products}
    for name in sorted({*rest, *(named - known)}):
        reason = _(
            "the mapping names {name}, which is nothing we know of {kind}",
            name=name,
            kind=mapping.kind,
        )
        raise ImportRefused(reason, file=file)
