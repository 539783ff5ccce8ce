"""Our values as JSON has them: the same today and tomorrow, so that programs can rely on it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from workflow.documents import DocumentKey


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any value of ours, any value of JSON
    """As JSON has it: amounts as text, moments and dates in ISO form."""
    match value:
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case DocumentKey():
            return str(value)
        case Enum():
            return value.value
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case str() | int() | float() | None:
            return value
        case Iterable():
            return [plain(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return str(value)
