"""Why a file, or one value in it, is not accepted."""

import unicodedata

from workflow.errors import WorkflowError

LONGEST_VALUE = 60  # a refusal is one line on a screen
LONGEST_REASON = 400
LONGEST_NAME = 120


class NotReadable(ValueError):
    """A text is not the number, date or word it should be; the message says what is wrong."""


class ImportRefused(WorkflowError):
    """A file is not accepted; the message names file, row, column and value where known."""

    code = "IMPORT_REFUSED"
    template = "{}"

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
        self.reason = one_line(reason, LONGEST_REASON)
        super().__init__(f"{self._place()}: {self._complaint()}")

    def _place(self) -> str:
        row = "" if self.row is None else f"row {self.row}"
        return ", ".join(part for part in (self.file, row, self.column) if part)

    def _complaint(self) -> str:
        return self.reason if self.value is None else f'"{self.value}" {self.reason}'


def one_line(text: str, longest: int) -> str:
    """Keep a stranger's text from breaking the line, the terminal or the log it is shown in."""
    shown = text[: longest + 1]
    clean = "".join(" " if character in "\t\r\n" else character for character in shown)
    clean = "".join(character for character in clean if not _is_invisible(character))
    return clean if len(text) <= longest else clean[: longest - 1] + "…"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
