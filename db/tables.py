"""All tables; each is declared in the module of its subject."""

from db.account_tables import mail_accounts, mail_connections, resting_senders
from db.api_tables import api_answers, api_keys
from db.document_tables import (
    approval_comments,
    approval_entries,
    approval_runs,
    archived_comments,
    archived_entries,
    documents,
    number_series,
    received_documents,
)
from db.guard_tables import delivery_guard
from db.mail_tables import (
    email_attempts,
    emails,
    event_inbox,
    events,
    mail_tests,
    notifications,
)
from db.metadata import METADATA
from db.received_tables import inbound_mailbox, received_mails
from db.retention_tables import retention_batches, retention_policy
from db.setup_tables import (
    approval_users,
    company,
    counterparties,
    mail_setup,
    notification_setup,
    oauth_tokens,
    restricted_items,
    user_group_members,
    user_groups,
    workflow_versions,
    workflows,
)
from db.sign_in_tables import password_links, sign_in_failures, user_accounts, web_sessions
from db.webhook_tables import webhook_attempts, webhook_deliveries, webhook_endpoints
from db.wording_tables import mail_overrides, mail_wordings
from db.worker_tables import background_runs, worker_beats

__all__ = [
    "METADATA",
    "api_answers",
    "api_keys",
    "approval_comments",
    "approval_entries",
    "approval_runs",
    "approval_users",
    "archived_comments",
    "archived_entries",
    "background_runs",
    "company",
    "counterparties",
    "delivery_guard",
    "documents",
    "email_attempts",
    "emails",
    "event_inbox",
    "events",
    "inbound_mailbox",
    "mail_accounts",
    "mail_connections",
    "mail_overrides",
    "mail_setup",
    "mail_tests",
    "mail_wordings",
    "notification_setup",
    "notifications",
    "number_series",
    "oauth_tokens",
    "password_links",
    "received_documents",
    "received_mails",
    "resting_senders",
    "restricted_items",
    "retention_batches",
    "retention_policy",
    "sign_in_failures",
    "user_accounts",
    "user_group_members",
    "user_groups",
    "web_sessions",
    "webhook_attempts",
    "webhook_deliveries",
    "webhook_endpoints",
    "worker_beats",
    "workflow_versions",
    "workflows",
]
