"""What the pages that import files have in common: what would change, and what is wrong."""

from dataclasses import dataclass

from notifications.readers import Reader
from web.refusals import refusal_view
from web.user_form import numbers_of
from workflow.errors import WorkflowError
from workflow.interchange.errors import ImportRefused
from workflow.interchange.numbers import NumberFormat
from workflow.phrases import in_words


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    caption: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ProblemView:
    file: str = ""
    row: str
    column: str
    value: str
    reason: str


def number_format(text: str, reader: Reader) -> NumberFormat:
    """As declared, else as the reader writes numbers."""
    return NumberFormat(text) if text in set(NumberFormat) else numbers_of(reader)


def unread(error: ImportRefused, reader: Reader) -> ProblemView:
    return ProblemView(
        file=error.file,
        row="" if error.row is None else str(error.row),
        column=error.column,
        value=error.value or "",
        reason=str(in_words(error.reason, reader.gettext)),
    )


def against(error: WorkflowError, reader: Reader) -> ProblemView:
    """What the import itself refuses."""
    if isinstance(error, ImportRefused):
        return unread(error, reader)
    return ProblemView(
        row="", column="", value="", reason=refusal_view(error, reader.language).message
    )
