"""How the database finds the rows of each statement: what it would read from end to end."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from db.tables import METADATA

# Read whole, because they stay small however long a company works.
TINY = {
    "api_keys": "one row for each program",
    "approval_users": "one row for each person",
    "company": "one row",
    "counterparties": "looked up by key; one row for each vendor and customer",
    "delivery_guard": "one row",
    "event_inbox": "holds events of the last seconds only: each is deleted when it is expanded",
    "inbound_mailbox": "one row",
    "mail_accounts": "one row for each mail account",
    "mail_connections": "one row for each open connection",
    "mail_overrides": "one row for each message and language",
    "mail_setup": "one row",
    "retention_batches": "one row for each file of the archive",
    "mail_wordings": "one row for each message, language and part",
    "notification_setup": "a few rows for each person",
    "retention_policy": "one row",
    "resting_senders": "one row for each address the server refused lately",
    "user_accounts": "one row for each person",
    "user_group_members": "a few rows for each group",
    "webhook_endpoints": "one row for each endpoint",
    "workflow_versions": "one row for each time somebody saved a workflow",
    "workflows": "one row for each workflow",
}
# Read whole, because nothing but what waits is in them, and what waits is the work to be done.
QUEUES = {
    "ix_approval_entries_open_approver",
    "ix_approval_entries_open_delegate_from",
    "ix_approval_entries_open_due_date",
    "ix_emails_waiting_next_attempt_at",
    "ix_notifications_waiting_due_at",
    "ix_webhook_deliveries_waiting",
}
BY_INDEX_ONLY = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
EXPLAINED = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}
NAMED = re.compile(r'\b"?(\w+)"? AS "?(\w+)"?', re.IGNORECASE)
SCANNED = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
MADE_UP = re.compile(r"SEARCH (\w+) USING AUTOMATIC")


@dataclass
class Statements:
    """What an engine was asked, each statement once, with parameters it was asked with."""

    asked: dict[str, Any] = field(default_factory=dict)


@contextmanager
def recorded(engine: sa.Engine) -> Iterator[Statements]:
    """Everything the engine executes while the `with` block runs."""
    statements = Statements()

    def executing(_connection, _cursor, statement, parameters, _context, many):
        if statement.split(maxsplit=1)[0].upper() in EXPLAINED:
            one = parameters[0] if many and isinstance(parameters, list) else parameters
            statements.asked.setdefault(statement, tuple(one) if isinstance(one, list) else one)

    event.listen(engine, "before_cursor_execute", executing)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", executing)


def full_scans(
    engine: sa.Engine, statements: Statements, *, by_index_only: bool = False
) -> dict[str, list[str]]:
    """By statement: the tables that it reads whole, other than tiny ones.

    *by_index_only*: as PostgreSQL would do it in tables so large that reading them whole is worst.
    """
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if by_index_only and not sqlite:
            for name in BY_INDEX_ONLY:
                connection.exec_driver_sql(f"SET LOCAL {name} = off")
        find = _of_sqlite if sqlite else _of_postgresql
        found = {
            statement: sorted(set(find(connection, statement, parameters)))
            for statement, parameters in statements.asked.items()
        }
    return {statement: scans for statement, scans in found.items() if scans}


def _of_sqlite(connection: sa.Connection, statement: str, parameters: Any) -> Iterator[str]:
    tables = {name: name for name in METADATA.tables}
    tables |= {alias: name for name, alias in NAMED.findall(statement) if name in tables}
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        for pattern in (SCANNED, MADE_UP):
            if (scan := pattern.match(row.detail)) is None:
                continue
            name, index = tables.get(scan[1]), scan[2] if pattern is SCANNED else None
            if name and name not in TINY and index not in QUEUES:
                yield f"{name} ({row.detail})"


def _of_postgresql(connection: sa.Connection, statement: str, parameters: Any) -> Iterator[str]:
    answer = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    plan = answer.scalar_one()
    (top,) = json.loads(plan) if isinstance(plan, str) else plan
    yield from _of_node(top["Plan"])


def _of_node(node: Mapping[str, Any], table: str = "") -> Iterator[str]:
    name = node.get("Relation Name", table)
    kind = node["Node Type"]
    if kind == "Seq Scan" and name not in TINY:
        yield f"{name} ({kind})"
    of_index = kind in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}
    if of_index and "Index Cond" not in node and name not in TINY:
        index = node["Index Name"]
        if index not in QUEUES:
            yield f"{name} (all of {index})"
    for part in node.get("Plans", []):
        yield from _of_node(part, name)
