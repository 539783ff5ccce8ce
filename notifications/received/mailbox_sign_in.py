"""Signing in to an IMAP server, with a password or with a token of Microsoft Entra."""

import imaplib
from typing import Final

from notifications.delivery_errors import shown
from notifications.oauth import TokenSource
from notifications.oauth_errors import OAuthError
from notifications.received.folder_names import in_quotes
from notifications.received.mailbox_connection import MailboxError, expected
from notifications.received.mailbox_setup import MailboxAuthentication, MailboxSetup
from notifications.sockets import on_this_machine

MOST_QUESTIONS: Final = 5  # of a server, in one sign-in


def sign_in(server: imaplib.IMAP4, setup: MailboxSetup, tokens: TokenSource | None) -> None:
    """
    Raises:
        MailboxError
    """
    if not (setup.secure or on_this_machine(server.socket())):
        raise MailboxError(
            "The password is not sent over a connection without TLS: choose secure=yes."
        )
    if setup.authentication is MailboxAuthentication.OAUTH2:
        _with_token(server, setup.user_name, tokens)
    else:
        _with_password(server, setup.user_name, setup.password)


def _with_password(server: imaplib.IMAP4, user: str, password: str) -> None:
    if "AUTH=PLAIN" in server.capabilities:
        credentials = f"\0{user}\0{password}".encode()
        expected(server.authenticate("PLAIN", lambda _challenge: credentials))
    elif user.isascii() and password.isascii():
        expected(server.login(in_quotes(user), password))
    else:
        raise MailboxError("The server takes no password with letters outside ASCII.")


def _with_token(server: imaplib.IMAP4, user: str, tokens: TokenSource | None) -> None:
    """A token that is refused may be old by now: one other is tried."""
    if tokens is None:
        raise MailboxError(
            "The mailbox signs in with the app of the mail setup, which has none: choose "
            "authentication=oauth2 with `countersign mail setup` first."
        )
    if "AUTH=XOAUTH2" not in server.capabilities:
        raise MailboxError("The server offers no sign-in with OAuth 2.0 (XOAUTH2).")
    token = _token(tokens)
    if not _refusal(server, user, token):
        return
    if refusal := _refusal(server, user, _token(tokens, refused=token)):
        raise MailboxError(
            f"The server does not take the token for {user}: {shown(refusal)}. Check that the "
            "permission (IMAP.AccessAsApp or IMAP.AccessAsUser.All) has consent, that IMAP is on "
            f"for the mailbox, and that the app may use it (Add-MailboxPermission {user})."
        )


def _token(tokens: TokenSource, *, refused: str = "") -> str:
    try:
        return tokens.token(refused=refused)
    except OAuthError as error:
        raise MailboxError(str(error)) from error


def _refusal(server: imaplib.IMAP4, user: str, token: str) -> str:
    """Empty when the token is taken. A server may explain first; it says NO after an empty line."""
    exchange = _Exchange(f"user={user}\x01auth=Bearer {token}\x01\x01".encode())
    try:
        expected(server.authenticate("XOAUTH2", exchange))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        return f"{error} {exchange.explanation}".strip()
    return ""


class _Exchange:
    """What is said when the server asks: the token once, then nothing."""

    def __init__(self, response: bytes) -> None:
        self._response = response
        self._questions = 0
        self.explanation = ""

    def __call__(self, challenge: bytes) -> bytes:
        self._questions += 1
        if self._questions > MOST_QUESTIONS:
            raise imaplib.IMAP4.abort("the server asks without end")
        if self._questions == 1:
            return self._response
        self.explanation = challenge.decode(errors="replace")
        return b""
