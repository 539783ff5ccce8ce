"""Why a file, or one value in it, is not accepted."""

import unicodedata

from workflow.errors import WorkflowError
from workflow.phrases import Phrase, listed
from workflow.phrases import phrase as _

LONGEST_VALUE = 60  # a refusal is one line on a screen
LONGEST_REASON = 400
LONGEST_NAME = 120


class NotReadable(ValueError):
    """A text is not the number, date or word it should be; the message says what is wrong."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason  # a phrase, where it is words of ours


class ImportRefused(WorkflowError):
    """A file is not accepted; the message names file, row, column and value where known."""

    code = "IMPORT_REFUSED"
    template = "{}: {}"

    def __init__(
        self,
        reason: str,
        *,
        file: str,
        row: int | None = None,
        column: str = "",
        value: str | None = None,
    ) -> None:
        self.file = one_line(file, LONGEST_NAME)
        self.row = row
        self.column = one_line(column, LONGEST_NAME)
        self.value = None if value is None else one_line(value, LONGEST_VALUE)
        self.reason = _short(reason)
        super().__init__(self._place(), self._complaint())

    def _place(self) -> Phrase:
        row = "" if self.row is None else _("row {row}", row=self.row)
        return listed([part for part in (self.file, row, self.column) if part])

    def _complaint(self) -> str:
        return self.reason if self.value is None else Phrase('"{}" {}', self.value, self.reason)


def _short(reason: str) -> str:
    """One line in every language."""
    if isinstance(reason, Phrase):
        return reason.with_values(lambda text: one_line(text, LONGEST_REASON // 2))
    return one_line(reason, LONGEST_REASON)


def one_line(text: str, longest: int) -> str:
    """Keep a stranger's text from breaking the line, the terminal or the log it is shown in."""
    shown = text[: longest + 1]
    clean = "".join(" " if character in "\t\r\n" else character for character in shown)
    clean = "".join(character for character in clean if not _is_invisible(character))
    return clean if len(text) <= longest else clean[: longest - 1] + "…"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
