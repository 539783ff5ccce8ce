"""Holding the emails of a storm, and telling administrators once that there is one."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.accounts import CLOCKS_DIFFER
from db.event_log import record_setup_events
from db.guard_rows import locked_guard
from db.guard_tables import delivery_guard
from db.notification_rows import NOTIFICATIONS, notification_from
from db.resting_senders import ADMINISTRATORS
from db.tables import emails, notifications
from notifications.ports import NewEmail
from notifications.storms import QUIET, WARNING, Ceiling, warning_of

_LATELY = (
    emails.c.created_at > bindparam("since"),
    emails.c.created_at <= bindparam("until"),  # a clock that ran ahead counts for nothing
)
_MADE = sa.select(sa.literal(1)).where(*_LATELY)
_TO_ONE = _MADE.where(emails.c.recipient == bindparam("its_recipient"))
_TO_EACH = (
    sa.select(emails.c.recipient, sa.func.count())
    .where(*_LATELY, emails.c.recipient.in_(bindparam("these", expanding=True)))
    .group_by(emails.c.recipient)
)
_ABOUT = NOTIFICATIONS.where(notifications.c.id == bindparam("this"))
_STORM = sa.update(delivery_guard)


def ceiling_reached(
    connection: Connection, email: NewEmail, now: datetime, ceilings: Sequence[Ceiling]
) -> Ceiling | None:
    """The one that this email would exceed."""
    if email.message == WARNING:
        return None
    return next((one for one in ceilings if _reached(connection, email, now, one)), None)


def is_calm(
    connection: Connection, new: Sequence[NewEmail], now: datetime, ceilings: Sequence[Ceiling]
) -> bool:
    """Whether all of these may be made, so that nobody has to count them one by one."""
    return all(
        _made_for_one(connection, new, now, ceiling) <= ceiling.emails
        if ceiling.per_person
        else _made(connection, now, ceiling) + len(new) <= ceiling.emails
        for ceiling in ceilings
    )


def tell_of_storm(connection: Connection, email: NewEmail, ceiling: Ceiling, now: datetime) -> None:
    """Once, until no email was held for an hour or somebody decided about those that are."""
    before: datetime | None = locked_guard(connection).storm_at
    connection.execute(_STORM, {"storm_at": now})
    if before is not None and abs(now - before) <= QUIET:
        return
    held = notification_from(connection.execute(_ABOUT, {"this": email.notifications[0]}).one())
    administrators = tuple(connection.scalars(ADMINISTRATORS))
    if warning := warning_of(ceiling, held, administrators, now):
        record_setup_events(connection, [warning])


def storm_is_over(connection: Connection) -> None:
    connection.execute(_STORM, {"storm_at": None})


def _reached(connection: Connection, email: NewEmail, now: datetime, ceiling: Ceiling) -> bool:
    return _made(connection, now, ceiling, email.recipient) >= ceiling.emails


def _made(connection: Connection, now: datetime, ceiling: Ceiling, recipient: str = "") -> int:
    """No more than the ceiling are counted."""
    made = (_TO_ONE if ceiling.per_person else _MADE).limit(ceiling.emails).subquery()
    statement = sa.select(sa.func.count()).select_from(made)
    values = {**_lately(now, ceiling), "its_recipient": recipient}
    count: int = connection.execute(statement, values).scalar_one()
    return count


def _made_for_one(
    connection: Connection, new: Sequence[NewEmail], now: datetime, ceiling: Ceiling
) -> int:
    """Of those who get one of these: the most that anybody would have got."""
    counts = Counter(email.recipient for email in new)
    values = {**_lately(now, ceiling), "these": list(counts)}
    for recipient, made in connection.execute(_TO_EACH, values):
        counts[recipient] += made
    return max(counts.values())


def _lately(now: datetime, ceiling: Ceiling) -> dict[str, datetime]:
    return {"since": now - ceiling.within, "until": now + CLOCKS_DIFFER}
