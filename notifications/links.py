"""Where each document's pages are, for the emails that link to them and for the pages themselves.

The number comes last: it is somebody else's and may hold any character, slashes too.
"""

from typing import Final
from urllib.parse import quote

from workflow.documents import DocumentKey
from workflow.events import (
    ApprovalDueSoon,
    ApprovalOverdue,
    ApprovalRequested,
    DocumentEmailed,
    DocumentEvent,
    EMailChanged,
    PasswordLinkMade,
    RequestDelegated,
    RequestNudged,
)

REQUESTS: Final = "/requests"
DOCUMENTS: Final = "/documents"
NOTIFICATIONS: Final = "/settings/notifications"
DOT_SEGMENTS: Final = frozenset({".", ".."})  # browsers would leave them out of an address
MARK: Final = "="  # before a number that could not stand alone, or begins with it
ASKS: Final = (
    ApprovalDueSoon,
    ApprovalOverdue,
    ApprovalRequested,
    RequestDelegated,
    RequestNudged,
)


def document_path(key: DocumentKey) -> str:
    return f"{DOCUMENTS}/{key.area}/{key.document_type}/{_quoted(key.number)}"


def request_path(key: DocumentKey, run_no: int) -> str:
    """The page that a request's email links to."""
    return f"{REQUESTS}/{key.area}/{key.document_type}/{run_no}/{_quoted(key.number)}"


def number_in(part: str) -> str:
    """The document's number, from the last part of a path."""
    return part.removeprefix(MARK)


def settings_link(base_url: str) -> str:
    """Where everybody chooses how he is told; empty where there are no pages."""
    return base_url and base_url + NOTIFICATIONS


def link_about(event: DocumentEvent, base_url: str) -> str:
    """The page that says more; empty where there are no pages, and for people outside."""
    if not base_url or isinstance(event, DocumentEmailed | EMailChanged | PasswordLinkMade):
        return ""
    document = event.document
    key = DocumentKey(document.area, document.document_type, document.number)
    asks = isinstance(event, ASKS)
    return base_url + (request_path(key, event.run_no) if asks else document_path(key))


def _quoted(number: str) -> str:
    marked = number in DOT_SEGMENTS or number.startswith(MARK)
    return quote(f"{MARK}{number}" if marked else number, safe="", errors="replace")
