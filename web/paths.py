"""Where each page is. The number comes last: it is somebody else's and may have slashes."""

from urllib.parse import quote

from workflow.documents import DocumentKey

SIGN_IN = "/sign-in"
PASSWORD_LINK = SIGN_IN + "/link"
ENTRA = SIGN_IN + "/entra"
ENTRA_DONE = ENTRA + "/done"  # what the app registration names
SETTINGS = "/settings"
SETTINGS_ENTRA = SETTINGS + "/entra"
ACCOUNTS = "/setup/accounts"
REQUESTS = "/requests"
DOCUMENTS = "/documents"


def document_path(key: DocumentKey) -> str:
    return f"{DOCUMENTS}/{key.area}/{key.document_type}/{quote(key.number, safe='')}"


def request_path(key: DocumentKey, run_no: int) -> str:
    """The page that a request's email links to."""
    return f"{REQUESTS}/{key.area}/{key.document_type}/{run_no}/{quote(key.number, safe='')}"


def password_link_path(secret: str) -> str:
    """Where somebody sets a password who was given a link."""
    return f"{PASSWORD_LINK}/{secret}"


def account_path(user_id: str) -> str:
    return f"{ACCOUNTS}/{quote(user_id, safe='')}"


def is_here(path: str) -> bool:
    """Whether somebody may be sent there after signing in: only to a page of ours."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
