"""Words the mail doctor passes on: commands for people to copy, and what a server said."""

import base64
import re
from typing import Final

from notifications.addresses import same_address
from notifications.delivery_errors import shown
from notifications.mail_setup import MailSetup, SubstitutionMode
from notifications.sayings import Sentence
from notifications.sayings import sentence as _
from notifications.setup_warnings import GMAIL, OFFICE_365

SAID_LIMIT: Final = 200
PIECE: Final = 12  # so many characters of a secret in a row give it away
POWERSHELL_QUOTES: Final = re.compile("['\u2018\u2019\u201a\u201b]")  # it takes each for a quote
HIDDEN: Final = _("(its words are not shown, because they repeat a secret)")


def quoted(text: str) -> str:
    """A PowerShell string in which nothing is a command."""
    return "'" + POWERSHELL_QUOTES.sub(lambda found: found[0] * 2, shown(text)) + "'"


def grant(setup: MailSetup, address: str) -> str:
    """How the account gets the right to use the address."""
    login = setup.login_for(address)
    if setup.server in GMAIL:
        return _(
            "In Gmail, add {address} as an alias (Send mail as) of {login} and verify it.",
            address=address,
            login=login,
        )
    words = {"address": address, "login": login, "command": grant_command(setup, address)}
    if setup.app_signs_in and same_address(login, address):
        return _("Let the app use the mailbox {address}. In Exchange Online: {command}", **words)
    if setup.substitution_mode is SubstitutionMode.SEND_ON_BEHALF:
        return _(
            "Grant Send on Behalf on {address} to {login}. In Exchange Online: {command}", **words
        )
    if setup.server == OFFICE_365:
        return _("Grant Send As on {address} to {login}. In Exchange Online: {command}", **words)
    return _(
        "Grant Send As on {address} to {login}. In Exchange: {command} In Postfix, the address is "
        "given to the account in smtpd_sender_login_maps.",
        **words,
    )


def grant_command(setup: MailSetup, address: str) -> str:
    """For PowerShell, connected to Exchange Online."""
    login, mailbox = setup.login_for(address), quoted(address)
    if setup.app_signs_in and same_address(login, address):
        return (
            f"Add-MailboxPermission -Identity {mailbox} -User 'ID of the service principal' "
            "-AccessRights FullAccess"
        )
    if setup.substitution_mode is SubstitutionMode.SEND_ON_BEHALF:
        return f"Set-Mailbox -Identity {mailbox} -GrantSendOnBehalfTo @{{Add={quoted(login)}}}"
    return (
        f"Add-RecipientPermission -Identity {mailbox} -Trustee {quoted(login)} -AccessRights SendAs"
    )


class Discretion:
    """Repeats what a server said, unless that would tell a secret."""

    def __init__(self, setup: MailSetup) -> None:
        self._secrets: list[str] = []
        self.keep(setup.password)
        self.keep(setup.client_secret)
        self.keep(_base64(setup.password))
        if setup.password:
            self.keep(_base64(f"\0{setup.user_name}\0{setup.password}"))

    def keep(self, secret: str) -> None:
        self._secrets.append(_comparable(secret))

    def keep_token(self, login: str, token: str) -> None:
        self.keep(token)
        self.keep(_base64(f"user={login}\x01auth=Bearer {token}\x01\x01"))

    def may_say(self, words: str) -> bool:
        heard = _comparable(words)
        return not any(piece in heard for secret in self._secrets for piece in _pieces(secret))

    def said(self, words: str) -> str:
        """One harmless line that is not long; our own sentences are that already."""
        if not self.may_say(words):
            return HIDDEN
        return words if isinstance(words, Sentence) else shown(words)[:SAID_LIMIT]


def _pieces(secret: str) -> set[str]:
    """A server may repeat only a part."""
    if not secret:
        return set()
    return {secret[at : at + PIECE] for at in range(max(1, len(secret) - PIECE + 1))}


def _comparable(text: str) -> str:
    return "".join(text.split()).casefold()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
