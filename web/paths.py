"""Where each page is. The number comes last: it is somebody else's and may have slashes."""

from urllib.parse import quote

from workflow.documents import DocumentKey

REQUESTS = "/requests"
DOCUMENTS = "/documents"
SETUP = "/setup"
USERS = f"{SETUP}/users"
GROUPS = f"{SETUP}/groups"
WORKFLOWS = f"{SETUP}/workflows"


def document_path(key: DocumentKey) -> str:
    return f"{DOCUMENTS}/{key.area}/{key.document_type}/{quote(key.number, safe='')}"


def request_path(key: DocumentKey, run_no: int) -> str:
    """The page that a request's email links to."""
    return f"{REQUESTS}/{key.area}/{key.document_type}/{run_no}/{quote(key.number, safe='')}"


def user_path(user_id: str, what: str = "edit") -> str:
    """The setup of one person; *what*: edit or remove."""
    return f"{USERS}/{what}/{quote(user_id, safe='')}"


def group_path(code: str, what: str = "edit") -> str:
    return f"{GROUPS}/{what}/{quote(code, safe='')}"


def workflow_path(code: str, what: str = "edit") -> str:
    return f"{WORKFLOWS}/{what}/{quote(code, safe='')}"


def is_here(path: str) -> bool:
    """Whether somebody may be sent there after signing in: only to a page of ours."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
