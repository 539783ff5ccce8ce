"""What may go of each kind: which rows, what an archive keeps of them, and how they are deleted.

What somebody may still have to decide stays, with all its mail. Entries, comments and events are
in no statement here.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.tables import (
    api_answers,
    approval_comments,
    approval_entries,
    approval_runs,
    documents,
    email_attempts,
    emails,
    events,
    notifications,
    received_mails,
    web_sessions,
    webhook_attempts,
    webhook_deliveries,
)
from db.variants import FIRST_ID
from notifications.ports import EmailState
from notifications.webhooks import DeliveryState
from workflow.retention import Key, Records, Row
from workflow.statuses import DocumentStatus

Condition = sa.ColumnElement[bool]
Keys = Sequence[Key]

# The worker or the operator still has something to do with all others.
ENDED = (
    EmailState.SENT,
    EmailState.REFUSED,
    EmailState.SUPERSEDED,
    EmailState.CORRUPT,
    EmailState.CANCELED,
)
_PENDING = documents.c.status == DocumentStatus.PENDING_APPROVAL
_ABOUT_PENDING = (
    sa.exists()
    .where(
        notifications.c.email_id == FIRST_ID,
        events.c.id == notifications.c.event_id,
        documents.c.id == events.c.document_id,
        _PENDING,
    )
    .correlate(emails)
)
_KIN = emails.alias("kin")
# By its number a restored database is told from the right one: `notifications/restored.py`.
_LAST_SENT = (
    sa.select(sa.func.coalesce(_KIN.c.first_id, _KIN.c.id))
    .select_from(email_attempts.join(_KIN, _KIN.c.id == email_attempts.c.email_id))
    .order_by(email_attempts.c.id.desc())
    .limit(1)
    .scalar_subquery()
)


@dataclass(frozen=True)
class Kind:
    """How one kind of records is found and read; by *key*, the oldest first."""

    key: sa.Column[Any]
    due: Callable[[datetime], Sequence[Condition]]
    rows: Callable[[Connection, Keys], Sequence[Row]] = lambda _connection, _keys: []


# --- letters and emails ------------------------------------------------------------------------


def _old_letters(before: datetime) -> Sequence[Condition]:
    ended = emails.c.state.in_(ENDED)
    return (ended, emails.c.created_at < before, emails.c.raw.is_not(None), ~_ABOUT_PENDING)


def _letter_rows(connection: Connection, keys: Keys) -> Sequence[Row]:
    return _dicts(connection, emails, emails.c.id.in_(keys))


def _remove_letters(connection: Connection, keys: Keys) -> None:
    connection.execute(sa.update(emails).where(emails.c.id.in_(keys)).values(raw=None))


def _old_emails(before: datetime) -> Sequence[Condition]:
    """With those that stood in for them."""
    in_use = sa.or_(_KIN.c.state.not_in(ENDED), _KIN.c.created_at >= before)
    return (
        emails.c.first_id.is_(None),
        emails.c.state.in_(ENDED),
        emails.c.created_at < before,
        ~sa.exists().where(_KIN.c.first_id == emails.c.id, in_use),
        ~_ABOUT_PENDING,
        emails.c.id != sa.func.coalesce(_LAST_SENT, 0),
    )


def _email_rows(connection: Connection, keys: Keys) -> Sequence[Row]:
    family = _dicts(connection, emails, emails.c.id.in_(_family(keys)))
    attempts = _by(_dicts(connection, email_attempts, _of_family(email_attempts, keys)), "email_id")
    told = _by(_dicts(connection, notifications, notifications.c.email_id.in_(keys)), "email_id")
    return [
        {
            **email,
            "attempts_made": attempts[email["id"]],
            "notifications": told[email["id"]],
        }
        for email in family
    ]


def _remove_emails(connection: Connection, keys: Keys) -> None:
    own = notifications.c.email_id.in_(keys)
    connection.execute(sa.delete(email_attempts).where(_of_family(email_attempts, keys)))
    connection.execute(sa.delete(notifications).where(own))
    connection.execute(
        sa.update(received_mails).where(_of_family(received_mails, keys)).values(email_id=None)
    )
    connection.execute(sa.delete(emails).where(emails.c.first_id.in_(keys)))
    connection.execute(sa.delete(emails).where(emails.c.id.in_(keys)))


def _family(keys: Keys) -> sa.Select[int]:
    kin = _KIN.c
    return sa.select(kin.id).where(sa.or_(kin.id.in_(keys), kin.first_id.in_(keys)))


def _of_family(table: sa.Table, keys: Keys) -> Condition:
    return table.c.email_id.in_(_family(keys))


# --- webhooks ----------------------------------------------------------------------------------


def _old_deliveries(before: datetime) -> Sequence[Condition]:
    pending = sa.exists().where(
        events.c.id == webhook_deliveries.c.event_id,
        documents.c.id == events.c.document_id,
        _PENDING,
    )
    ended = webhook_deliveries.c.state.in_([DeliveryState.DELIVERED, DeliveryState.FAILED])
    return (ended, webhook_deliveries.c.created_at < before, ~pending)


def _delivery_rows(connection: Connection, keys: Keys) -> Sequence[Row]:
    deliveries = _dicts(connection, webhook_deliveries, webhook_deliveries.c.id.in_(keys))
    of_them = webhook_attempts.c.delivery_id.in_(keys)
    attempts = _by(_dicts(connection, webhook_attempts, of_them), "delivery_id")
    return [{**one, "attempts_made": attempts[one["id"]]} for one in deliveries]


def _remove_deliveries(connection: Connection, keys: Keys) -> None:
    of_them = webhook_attempts.c.delivery_id.in_(keys)
    connection.execute(sa.delete(webhook_attempts).where(of_them))
    connection.execute(sa.delete(webhook_deliveries).where(webhook_deliveries.c.id.in_(keys)))


# --- what is not archived ----------------------------------------------------------------------


def _old_answers(before: datetime) -> Sequence[Condition]:
    return (api_answers.c.kept_at < before,)


def _old_sessions(before: datetime) -> Sequence[Condition]:
    return (web_sessions.c.last_seen_at < before,)


# --- documents ---------------------------------------------------------------------------------


def _old_documents(before: datetime) -> Sequence[Condition]:
    since = sa.exists().where(events.c.document_id == documents.c.id, events.c.at >= before)
    return (documents.c.status == DocumentStatus.RELEASED, ~since)


def _document_rows(connection: Connection, keys: Keys) -> Sequence[Row]:
    runs = _dicts(connection, approval_runs, approval_runs.c.document_id.in_(keys))
    of_runs = approval_entries.c.run_id.in_([run["id"] for run in runs])
    entries = _by(_dicts(connection, approval_entries, of_runs), "run_id")
    by_document = _by(
        [{**run, "entries": entries[run["id"]]} for run in runs],
        "document_id",
    )
    of_them = approval_comments.c.document_id.in_(keys)
    comments = _by(_dicts(connection, approval_comments, of_them), "document_id")
    return [
        {**one, "runs": by_document[one["id"]], "comments": comments[one["id"]]}
        for one in _dicts(connection, documents, documents.c.id.in_(keys))
    ]


# --- parts -------------------------------------------------------------------------------------


def _dicts(connection: Connection, table: sa.Table, *conditions: Condition) -> list[dict[str, Any]]:
    key = next(iter(table.primary_key))
    rows = connection.execute(sa.select(table).where(*conditions).order_by(key)).mappings()
    return [{name: _storable(value) for name, value in row.items()} for row in rows]


def _storable(value: Any) -> Any:  # noqa: ANN401 - any value of a column
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _by(rows: Sequence[dict[str, Any]], name: str) -> Mapping[Any, list[dict[str, Any]]]:
    found: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


KINDS: Mapping[Records, Kind] = {
    Records.LETTERS: Kind(emails.c.id, _old_letters, _letter_rows),
    Records.EMAILS: Kind(emails.c.id, _old_emails, _email_rows),
    Records.WEBHOOKS: Kind(webhook_deliveries.c.id, _old_deliveries, _delivery_rows),
    Records.API_ANSWERS: Kind(api_answers.c.idempotency_key, _old_answers),
    Records.SESSIONS: Kind(web_sessions.c.id, _old_sessions),
    Records.DOCUMENTS: Kind(documents.c.id, _old_documents, _document_rows),
}
# Documents are not among them: they leave through the workflow, which records it.
REMOVE: Mapping[Records, Callable[[Connection, Keys], None]] = {
    Records.LETTERS: _remove_letters,
    Records.EMAILS: _remove_emails,
    Records.WEBHOOKS: _remove_deliveries,
}
