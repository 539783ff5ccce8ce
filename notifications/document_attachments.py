"""Which copies of a document go with an email about it."""

from notifications.attachments import Attachment, file_name
from notifications.document_sheets import sheet
from notifications.document_ubl import ubl_of
from notifications.messages import ASKING, OUTSIDE
from notifications.outsiders import BadOutsideAddress, outsider
from notifications.ports import Directory
from notifications.readers import Company, Reader
from notifications.sentences import title
from notifications.views import cleaned
from workflow.events import (
    ApprovalRequested,
    DocumentCopy,
    DocumentEmailed,
    DocumentEvent,
    RequestDelegated,
)
from workflow.statuses import AttachmentKind


def attachments_of(
    message: str, event: DocumentEvent, *, company: Company, reader: Reader
) -> tuple[Attachment, ...]:
    """In the reader's language; none for an event that carries no copy.

    What goes outside says exactly what the document says; colleagues have its words in the mail.

    Raises:
        LettersNotPrintable, FontNotUsable
    """
    if message not in ASKING | OUTSIDE:
        return ()
    match event:
        case DocumentEmailed():
            kinds = event.attachments
            return tuple(_attached(kind, event, event.copy, company, reader) for kind in kinds)
        case ApprovalRequested(copy=DocumentCopy() as copy):
            return (_attached(AttachmentKind.PDF, event, copy, company, reader),)
        case RequestDelegated(copy=DocumentCopy() as copy):
            return (_attached(AttachmentKind.PDF, event, copy, company, reader),)
        case _:
            return ()


def check_printable(event: DocumentEmailed, company: Company, directory: Directory) -> None:
    """Before anybody relies on it: whether the PDF can show all that the document says.

    Raises:
        LettersNotPrintable, FontNotUsable
    """
    try:
        reader = Reader.of(outsider(event, event.to_address), company, directory)
    except BadOutsideAddress:  # told when the email is written
        return
    _attached(AttachmentKind.PDF, event, event.copy, company, reader)


def _attached(
    kind: AttachmentKind, event: DocumentEvent, copy: DocumentCopy, company: Company, reader: Reader
) -> Attachment:
    name = title(cleaned(event.document), reader)
    match kind:
        case AttachmentKind.PDF:
            from notifications.document_pdf import pdf_of  # noqa: PLC0415 - slow, and rarely needed

            page = sheet(event.document, copy, event.at, company=company, reader=reader)
            drawn = pdf_of(page, exact=isinstance(event, DocumentEmailed))
            return Attachment(
                file_name=file_name(name, "pdf"), content_type="application/pdf", data=drawn
            )
        case AttachmentKind.UBL:
            written = ubl_of(event.document, copy, event.at, company=company)
            return Attachment(
                file_name=file_name(name, "xml"), content_type="application/xml", data=written
            )
