"""Whether what an email asks for was answered meanwhile, so that it need not be sent."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, get_args

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.asked_rows import AT_ONCE, asked_rows, parameters, room_for
from db.document_tables import IS_OPEN
from db.tables import approval_entries, approval_runs, archived_entries, events
from notifications.ports import RecordedEvent
from workflow.events import (
    ApprovalDueSoon,
    ApprovalOverdue,
    ApprovalRequested,
    MailDecidedNothing,
    RequestDelegated,
    RequestEscalated,
    RequestNudged,
)

AboutAnEntry = (
    ApprovalRequested
    | RequestDelegated
    | ApprovalDueSoon
    | ApprovalOverdue
    | RequestEscalated
    | RequestNudged
    | MailDecidedNothing
)
ABOUT_AN_ENTRY: Final = get_args(AboutAnEntry)

_ASKED: Final = (
    ("event", sa.BigInteger),
    ("run_no", sa.Integer),
    ("number", sa.Text),
    ("sequence_no", sa.Integer),
    ("approver", sa.Text),
)


def _is_answered(asked: Mapping[str, sa.ColumnElement[Any]]) -> sa.ColumnElement[bool]:
    """To be asked of an event."""
    run = sa.and_(
        approval_runs.c.document_id == events.c.document_id,
        approval_runs.c.run_no == asked["run_no"],
    )
    is_open = (
        sa.select(sa.literal(1))
        .select_from(approval_runs.join(approval_entries))
        .where(
            run,
            IS_OPEN,
            approval_entries.c.sequence_no == asked["sequence_no"],
            approval_entries.c.approver == asked["approver"],
        )
    )
    archived = sa.select(sa.literal(1)).where(
        archived_entries.c.number == asked["number"],
        archived_entries.c.document_id == events.c.document_id,
        archived_entries.c.run_no == asked["run_no"],
    )
    return sa.and_(
        sa.or_(sa.exists(sa.select(sa.literal(1)).where(run)), sa.exists(archived)),
        sa.not_(sa.exists(is_open)),
    )


_PARAMETERS: dict[str, sa.ColumnElement[Any]] = {
    name: bindparam(name, type_=kind) for name, kind in _ASKED
}
IS_ANSWERED: Final = sa.select(_is_answered(_PARAMETERS)).where(events.c.id == _PARAMETERS["event"])


def answered(connection: Connection, told: Sequence[RecordedEvent]) -> frozenset[int]:
    """By event. Only where the entry is known not to be open: a lost request is worse than one
    too many.
    """
    asked = {one.id: one.event for one in told if isinstance(one.event, ABOUT_AN_ENTRY)}
    rows = [facts(number, event) for number, event in asked.items()]
    if len(rows) == 1:  # the statement is the same each time, which spares building it
        is_answered = connection.execute(IS_ANSWERED, rows[0]).scalar_one()
        return frozenset(asked) if is_answered else frozenset()
    found: set[int] = set()
    for start in range(0, len(rows), AT_ONCE):
        some = [tuple(row.values()) for row in rows[start : start + AT_ONCE]]
        room = room_for(len(some))
        found |= set(connection.scalars(_several(room), parameters(_ASKED, some, room)))
    return frozenset(found)


@cache
def _several(room: int) -> sa.Select[int]:
    asked = asked_rows(_ASKED, room)
    return (
        sa.select(asked.c.event)
        .select_from(asked.join(events, events.c.id == asked.c.event))
        .where(_is_answered(dict(asked.c.items())))
    )


def facts(number: int, event: AboutAnEntry) -> dict[str, Any]:
    """The parameters of ``IS_ANSWERED``."""
    return {
        "event": number,
        "run_no": event.run_no,
        "number": event.document.number,
        "sequence_no": event.entry.sequence_no,
        "approver": event.entry.approver,
    }
