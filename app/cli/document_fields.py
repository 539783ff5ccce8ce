"""Changing the header of a document by hand: which fields there are, and amounts that agree."""

from collections.abc import Mapping
from typing import Any, Final

from app.cli import values
from app.cli.values import NotUnderstood
from workflow.changes import OWN_FIELDS
from workflow.documents import Document

READERS: Final = {
    name: reader
    for name, reader in values.readers_of(
        Document, without=["key", "lines", "more", "editors", "status", "run"]
    ).items()
    if name in OWN_FIELDS
}
AMOUNT: Final = "amount"
WITH_VAT: Final = "amount_including_vat"


def changes_of(document: Document, typed: Mapping[str, str]) -> dict[str, object]:
    """What changes, the other amounts included that follow from a changed one.

    Raises:
        NotUnderstood: an unknown field, a value that does not fit, or an amount that stays unsaid.
    """
    changes = values.read_values(typed, READERS)
    if AMOUNT in changes:
        _complete(changes, WITH_VAT, AMOUNT, same=document.amount == document.amount_including_vat)
    local = not changes.get("currency", document.currency)
    for name in (AMOUNT, WITH_VAT):
        if name in changes:
            _complete(changes, f"{name}_lcy", name, same=local)
    return changes


def _complete(changes: dict[str, Any], missing: str, given: str, *, same: bool) -> None:
    """What follows from the given amount need not be typed; what does not has to be."""
    if missing in changes:
        return
    if not same:
        raise NotUnderstood(f"{given} changes; give {missing} too, so that they agree")
    changes[missing] = changes[given]
