"""Tables of the setup: approval users, groups, workflows, parties, company, mail."""

import sqlalchemy as sa

from db.columns import Money
from db.metadata import METADATA, number, one_of, only, text, yes_or_no
from workflow.notification_setup import NotificationMethod, NotificationType
from workflow.schedules import MonthlyDate, Recurrence
from workflow.statuses import Area, DocumentType

HAS_CODE = sa.text("salesperson_purchaser_code <> ''")

# Approver and substitute are names without foreign keys: a missing one is said at sending.
approval_users = sa.Table(
    "approval_users",
    METADATA,
    text("user_id", primary_key=True),
    text("full_name"),
    text("email"),
    text("phone"),
    text("salesperson_purchaser_code"),
    text("approver"),
    text("substitute"),
    sa.Column("substitute_from", sa.Date),
    sa.Column("substitute_to", sa.Date),
    sa.Column("sales_limit", Money),  # NULL: unlimited, in all three
    sa.Column("purchase_limit", Money),
    sa.Column("request_limit", Money),
    yes_or_no("administrator"),
    text("language"),
    text("time_zone"),
    sa.Index(
        "uq_approval_users_salesperson_purchaser_code",
        "salesperson_purchaser_code",
        unique=True,
        sqlite_where=HAS_CODE,
        postgresql_where=HAS_CODE,
    ),
)

# Whose row has no user is the default for everybody.
notification_setup = sa.Table(
    "notification_setup",
    METADATA,
    text("user_id", primary_key=True),
    one_of("type", NotificationType, primary_key=True),
    one_of("method", NotificationMethod),
    one_of("recurrence", Recurrence),
    sa.Column("time", sa.Time, nullable=False),
    text("weekdays"),  # their numbers: 12345 is Monday to Friday
    one_of("monthly", MonthlyDate),
    number("day_of_month"),
    only("type", NotificationType),
    only("method", NotificationMethod),
    only("recurrence", Recurrence),
    only("monthly", MonthlyDate),
)

user_groups = sa.Table("user_groups", METADATA, text("code", primary_key=True))

user_group_members = sa.Table(
    "user_group_members",
    METADATA,
    text("group_code", primary_key=True),
    text("user_id", primary_key=True),
    number("sequence_no"),
    sa.ForeignKeyConstraint(["group_code"], [user_groups.c.code], ondelete="CASCADE"),
)

workflows = sa.Table(
    "workflows",
    METADATA,
    text("code", primary_key=True),
    yes_or_no("enabled"),
    number("latest_version"),
)

# Without a foreign key: a workflow can be deleted, and the archive still names its versions.
workflow_versions = sa.Table(
    "workflow_versions",
    METADATA,
    text("code", primary_key=True),
    number("version", primary_key=True, autoincrement=False),
    one_of("area", Area),
    one_of("document_type", DocumentType),
    text("definition"),  # JSON
    only("area", Area),
    only("document_type", DocumentType),
)

counterparties = sa.Table(
    "counterparties",
    METADATA,
    one_of("area", Area, primary_key=True),
    text("number", primary_key=True),
    text("name"),
    yes_or_no("restricted"),
    sa.Column("credit_limit_lcy", Money, nullable=False),
    sa.Column("exposure_lcy", Money, nullable=False),
    text("email"),
    text("language"),
    only("area", Area),
)

restricted_items = sa.Table("restricted_items", METADATA, text("number", primary_key=True))

company = sa.Table(
    "company",
    METADATA,
    number("id", primary_key=True, autoincrement=False),
    text("options"),  # JSON
    sa.CheckConstraint("id = 1", name="one_row"),
)

mail_setup = sa.Table(
    "mail_setup",
    METADATA,
    number("id", primary_key=True, autoincrement=False),
    text("settings"),  # JSON, without the secrets
    text("password"),  # encrypted; empty when there is none
    text("client_secret"),  # likewise
    sa.CheckConstraint("id = 1", name="one_row"),
)

# What Microsoft Entra gave out for the mail account, encrypted.
oauth_tokens = sa.Table(
    "oauth_tokens",
    METADATA,
    number("id", primary_key=True, autoincrement=False),
    text("cache"),
    sa.CheckConstraint("id = 1", name="one_row"),
)
