"""The mailbox that mail is fetched from; its password is encrypted with the secret keys."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import sqlalchemy as sa

from db.engine import for_reading
from db.event_log import record_setup_events
from db.inserts import insert_or_update
from db.key_ring import KeyRing, SecretKeyChanged
from db.tables import inbound_mailbox
from notifications.mail_setup import SetupError
from notifications.received.mailbox_setup import MailboxSetup
from workflow.dataclass_codec import from_plain, to_plain
from workflow.events import SetupEvent


class MailboxKeyChanged(SecretKeyChanged):
    """The mailbox's password was encrypted with a key that is not there any more."""

    def __init__(self) -> None:
        SetupError.__init__(
            self,
            "The mailbox's password cannot be read: it was stored with another secret key. "
            "Add the key of that time behind a comma, or give the password again: "
            "countersign mail inbox password=-",
        )


class SqlMailboxes:
    """The mail's ``Mailboxes``; *secret_keys* is asked for only when there is a password."""

    def __init__(self, engine: sa.Engine, secret_keys: Callable[[], tuple[str, ...]]) -> None:
        self._engine = engine
        self._ring = KeyRing(secret_keys)

    def load(self) -> MailboxSetup | None:
        """
        Raises:
            MailboxKeyChanged
        """
        setup, password = self._row()
        if setup is None:
            return None
        try:
            return replace(setup, password=self._ring.decrypted(password))
        except SecretKeyChanged:
            raise MailboxKeyChanged from None

    def load_without_password(self) -> MailboxSetup | None:
        """For giving the password anew when the old one cannot be read any more."""
        setup, _ = self._row()
        return setup

    def has_password(self) -> bool:
        """Also one that cannot be read any more."""
        _, password = self._row()
        return bool(password)

    def save(self, setup: MailboxSetup, recorded: Sequence[SetupEvent] = ()) -> None:
        """What is *recorded* is stored with it or not at all."""
        row = {
            "id": 1,
            "settings": json.dumps(to_plain(replace(setup, password="")), ensure_ascii=False),
            "password": self._ring.encrypted(setup.password),
        }
        with self._engine.begin() as connection:
            connection.execute(insert_or_update(connection, inbound_mailbox), row)
            record_setup_events(connection, recorded)

    def _row(self) -> tuple[MailboxSetup | None, str]:
        with for_reading(self._engine).connect() as connection:
            row = connection.execute(sa.select(inbound_mailbox)).one_or_none()
        if row is None:
            return None, ""
        return from_plain(MailboxSetup, json.loads(row.settings)), row.password
