"""Cells a spreadsheet would run as a formula: quoted on the way out, unquoted on the way in."""

from workflow.interchange.numbers import is_number

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
QUOTE = "'"


def exported(value: str) -> str:
    """Write a cell so that no spreadsheet runs it; numbers stay numbers."""
    return QUOTE + value if _looks_like_formula(value) and not is_number(value) else value


def imported(cell: str) -> str:
    """Take off exactly the one quote that `exported` put on."""
    return cell[1:] if cell.startswith(QUOTE) and _looks_like_formula(cell) else cell


def _looks_like_formula(value: str) -> bool:
    # Quotes before the sign count too, so that a cell that already has one comes back with it.
    return value.lstrip(QUOTE).startswith(STARTS_A_FORMULA)
