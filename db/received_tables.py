"""Tables of mail that comes in: the mailbox it is fetched from, and what was made of each mail."""

import sqlalchemy as sa

from db.columns import Moment
from db.mail_tables import emails
from db.metadata import METADATA, NUMBER, new_id, number, one_of, only, text
from notifications.received.ports import Result

inbound_mailbox = sa.Table(
    "inbound_mailbox",
    METADATA,
    number("id", primary_key=True, autoincrement=False),
    text("settings"),  # JSON, without the password
    text("password"),  # encrypted; empty when there is none
    sa.CheckConstraint("id = 1", name="one_row"),
)

received_mails = sa.Table(
    "received_mails",
    METADATA,
    new_id(),
    text("message_id", unique=True),  # so that nothing is taken in twice
    sa.Column("at", Moment, nullable=False),
    text("sender"),
    one_of("result", Result),
    text("text"),
    # The one of ours it is about. Indexed, or making emails would look through all received mail.
    sa.Column("email_id", NUMBER, sa.ForeignKey(emails.c.id), index=True),
    only("result", Result),
    sqlite_autoincrement=True,
)
