"""The mail setup in the database; its password is encrypted with the installation's secret key."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.engine import for_reading
from db.inserts import insert_or_update
from db.tables import mail_setup
from notifications.mail_setup import MailSetup, SetupError
from workflow.dataclass_codec import from_plain, to_plain


class SecretKeyChanged(SetupError):
    """The password was encrypted with a key that is not there any more."""

    def __init__(self) -> None:
        super().__init__(
            "The mail password cannot be read: it was stored with another secret key. "
            "Start with the key of that time, or give the password again: "
            "countersign mail setup password=…"
        )


class SqlMailSetups:
    """The mail's ``MailSetups``; *secret_key* is asked for only when there is a password."""

    def __init__(self, engine: sa.Engine, secret_key: Callable[[], str]) -> None:
        self._engine = engine
        self._reading = for_reading(engine)
        self._secret_key = secret_key

    def load(self) -> MailSetup | None:
        """The setup with its password.

        Raises:
            SecretKeyChanged
        """
        setup, password = self._row()
        if setup is None or not password:
            return setup
        return replace(setup, password=self._decrypted(password))

    def load_without_password(self) -> MailSetup | None:
        """For giving the password anew when the old one cannot be read any more."""
        setup, _ = self._row()
        return setup

    def save(self, setup: MailSetup) -> None:
        row = {
            "id": 1,
            "settings": json.dumps(to_plain(replace(setup, password="")), ensure_ascii=False),
            "password": self._encrypted(setup.password) if setup.password else "",
        }
        with self._engine.begin() as connection:
            connection.execute(insert_or_update(connection, mail_setup), row)

    def _row(self) -> tuple[MailSetup | None, str]:
        with self._reading.connect() as connection:
            row = connection.execute(sa.select(mail_setup)).one_or_none()
        if row is None:
            return None, ""
        return from_plain(MailSetup, json.loads(row.settings)), row.password

    def _encrypted(self, password: str) -> str:
        return self._cipher().encrypt(password.encode()).decode()

    def _decrypted(self, password: str) -> str:
        try:
            return self._cipher().decrypt(password.encode()).decode()
        except InvalidToken:
            raise SecretKeyChanged from None

    def _cipher(self) -> Fernet:
        # A key of its own: what else is made from the secret key tells nothing about this one.
        derived = HKDF(SHA256(), length=32, salt=None, info=b"countersign/mail-password/v1")
        return Fernet(base64.urlsafe_b64encode(derived.derive(self._secret_key().encode())))
