"""Tokens that take the place of a password: asked for once, kept, renewed when they are refused."""

from threading import Lock
from typing import Protocol

from notifications.mail_setup import MailSetup
from notifications.oauth_app import App, Right
from notifications.ports import TokenCache


class TokenSource(Protocol):
    """Where a transport gets the token it signs in with."""

    def token(self, *, refused: str = "") -> str:
        """A token; another one than *refused*, which the mail server did not take.

        Raises:
            OAuthError
        """
        ...


class Tokens:
    """One application object for each app registration, as long as the program runs."""

    def __init__(self, cache: TokenCache) -> None:
        self._cache = cache
        self._lock = Lock()
        self._apps: dict[Right, tuple[tuple[str, ...], App]] = {}

    def of(self, setup: MailSetup, right: Right = Right.SEND) -> App:
        """Asks nobody yet."""
        key = (*setup.token_identity, setup.ca_file)
        with self._lock:
            known = self._apps.get(right)
            if known is None or known[0] != key:  # there is one account
                known = self._apps[right] = key, App(setup, self._cache, right)
            return known[1]
