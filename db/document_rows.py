"""Documents, runs and entries as rows of their tables, and what changed between two times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from db.tables import approval_entries, approval_runs, documents
from workflow.approval_entries import ApprovalEntry, ApprovalRun
from workflow.documents import Document, DocumentKey

Columns = dict[str, Any]
Values = tuple[Any, ...]  # of all columns, in the table's order

KEY_NAMES = ("area", "document_type", "number")
DOCUMENT_NAMES = tuple(
    name
    for name in documents.columns.keys()  # noqa: SIM118 - iterating gives columns
    if name not in {"id", *KEY_NAMES}
)
RUN_NAMES = tuple(
    name
    for name in approval_runs.columns.keys()  # noqa: SIM118
    if name not in {"id", "document_id"}
)
ENTRY_NAMES = tuple(
    name
    for name in approval_entries.columns.keys()  # noqa: SIM118
    if name not in {"id", "run_id"}
)

_MORE = DOCUMENT_NAMES.index("more")
_document_values: Callable[[Document], Sequence[Any]] = attrgetter(*DOCUMENT_NAMES)
_run_values: Callable[[ApprovalRun], Sequence[Any]] = attrgetter(*RUN_NAMES)
_entry_values: Callable[[ApprovalEntry], Sequence[Any]] = attrgetter(*ENTRY_NAMES)


def document_columns(document: Document) -> Columns:
    return dict(zip(DOCUMENT_NAMES, _document_values(document), strict=True))


def run_columns(run: ApprovalRun) -> Columns:
    return dict(zip(RUN_NAMES, _run_values(run), strict=True))


def entry_columns(entry: ApprovalEntry) -> Columns:
    return dict(zip(ENTRY_NAMES, _entry_values(entry), strict=True))


def changed(names: Sequence[str], before: Values, after: Values) -> Columns:
    """The columns with another value than before; all of them where there was nothing."""
    if before == after:
        return {}
    if not before:
        return dict(zip(names, after, strict=True))
    both = zip(names, before, after, strict=True)
    return {name: new for name, old, new in both if old != new}


@dataclass(kw_only=True)
class Stored:
    """A document as it is in the database now; empty parts are not there yet."""

    document: Values = ()
    run_id: int | None = None
    run: Values = ()
    entries: dict[int, Values] = field(default_factory=dict)


def stored(document: Document) -> Stored:
    run = document.run
    if run is None:
        return Stored(document=_kept(document))
    return Stored(
        document=_kept(document),
        run_id=run.id,
        run=tuple(_run_values(run)),
        entries={
            entry.id: tuple(_entry_values(entry)) for entry in run.entries if entry.id is not None
        },
    )


def _kept(document: Document) -> Values:
    """With a copy of what may be changed in place."""
    values = list(_document_values(document))
    values[_MORE] = dict(document.more)
    return tuple(values)


def is_new(run: ApprovalRun | None) -> bool:
    """Whether the run or an entry of it has never been stored."""
    return run is not None and (run.id is None or any(entry.id is None for entry in run.entries))


# --- from rows -----------------------------------------------------------------------------


def document_from(row: Sequence[Any]) -> Document:
    """A row of ``documents``, its columns in the table's order; the run is added later."""
    document_id, area, document_type, number, *values = row
    columns = dict(zip(DOCUMENT_NAMES, values, strict=True))
    del columns["run_no"]
    return Document(id=document_id, key=DocumentKey(area, document_type, number), **columns)


def run_from(row: Sequence[Any]) -> ApprovalRun:
    """The columns of ``approval_runs`` that are not keys to others, the id first."""
    run_id, *values = row
    return ApprovalRun(id=run_id, **dict(zip(RUN_NAMES, values, strict=True)))


def entry_from(row: Sequence[Any]) -> ApprovalEntry:
    """The columns of ``approval_entries`` without the run's id, the id first."""
    entry_id, *values = row
    return ApprovalEntry(id=entry_id, **dict(zip(ENTRY_NAMES, values, strict=True)))
