"""Tokens that take the place of a password: asked for once, kept, renewed when they are refused."""

from threading import Lock
from typing import Protocol

from notifications.mail_setup import MailSetup
from notifications.oauth_app import App
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
        self._apps: dict[tuple[str, ...], App] = {}

    def of(self, setup: MailSetup) -> App:
        """Asks nobody yet."""
        key = (*setup.token_identity, setup.ca_file)
        with self._lock:
            if key not in self._apps:
                self._apps = {key: App(setup, self._cache)}  # there is one account
            return self._apps[key]
