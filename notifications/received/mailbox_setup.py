"""The mailbox from which bounces and answers are fetched, and how each of its settings is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from notifications.mail_settings import WrongSetting
from notifications.sayings import sentence as _
from notifications.setting_readers import READERS as MAIL_READERS
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it

UNCHANGED_PASSWORD: Final = "***"  # noqa: S105 - what is shown in place of the password


class WrongMailboxSetting(WrongSetting):
    """One setting of the mailbox cannot have this value."""

    next_step = "`countersign mail inbox --help` names them all."


class MailboxAuthentication(StrEnum):
    """What is shown to the server instead of a person."""

    PASSWORD = "password"  # noqa: S105 - a way to sign in
    OAUTH2 = "oauth2"  # a token that Microsoft Entra gives to the app of the mail setup


@dataclass(frozen=True, kw_only=True)
class MailboxSetup:
    server: str = ""  # empty: no mail is fetched
    port: int = 993
    authentication: MailboxAuthentication = MailboxAuthentication.PASSWORD
    user_name: str = ""
    password: str = field(default="", repr=False)
    secure: bool = True
    ca_file: str = ""
    folder: str = "INBOX"
    move_to: str = ""  # empty: mail stays where it is, marked as read
    answers_to: str = ""  # empty: answers go to the requester


DESCRIPTIONS: Final[Mapping[str, str]] = {
    "server": N_(
        "Name of the IMAP server, for example imap.example.com. Empty: no mail is fetched."
    ),
    "port": N_("Port of the server: 993 with TLS from the start, 143 with STARTTLS."),
    "authentication": N_(
        "password, or oauth2: a token that Microsoft Entra gives to the app of the mail setup,"
        " which needs IMAP.AccessAsApp (or IMAP.AccessAsUser.All for a person)."
    ),
    "user_name": N_("Who signs in to the mailbox; with oauth2 its address."),
    "password": N_("Password of that user."),
    "secure": N_("yes: nothing is fetched unless TLS works and the server's certificate is right."),
    "ca_file": N_(
        "File with further certificate authorities to trust, for a company's own server."
    ),
    "folder": N_("The folder that is read, for example INBOX."),
    "move_to": N_("A folder that read mail is moved to. Empty: it stays, marked as read."),
    "answers_to": N_(
        "Address of this mailbox. Mail about a document asks for answers to it, and they become "
        "comments. Empty: answers go to the requester."
    ),
}


def changed(setup: MailboxSetup, changes: Mapping[str, str]) -> MailboxSetup:
    """The setup with *changes* (as typed).

    Raises:
        WrongMailboxSetting
    """
    for key in sorted(changes, key=lambda key: key != "server"):  # it may forget the password
        value = changes[key]
        if key not in DESCRIPTIONS:
            reason = f"no such setting; there are {', '.join(DESCRIPTIONS)}"
            raise WrongMailboxSetting(key, value, reason)
        if key == "password" and value == UNCHANGED_PASSWORD:
            continue
        settings: dict[str, Any] = _read(key, value)
        if key == "server" and setup.server not in {"", settings[key]}:
            settings["password"] = ""  # it was given for that server only
        setup = replace(setup, **settings)
    return setup


def _read(key: str, value: str) -> dict[str, Any]:
    try:
        return {key: READERS[key](key, value)}
    except WrongSetting as error:
        raise WrongMailboxSetting(key, value, error.reason) from None


def _authentication(key: str, text: str) -> object:
    try:
        return MailboxAuthentication(text.strip().lower())
    except ValueError:
        raise WrongSetting(key, text, "must be password or oauth2") from None


def _inbox(key: str, text: str) -> object:
    name = MAIL_READERS["user_name"](key, text)
    if not name:
        raise WrongSetting(key, text, _("must be a folder such as INBOX"))
    return name


READERS: Final[Mapping[str, Callable[[str, str], object]]] = {
    **{
        key: MAIL_READERS[key]
        for key in ("server", "port", "user_name", "password", "secure", "ca_file")
    },
    "authentication": _authentication,
    "folder": _inbox,
    "move_to": MAIL_READERS["user_name"],
    "answers_to": MAIL_READERS["send_as"],
}
