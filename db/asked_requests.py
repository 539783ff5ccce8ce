"""What one person is asked now: the events that asked him, of every request that is still open."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.document_tables import IS_OPEN
from db.notification_rows import RECORDED, recorded_from
from db.tables import approval_entries, approval_runs, events
from workflow.events import ApprovalRequested, RequestDelegated

ASKING: Final = (ApprovalRequested, RequestDelegated)
_ASKED = (
    sa.select(approval_runs.c.run_no, approval_entries.c.sequence_no, *RECORDED)
    .select_from(
        approval_entries.join(approval_runs).join(
            events, events.c.document_id == approval_runs.c.document_id
        )
    )
    .where(
        IS_OPEN,
        approval_entries.c.approver == bindparam("of_approver"),
        events.c.kind.in_([event.__name__ for event in ASKING]),
    )
    .order_by(events.c.id)
)


def asked_of(connection: Connection, approver: str) -> list[ApprovalRequested | RequestDelegated]:
    """Each open request once, by the last event that asked him; oldest first."""
    found: dict[tuple[object, ...], ApprovalRequested | RequestDelegated] = {}
    for row in connection.execute(_ASKED, {"of_approver": approver}):
        event = recorded_from(row).event
        if not isinstance(event, ASKING) or event.entry.approver != approver:
            continue
        if (event.run_no, event.entry.sequence_no) == (row.run_no, row.sequence_no):
            document = event.document
            key = (document.area, document.document_type, document.number, row.sequence_no)
            found[key] = event
    return list(found.values())
