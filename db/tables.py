"""All tables; each is declared in the module of its subject."""

from db.document_tables import (
    approval_comments,
    approval_entries,
    approval_runs,
    archived_comments,
    archived_entries,
    documents,
    number_series,
)
from db.mail_tables import email_attempts, emails, event_inbox, events, notifications
from db.metadata import METADATA
from db.setup_tables import (
    approval_users,
    company,
    counterparties,
    mail_setup,
    notification_setup,
    restricted_items,
    user_group_members,
    user_groups,
    workflow_versions,
    workflows,
)

__all__ = [
    "METADATA",
    "approval_comments",
    "approval_entries",
    "approval_runs",
    "approval_users",
    "archived_comments",
    "archived_entries",
    "company",
    "counterparties",
    "documents",
    "email_attempts",
    "emails",
    "event_inbox",
    "events",
    "mail_setup",
    "notification_setup",
    "notifications",
    "number_series",
    "restricted_items",
    "user_group_members",
    "user_groups",
    "workflow_versions",
    "workflows",
]
