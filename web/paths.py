"""Where each page is. The number comes last: it is somebody else's and may have slashes."""

from urllib.parse import quote

from workflow.documents import DocumentKey

REQUESTS = "/requests"
DOCUMENTS = "/documents"
SETUP = "/setup"
MAIL_SETUP = "/setup/mail"
MAIL_TEST = "/setup/mail/test"
MAIL_OFFICE_365 = "/setup/mail/office365"
MAIL_GUIDE = "/setup/mail/guide"
MAIL_DOCTOR = "/setup/mail/doctor"
MAIL_GRANTS = "/setup/mail/grants"
OUTBOX = "/setup/outbox"
MAILBOX = "/setup/inbox"
HEALTH = "/setup/health"
WORDING = "/setup/wording"


def document_path(key: DocumentKey) -> str:
    return f"{DOCUMENTS}/{key.area}/{key.document_type}/{quote(key.number, safe='')}"


def request_path(key: DocumentKey, run_no: int) -> str:
    """The page that a request's email links to."""
    return f"{REQUESTS}/{key.area}/{key.document_type}/{run_no}/{quote(key.number, safe='')}"


def is_here(path: str) -> bool:
    """Whether somebody may be sent there after signing in: only to a page of ours."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
