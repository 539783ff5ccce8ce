"""The tokens the mail doctor signs in with: looked into, and never shown."""

from datetime import datetime
from typing import Final

from notifications.doctor_words import Discretion
from notifications.mail_setup import MailSetup
from notifications.oauth import TokenSource
from notifications.oauth_inspection import inspected, objections

LATEST: Final = -1


class SeenTokens:
    """Passes tokens on and remembers what must not be repeated."""

    def __init__(self, tokens: TokenSource, login: str, discretion: Discretion) -> None:
        self._tokens = tokens
        self._login = login
        self._discretion = discretion
        self._seen: list[str] = []

    def token(self, *, refused: str = "") -> str:
        """
        Raises:
            OAuthError
        """
        token = self._tokens.token(refused=refused)
        self._discretion.keep_token(self._login, token)
        self._seen.append(token)
        return token

    def objections(self, setup: MailSetup, now: datetime) -> list[str]:
        """What is wrong with the latest token, as far as it says so itself."""
        facts = inspected(self._seen[LATEST]) if self._seen else None
        return objections(facts, setup, now) if facts else []
