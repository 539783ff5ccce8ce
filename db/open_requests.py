"""Whether what an email asks for was answered meanwhile, so that it need not be sent."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.document_tables import IS_OPEN
from db.tables import approval_entries, approval_runs, archived_entries, events
from notifications.ports import RecordedEvent
from workflow.events import (
    ApprovalOverdue,
    ApprovalRequested,
    MailDecidedNothing,
    RequestDelegated,
    RequestEscalated,
    RequestNudged,
)

ABOUT_AN_ENTRY: Final = (
    ApprovalRequested,
    RequestDelegated,
    ApprovalOverdue,
    RequestEscalated,
    RequestNudged,
    MailDecidedNothing,
)

_DOCUMENT = (
    sa.select(events.c.document_id).where(events.c.id == bindparam("event")).scalar_subquery()
)
_RUN = sa.and_(
    approval_runs.c.document_id == _DOCUMENT, approval_runs.c.run_no == bindparam("run_no")
)
_OPEN = (
    sa.select(sa.literal(1))
    .select_from(approval_runs.join(approval_entries))
    .where(
        _RUN,
        IS_OPEN,
        approval_entries.c.sequence_no == bindparam("sequence_no"),
        approval_entries.c.approver == bindparam("approver"),
    )
)
_ARCHIVED = sa.select(sa.literal(1)).where(
    archived_entries.c.number == bindparam("number"),
    archived_entries.c.document_id == _DOCUMENT,
    archived_entries.c.run_no == bindparam("run_no"),
)
_ANSWERED = sa.select(
    sa.and_(
        sa.or_(sa.exists(sa.select(sa.literal(1)).where(_RUN)), sa.exists(_ARCHIVED)),
        sa.not_(sa.exists(_OPEN)),
    )
)


def is_answered(connection: Connection, recorded: RecordedEvent) -> bool:
    """Only when the entry is known not to be open: a lost request is worse than one too many."""
    event = recorded.event
    if not isinstance(event, ABOUT_AN_ENTRY):
        return False
    facts = {
        "event": recorded.id,
        "run_no": event.run_no,
        "number": event.document.number,
        "sequence_no": event.entry.sequence_no,
        "approver": event.entry.approver,
    }
    return bool(connection.execute(_ANSWERED, facts).scalar_one())
