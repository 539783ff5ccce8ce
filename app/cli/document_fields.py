"""The header fields of a document that can be changed by hand, and how they are typed."""

from collections.abc import Mapping
from typing import Final

from app.cli import values
from workflow.changes import OWN_FIELDS
from workflow.documents import Document

READERS: Final = {
    name: reader
    for name, reader in values.readers_of(
        Document, without=["key", "lines", "more", "editors", "status", "run"]
    ).items()
    if name in OWN_FIELDS
}


def changes_of(typed: Mapping[str, str]) -> dict[str, object]:
    """What was typed, as the fields have it; what follows from it is the workflow's matter.

    Raises:
        NotUnderstood: an unknown field, or a value that does not fit.
    """
    return values.read_values(typed, READERS)
