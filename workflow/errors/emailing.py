"""Why a document cannot be emailed to its vendor or customer."""

from workflow.errors.base import WorkflowError


class NotReleased(WorkflowError):
    code = "NOT_RELEASED"
    template = "{} is not released, and so may not leave the company."
    advice = "Release it first, or let its workflow say before_release=allow."


class NoEmailAddress(WorkflowError):
    code = "NO_EMAIL_ADDRESS"
    template = "{} cannot be emailed: no email address of {} is known."
    advice = "Name one with --to, or fill in email with `countersign parties set`."


class AlreadyEmailed(WorkflowError):
    code = "ALREADY_EMAILED"
    template = "{} was given to the mail for {} on {:%Y-%m-%d %H:%M %Z}, and is the same since."
    advice = "Add --again to send it once more; `countersign outbox list` says what became of it."


class LettersNotPrintable(WorkflowError):
    code = "LETTERS_NOT_PRINTABLE"
    template = "The PDF cannot show {}: the document would say something else."
    advice = (
        "Name a font file that has them in COUNTERSIGN_PDF_FONTS, or write the text in other "
        "letters; Arabic, Hebrew and Indian scripts cannot be printed."
    )

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


class NoElectronicForm(WorkflowError):
    code = "NO_ELECTRONIC_FORM"
    template = "{} cannot be sent as UBL: there is no such form of a {}."
    advice = "Send it without --ubl."
