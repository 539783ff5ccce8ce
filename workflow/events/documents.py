"""What happened to a document besides its requests."""

from dataclasses import dataclass

from workflow.events.base import DocumentEvent
from workflow.events.facts import DocumentCopy, FieldChange, Step
from workflow.statuses import AttachmentKind, DocumentStatus, DocumentType


@dataclass(frozen=True, kw_only=True)
class DocumentReceived(DocumentEvent):
    """A document came in: from a file, the ERP, or another document."""


@dataclass(frozen=True, kw_only=True)
class DocumentReleased(DocumentEvent):
    """The document may be processed, or waits for nothing but its prepayment."""

    status: DocumentStatus
    how: str  # "approved", "automatically" or "by hand"
    comment: str = ""
    history: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DocumentEmailed(DocumentEvent):
    """The document was given to the mail for its vendor or customer."""

    to_address: str
    language: str  # of the vendor or customer; empty: the company's
    attachments: tuple[AttachmentKind, ...]
    copy: DocumentCopy

    @property
    def has_readers(self) -> bool:
        return True  # outside


@dataclass(frozen=True, kw_only=True)
class DocumentNotEmailed(DocumentEvent):
    """The document was to go out, but no address is known or its PDF would lack letters."""

    letters: str = ""  # that cannot be printed


@dataclass(frozen=True, kw_only=True)
class DocumentReopened(DocumentEvent):
    """The document may be edited again and needs a new approval."""


@dataclass(frozen=True, kw_only=True)
class DocumentChanged(DocumentEvent):
    """Somebody edited the document."""

    changes: tuple[FieldChange, ...]
    significant: bool
    voided: bool = False  # a pending request ended with it


@dataclass(frozen=True, kw_only=True)
class DocumentPosted(DocumentEvent):
    """The document was posted; its approvals are in the posted archive."""

    posted: tuple[str, ...]  # kinds of posted documents


@dataclass(frozen=True, kw_only=True)
class DocumentConverted(DocumentEvent):
    """A quote became an order or an invoice, which needs its own approval."""

    new_document_type: DocumentType
    new_number: str


@dataclass(frozen=True, kw_only=True)
class DocumentDeleted(DocumentEvent):
    """The document is gone; its approvals are in the archive."""

    was_pending: bool


@dataclass(frozen=True, kw_only=True)
class DocumentRetired(DocumentEvent):
    """A released document went to the archive because of its age, and its approvals stay."""
