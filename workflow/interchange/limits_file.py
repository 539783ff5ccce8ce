"""Approval limits by level, job or person: a small table applied while users are imported.

Each row says for whom (`column` = `value` in the users file) and which limits; an empty limit says
nothing, and a later row wins over an earlier one.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflow.interchange.csv_files import Row, Table, column_name
from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.interchange.numbers import NumberFormat, limit
from workflow.phrases import phrase as _

LIMITS = ("sales_limit", "purchase_limit", "request_limit")


@dataclass(frozen=True, kw_only=True)
class LimitRule:
    """The limits of everyone whose `column` says `value`."""

    column: str
    value: str
    limits: Mapping[str, Decimal | None]  # None: unlimited
    row: int


@dataclass(frozen=True, kw_only=True)
class LimitRules:
    """All rules of one file, in their order."""

    rules: tuple[LimitRule, ...]
    file: str

    def limits_of(self, cells: Mapping[str, str]) -> dict[str, Decimal | None]:
        """Give the limits of the person in this row of the users file."""
        limits: dict[str, Decimal | None] = {}
        for rule in self.rules:
            if _matches(rule, cells):
                limits.update(rule.limits)
        return limits

    def refuse_idle_rules(self, users: Table) -> None:
        """Refuse a rule that fits nobody: somebody would silently have the wrong limit."""
        for rule in self.rules:
            if not any(_matches(rule, row.cells) for row in users.rows):
                reason = _("fits nobody in {file}", file=users.file)
                raise ImportRefused(
                    reason, file=self.file, row=rule.row, column=rule.column, value=rule.value
                )


def limit_rules(table: Table, number_format: NumberFormat) -> LimitRules:
    """Read the rules; columns are column, value and at least one limit."""
    given = [name for name in LIMITS if name in table.header]
    unknown = set(table.header) - {"column", "value", *LIMITS}
    if unknown or not given or not {"column", "value"} <= set(table.header):
        columns = ", ".join(("column", "value", *LIMITS))
        raise ImportRefused(
            _("is not a file of limits; its columns are {columns}", columns=columns),
            file=table.file,
        )
    rules = tuple(_rule(row, given, table.file, number_format) for row in table.rows)
    return LimitRules(rules=rules, file=table.file)


def _rule(row: Row, given: list[str], file: str, written: NumberFormat) -> LimitRule:
    limits = {}
    for name in given:
        text = row.cells[name].strip()
        if not text:
            continue
        try:
            limits[name] = limit(text, written)
        except NotReadable as error:
            raise ImportRefused(
                error.reason, file=file, row=row.number, column=name, value=text
            ) from None
    column, value = column_name(row.cells["column"]), _same(row.cells["value"])
    return LimitRule(column=column, value=value, limits=limits, row=row.number)


def _matches(rule: LimitRule, cells: Mapping[str, str]) -> bool:
    return _same(cells.get(rule.column, "")) == rule.value


def _same(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
