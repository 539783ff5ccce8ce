"""How addresses of pages are read; ``notifications.links`` writes them."""

from typing import Final
from urllib.parse import quote

from starlette.convertors import Convertor, register_url_convertor

from notifications.links import DOCUMENTS, REQUESTS, number_in

SETUP = "/setup"
USERS = f"{SETUP}/users"
GROUPS = f"{SETUP}/groups"
WORKFLOWS = f"{SETUP}/workflows"
DOCUMENTS_IMPORT = f"{SETUP}/documents/import"
SIGN_IN = "/sign-in"
PASSWORD_LINK = SIGN_IN + "/link"
ENTRA = SIGN_IN + "/entra"
ENTRA_DONE = ENTRA + "/done"  # what the app registration names
SETTINGS = "/settings"
SETTINGS_PROVE = SETTINGS + "/prove"
SETTINGS_PROVE_ENTRA = SETTINGS_PROVE + "/entra"
SETTINGS_ENTRA = SETTINGS + "/entra"
ACCOUNTS = "/setup/accounts"
MAIL_SETUP = "/setup/mail"
MAIL_TEST = "/setup/mail/test"
MAIL_OFFICE_365 = "/setup/mail/office365"
MAIL_GUIDE = "/setup/mail/guide"
MAIL_SIGN_IN = "/setup/mail/sign-in"
MAIL_DOCTOR = "/setup/mail/doctor"
MAIL_GRANTS = "/setup/mail/grants"
OUTBOX = "/setup/outbox"
MAILBOX = "/setup/inbox"
HEALTH = "/setup/health"
WORDING = "/setup/wording"


class NumberConvertor(Convertor[str]):
    """A document's number, whatever it is made of."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        return number_in(value)

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("number", NumberConvertor())
DOCUMENT_ADDRESS: Final = DOCUMENTS + "/{area}/{document_type}/{number:number}"
REQUEST_ADDRESS: Final = REQUESTS + "/{area}/{document_type}/{run_no}/{number:number}"


def user_path(user_id: str, what: str = "edit") -> str:
    """The setup of one person; *what*: edit or remove."""
    return f"{USERS}/{what}/{quote(user_id, safe='')}"


def group_path(code: str, what: str = "edit") -> str:
    return f"{GROUPS}/{what}/{quote(code, safe='')}"


def workflow_path(code: str, what: str = "edit") -> str:
    return f"{WORKFLOWS}/{what}/{quote(code, safe='')}"


def password_link_path(secret: str) -> str:
    """Where somebody sets a password who was given a link."""
    return f"{PASSWORD_LINK}/{secret}"


def account_path(user_id: str) -> str:
    return f"{ACCOUNTS}/{quote(user_id, safe='')}"


def is_here(path: str) -> bool:
    """Whether somebody may be sent there after signing in: only to a page of ours."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
