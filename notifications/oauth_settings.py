"""How the app registration of OAuth 2.0 is read from what a person types, or refused."""

import re
from typing import Final
from urllib.parse import urlsplit

from notifications.mail_settings import WrongSetting
from notifications.sayings import sentence as _

HOST_NAME: Final = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?", re.ASCII)
CLIENT_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def tenant(key: str, text: str) -> str:
    found = text.strip().lower()
    if found and not HOST_NAME.fullmatch(found):
        raise WrongSetting(
            key, text, _("must be the directory's id, or a domain such as contoso.com")
        )
    return found


def client(key: str, text: str) -> str:
    found = text.strip().lower()
    if found and not CLIENT_ID.fullmatch(found):
        raise WrongSetting(key, text, _("must be the application's id: 32 digits with dashes"))
    return found


def authority(key: str, text: str) -> str:
    url = text.strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path or parts.query or "@" in url:
        raise WrongSetting(key, text, _("must be such as https://login.microsoftonline.com"))
    return url
