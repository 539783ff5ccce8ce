"""How much a mail account may send, and until when it rests; the same for all workers."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.inserts import insert_new, insert_or_update
from db.tables import mail_accounts, mail_connections
from db.waking import MAIL, wake
from notifications.accounts import Limits, Pause, Permit
from notifications.replies import ReplyKind
from notifications.retries import LONGEST_WAIT

MINUTE = timedelta(minutes=1)
CLOCKS_DIFFER = timedelta(hours=1)  # at most; a moment later than that was never

_ACCOUNT = sa.select(mail_accounts).where(mail_accounts.c.account == bindparam("its_account"))
_LOCKED = _ACCOUNT.with_for_update()
_UPDATE = sa.update(mail_accounts).where(mail_accounts.c.account == bindparam("its_account"))
_PAUSE = _UPDATE.where(  # a longer pause stands: asking earlier makes a block worse
    sa.or_(
        mail_accounts.c.paused_until.is_(None),
        mail_accounts.c.paused_until < bindparam("until"),
    )
)
_LEASE_ENDED = sa.delete(mail_connections).where(
    sa.or_(
        mail_connections.c.lease_until <= bindparam("now"),
        mail_connections.c.lease_until > bindparam("never"),  # a clock that was ahead has set it
    )
)
_OTHERS = (
    sa.select(sa.func.count())
    .select_from(mail_connections)
    .where(
        mail_connections.c.account == bindparam("its_account"),
        mail_connections.c.owner != bindparam("its_owner"),
    )
)
_HANG_UP = sa.delete(mail_connections).where(mail_connections.c.owner == bindparam("its_owner"))
_NO_PAUSE = {"paused_until": None, "paused_kind": "", "paused_text": ""}
_END_PAUSES = (
    sa.update(mail_accounts).where(mail_accounts.c.paused_until.is_not(None)).values(_NO_PAUSE)
)


def pause_of(connection: Connection, account: str, now: datetime) -> Pause | None:
    row = connection.execute(_ACCOUNT, {"its_account": account}).one_or_none()
    if row is None or row.paused_until is None:
        return None
    if not now < row.paused_until <= now + LONGEST_WAIT:  # over, or set by a clock that was ahead
        return None
    return Pause(until=row.paused_until, kind=ReplyKind(row.paused_kind), text=row.paused_text)


def pause(connection: Connection, account: str, pause: Pause) -> None:
    _make(connection, account, pause.until)
    values = {
        "paused_until": pause.until,
        "paused_kind": pause.kind,
        "paused_text": pause.text,
    }
    connection.execute(_PAUSE, {"its_account": account, "until": pause.until, **values})


def end_pauses(connection: Connection) -> None:
    """Somebody changed the setup, or wants to see whether it works by now."""
    connection.execute(_END_PAUSES)
    wake(connection, MAIL)


def end_pause(connection: Connection, account: str) -> None:
    connection.execute(_UPDATE.values(_NO_PAUSE), {"its_account": account})
    wake(connection, MAIL)


def permit(  # noqa: PLR0913 - the port's own arguments
    connection: Connection,
    account: str,
    now: datetime,
    *,
    owner: str,
    until: datetime,
    limits: Limits,
    wanted: int,
) -> Permit:
    """Workers ask one after the other: the account's row is locked."""
    _make(connection, account, now - CLOCKS_DIFFER)
    row = connection.execute(_LOCKED, {"its_account": account}).one()
    if not _connects(connection, account, now, owner, until, limits.connections):
        return Permit(letters=0, why=f"All {limits.connections} connections are in use.")
    if limits.rate_per_minute is None:
        return Permit(letters=wanted)
    letters = _letters(row.letters, now - row.letters_at, limits.rate_per_minute)
    taken = min(wanted, int(letters))
    values = {"letters": letters - taken, "letters_at": _later(now, row.letters_at)}
    connection.execute(_UPDATE, {"its_account": account, **values})
    why = "" if taken == wanted else f"{limits.rate_per_minute} letters a minute are sent."
    return Permit(letters=taken, why=why)


def hang_up(connection: Connection, owner: str) -> None:
    connection.execute(_HANG_UP, {"its_owner": owner})


def _make(connection: Connection, account: str, letters_at: datetime) -> None:
    row = {"account": account, "letters": 0.0, "letters_at": letters_at, **_NO_PAUSE}
    connection.execute(insert_new(connection, mail_accounts), row)


def _connects(  # noqa: PLR0913 - one fact each
    connection: Connection,
    account: str,
    now: datetime,
    owner: str,
    until: datetime,
    limit: int | None,
) -> bool:
    """Whether the worker may have a connection open; one that died loses its own."""
    if limit is None:
        return True
    connection.execute(_LEASE_ENDED, {"now": now, "never": now + LONGEST_WAIT})
    others = connection.scalar(_OTHERS, {"its_account": account, "its_owner": owner}) or 0
    if others >= limit:
        return False
    row = {"owner": owner, "account": account, "lease_until": until}
    connection.execute(insert_or_update(connection, mail_connections), row)
    return True


def _letters(before: float, passed: timedelta, rate: int) -> float:
    """As many as the rate, when nothing was sent for a minute."""
    if passed < -CLOCKS_DIFFER:
        return float(rate)
    return min(float(rate), before + max(passed / MINUTE, 0.0) * rate)


def _later(now: datetime, before: datetime) -> datetime:
    """Clocks of two machines differ; what passed on one must not pass again on the other."""
    return before if now < before <= now + CLOCKS_DIFFER else now
