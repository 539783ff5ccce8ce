"""The mail setup in the database; its secrets are encrypted with the installation's secret keys."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from db.accounts import end_pauses
from db.engine import for_reading
from db.event_log import record_setup_events
from db.inserts import insert_or_update
from db.key_ring import KeyRing, SecretKeyChanged
from db.tables import mail_setup, oauth_tokens
from notifications.mail_setup import MailSetup
from workflow.dataclass_codec import from_plain, to_plain
from workflow.events import SetupEvent

__all__ = ["SecretKeyChanged", "SqlMailSetups"]


class SqlMailSetups:
    """The mail's ``MailSetups``; *secret_keys* is asked for only when there is a secret."""

    def __init__(self, engine: sa.Engine, secret_keys: Callable[[], tuple[str, ...]]) -> None:
        self._engine = engine
        self._reading = for_reading(engine)
        self._ring = KeyRing(secret_keys)

    def load(self) -> MailSetup | None:
        """The setup with its secrets.

        Raises:
            SecretKeyChanged
        """
        row = self._row()
        return self._with_secrets(row) if row else None

    def load_without_secrets(self) -> MailSetup | None:
        """For giving the secrets anew when the old ones cannot be read any more."""
        row = self._row()
        return _without_secrets(row) if row else None

    def save(self, setup: MailSetup, recorded: Sequence[SetupEvent] = ()) -> None:
        """Tokens that were given out for another sign-in are forgotten."""
        plain = to_plain(replace(setup, password="", client_secret=""))
        row = {
            "id": 1,
            "settings": json.dumps(plain, ensure_ascii=False),
            "password": self._ring.encrypted(setup.password),
            "client_secret": self._ring.encrypted(setup.client_secret),
        }
        with self._engine.begin() as connection:
            if not self._same_sign_in(connection, setup):
                connection.execute(sa.delete(oauth_tokens))
            connection.execute(insert_or_update(connection, mail_setup), row)
            end_pauses(connection)  # the new setup may be what it waited for
            record_setup_events(connection, recorded)

    def _same_sign_in(self, connection: Connection, setup: MailSetup) -> bool:
        row = connection.execute(sa.select(mail_setup)).one_or_none()
        if row is None:
            return False
        try:
            return self._with_secrets(row).token_identity == setup.token_identity
        except SecretKeyChanged:
            return False

    def _row(self) -> Row[*tuple[Any, ...]] | None:
        with self._reading.connect() as connection:
            return connection.execute(sa.select(mail_setup)).one_or_none()

    def _with_secrets(self, row: Row[*tuple[Any, ...]]) -> MailSetup:
        return replace(
            _without_secrets(row),
            password=self._ring.decrypted(row.password),
            client_secret=self._ring.decrypted(row.client_secret),
        )


def _without_secrets(row: Row[*tuple[Any, ...]]) -> MailSetup:
    return from_plain(MailSetup, json.loads(row.settings))
