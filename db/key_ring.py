"""Secrets in the database: encrypted with the first secret key, readable with any of them."""

import base64
from collections.abc import Callable
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from notifications.mail_setup import SetupError

# What else is made from a secret key tells nothing about the keys made for this.
PURPOSE: Final = b"countersign/mail-password/v1"


class SecretKeyChanged(SetupError):
    """A secret was encrypted with a key that is not there any more."""

    def __init__(self) -> None:
        super().__init__(
            "The mail account's secrets cannot be read: they were stored with another secret key. "
            "Add the key of that time behind a comma, or give the secrets again: "
            "countersign mail setup password=… (or client_secret=…)"
        )


class KeyRing:
    """*keys* is asked only when there is something to encrypt or to read."""

    def __init__(self, keys: Callable[[], tuple[str, ...]]) -> None:
        self._keys = keys

    def encrypted(self, secret: str) -> str:
        """Nothing stays nothing: an empty text is no secret."""
        return self._cipher().encrypt(secret.encode()).decode() if secret else ""

    def decrypted(self, stored: str) -> str:
        """
        Raises:
            SecretKeyChanged
        """
        try:
            return self._cipher().decrypt(stored.encode()).decode() if stored else ""
        except InvalidToken:
            raise SecretKeyChanged from None

    def rotated(self, stored: str) -> str:
        """The same secret, encrypted with the first key.

        Raises:
            SecretKeyChanged
        """
        try:
            return self._cipher().rotate(stored.encode()).decode() if stored else ""
        except InvalidToken:
            raise SecretKeyChanged from None

    def _cipher(self) -> MultiFernet:
        return MultiFernet([_fernet(key) for key in self._keys()])


def _fernet(key: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
