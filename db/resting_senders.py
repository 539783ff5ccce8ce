"""Addresses the mail server refused an account: they rest, and administrators are told once."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.event_log import record_setup_events
from db.inserts import insert_or_update
from db.tables import approval_users, resting_senders
from notifications.ports import RefusedSender

_RESTING = sa.select(resting_senders.c.account, resting_senders.c.address).where(
    resting_senders.c.until > bindparam("now")
)
_THIS = sa.and_(
    resting_senders.c.account == bindparam("its_account"),
    resting_senders.c.address == bindparam("its_address"),
)
_RESTS = sa.select(sa.literal(1)).where(_THIS, resting_senders.c.until > bindparam("now"))
_WAKE = sa.delete(resting_senders).where(
    sa.func.lower(resting_senders.c.address) == sa.func.lower(bindparam("its_address"))
)
ADMINISTRATORS = (
    sa.select(approval_users.c.user_id)
    .where(approval_users.c.administrator)
    .order_by(approval_users.c.user_id)
)


def resting(connection: Connection, now: datetime) -> frozenset[tuple[str, str]]:
    return frozenset(
        (row.account, row.address) for row in connection.execute(_RESTING, {"now": now})
    )


def rest(connection: Connection, refused: RefusedSender, now: datetime) -> None:
    """Administrators hear of it when the rest begins, not of every email after that."""
    which = {"its_account": refused.account, "its_address": refused.address}
    rests_already = connection.scalar(_RESTS, {**which, "now": now}) is not None
    row = {"account": refused.account, "address": refused.address, "until": refused.until}
    connection.execute(insert_or_update(connection, resting_senders), row)
    if refused.grant_missing is not None and not rests_already:
        administrators = tuple(connection.scalars(ADMINISTRATORS))
        told = replace(refused.grant_missing, tell=administrators)
        record_setup_events(connection, [told])


def wake(connection: Connection, address: str) -> bool:
    """Somebody says that the grant is there; whether the address rested."""
    return connection.execute(_WAKE, {"its_address": address}).rowcount > 0
