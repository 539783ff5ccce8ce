"""Tables of recorded events and of the notifications and emails that come from them."""

import sqlalchemy as sa

from db.columns import Moment
from db.metadata import METADATA, NUMBER, new_id, number, one_of, only, text, yes_or_no
from notifications.ports import EmailState, Variant

# The audit trail: rows are added and never changed, also when their document is gone.
OF_SETUP = sa.text("document_id IS NULL")
OF_OVERDUE = sa.text("kind = 'ApprovalOverdue'")
DECISIONS = sa.text("kind IN ('RequestApproved', 'RequestRejected')")

events = sa.Table(
    "events",
    METADATA,
    new_id(),
    sa.Column("document_id", NUMBER),  # NULL: about the setup
    sa.Column("seq", sa.Integer),  # 1, 2, 3 … for each document
    text("kind"),
    sa.Column("at", Moment, nullable=False),
    text("actor"),
    text("subject"),  # area/type/number, or what part of the setup
    text("payload"),  # JSON
    sa.UniqueConstraint("document_id", "seq"),
    sa.Index(None, "subject"),
    sa.Index("ix_events_setup", "id", sqlite_where=OF_SETUP, postgresql_where=OF_SETUP),
    sa.Index("ix_events_overdue", "id", sqlite_where=OF_OVERDUE, postgresql_where=OF_OVERDUE),
    sa.Index(
        "ix_events_decisions", "actor", "id", sqlite_where=DECISIONS, postgresql_where=DECISIONS
    ),
    sqlite_autoincrement=True,
)

event_inbox = sa.Table(
    "event_inbox",
    METADATA,
    sa.Column(
        "event_id", NUMBER, sa.ForeignKey(events.c.id), primary_key=True, autoincrement=False
    ),
)

emails = sa.Table(
    "emails",
    METADATA,
    new_id(),
    text("message_id", unique=True),
    text("recipient"),
    text("message"),
    text("requester"),
    sa.Column("created_at", Moment, nullable=False),
    one_of("state", EmailState),
    sa.Column("next_attempt_at", Moment),  # NULL: never again
    sa.Column("owner", sa.Text),  # who is sending it
    sa.Column("lease_until", Moment),  # after that somebody else may
    number("attempts"),  # finished ones
    number("counted"),  # of these: failed because of the email, and not of the account
    yes_or_no("uncertain"),  # an attempt lost the server's answer
    sa.Column("in_hand_since", Moment),  # from then until it is finished it may have been sent
    one_of("variant", Variant),
    sa.Column("first_id", NUMBER, sa.ForeignKey("emails.id")),  # NULL: it is the first itself
    # What goes over the wire; all NULL until it is written, never changed afterwards.
    sa.Column("to_address", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("rule", sa.Text),
    sa.Column("from_address", sa.Text),
    sa.Column("sender_address", sa.Text),
    sa.Column("reply_to", sa.Text),
    sa.Column("envelope_from", sa.Text),
    sa.Column("smtputf8", sa.Boolean),
    sa.Column("raw", sa.LargeBinary),
    # What a server farther away reported; NULL: nothing bad.
    sa.Column("bounced_at", Moment),
    sa.Column("bounce_status", sa.Text),
    sa.Column("bounce_diagnostic", sa.Text),
    only("state", EmailState),
    only("variant", Variant),
    sqlite_autoincrement=True,
)
# Literal values: with parameters SQLite would not see that a query needs no more than the index.
WAITING = emails.c.state.in_(
    [
        sa.literal_column(f"'{state}'")
        for state in (EmailState.QUEUED, EmailState.SENDING, EmailState.UNCERTAIN)
    ]
)
sa.Index(
    "ix_emails_waiting_next_attempt_at",
    emails.c.next_attempt_at,
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)

# How many were made lately, altogether and for one person.
sa.Index(None, emails.c.created_at)
sa.Index(None, emails.c.recipient, emails.c.created_at)

BOUNCED = sa.text("bounced_at IS NOT NULL")
sa.Index(
    "ix_emails_bounced_to_address",
    emails.c.to_address,
    sqlite_where=BOUNCED,
    postgresql_where=BOUNCED,
)
IS_NOT_FIRST = sa.text("first_id IS NOT NULL")
sa.Index(
    "ix_emails_variants_first_id",
    emails.c.first_id,
    sqlite_where=IS_NOT_FIRST,
    postgresql_where=IS_NOT_FIRST,
)

email_attempts = sa.Table(
    "email_attempts",
    METADATA,
    new_id(),
    sa.Column("email_id", NUMBER, sa.ForeignKey(emails.c.id), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    number("duration_ms"),
    text("stage"),
    sa.Column("code", sa.Integer),
    sa.Column("enhanced", sa.Text),
    text("text"),
    sqlite_autoincrement=True,
)

# What the mail server said to each letter of `countersign mail test`.
mail_tests = sa.Table(
    "mail_tests",
    METADATA,
    new_id(),
    sa.Column("at", Moment, nullable=False),
    text("to_address"),
    text("from_address"),
    text("rule"),  # which chose From
    text("login"),  # who signed in; empty: nobody
    yes_or_no("accepted"),
    text("stage"),
    sa.Column("code", sa.Integer),
    sa.Column("enhanced", sa.Text),
    text("text"),
    sqlite_autoincrement=True,
)

NOT_BUNDLED = sa.text("email_id IS NULL")
BUNDLED = sa.text("email_id IS NOT NULL")

notifications = sa.Table(
    "notifications",
    METADATA,
    new_id(),
    sa.Column("event_id", NUMBER, sa.ForeignKey(events.c.id), nullable=False),
    text("recipient"),
    text("message"),
    text("requester"),
    sa.Column("due_at", Moment, nullable=False),
    yes_or_no("collected"),  # for a schedule other than instantly: in one email with others
    sa.Column("email_id", NUMBER, sa.ForeignKey(emails.c.id)),
    sa.UniqueConstraint("event_id", "recipient", "message"),
    sqlite_autoincrement=True,
)
sa.Index(
    "ix_notifications_waiting_due_at",
    notifications.c.due_at,
    sqlite_where=NOT_BUNDLED,
    postgresql_where=NOT_BUNDLED,
)
sa.Index(
    "ix_notifications_bundled_email_id",
    notifications.c.email_id,
    sqlite_where=BUNDLED,
    postgresql_where=BUNDLED,
)
