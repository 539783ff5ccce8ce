"""Delivering emails: claimed by one worker, written once, handed over, and marked."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam

from db import accounts, claims
from db.asked_requests import asked_of
from db.email_ends import finish_claim
from db.handing_over import hand_over, hand_over_in_one_trip
from db.mail_tables import WAITING
from db.open_requests import answered
from db.resting_senders import resting
from db.short_transactions import ShortTransactions
from db.tables import emails
from db.threads import Asked, earlier_emails
from notifications.accounts import Limits, Pause, Permit
from notifications.ports import (
    AttemptEnd,
    ClaimedEmail,
    EmailState,
    Finishing,
    HandedOver,
    Notification,
    RecordedEvent,
    WrittenEmail,
)
from workflow.events import DocumentEvent

TRIES: Final = 3  # to record what became of an email; each waits for other writers

WRITTEN_NAMES: Final = tuple(WrittenEmail.__dataclass_fields__)

_NEXT_DUE = sa.select(sa.func.min(emails.c.next_attempt_at)).where(
    WAITING, emails.c.state.in_([EmailState.QUEUED, EmailState.UNCERTAIN])
)
_WRITE = sa.update(emails).where(
    emails.c.id == bindparam("this_email"), claims.OWN, emails.c.raw.is_(None)
)
_FORGET = (
    sa.update(emails)
    .where(
        emails.c.id == bindparam("this_email"),
        claims.OWN,
        ~emails.c.uncertain,
        emails.c.in_hand_since.is_(None),
    )
    .values(dict.fromkeys(WRITTEN_NAMES))
)


class Delivering(ShortTransactions):
    """Pass 3 of the mail's ``Outbox``."""

    def claim(
        self, now: datetime, *, owner: str, lease: timedelta, limit: int
    ) -> list[ClaimedEmail]:
        with self._engine.begin() as connection:
            return claims.claim_due(connection, now, owner=owner, until=now + lease, limit=limit)

    def are_due(self, now: datetime, *, more_than: int) -> bool:
        with self._single_reads.connect() as connection:
            return claims.are_due(connection, now, more_than=more_than)

    def still_asked(self, notifications: Sequence[Notification]) -> tuple[Notification, ...]:
        with self._single_reads.connect() as connection:
            of_no_use = answered(connection, [one.recorded for one in notifications])
            return tuple(one for one in notifications if one.recorded.id not in of_no_use)

    def asked_of(self, user: str) -> list[DocumentEvent]:
        with self._single_reads.connect() as connection:
            return [*asked_of(connection, user)]

    def earlier(self, emails: Sequence[ClaimedEmail]) -> dict[int, tuple[str, ...]]:
        asked = [
            Asked(
                email_id=email.id,
                event_id=email.notifications[0].recorded.id,
                recipient=email.recipient,
            )
            for email in emails
        ]
        with self._single_reads.connect() as connection:
            return earlier_emails(connection, asked)

    def write(self, emails: Mapping[int, WrittenEmail], *, owner: str) -> frozenset[int]:
        rows = [_written_columns(number, written, owner) for number, written in emails.items()]
        with self._engine.begin() as connection:
            together = connection.begin_nested()
            if connection.execute(_WRITE, rows).rowcount == len(rows):
                return frozenset(emails)
            together.rollback()  # to learn which of them are somebody else's by now
            return frozenset(
                row["this_email"] for row in rows if connection.execute(_WRITE, row).rowcount
            )

    def forget_writing(self, email_id: int, *, owner: str) -> bool:
        with self._engine.begin() as connection:
            result = connection.execute(_FORGET, {"this_email": email_id, "its_owner": owner})
            return result.rowcount == 1

    def hand_over(  # noqa: PLR0913 - what a hand-over depends on
        self,
        email_id: int,
        *,
        owner: str,
        now: datetime,
        lease: timedelta,
        finishing: Finishing | None = None,
        asking: Sequence[Notification] = (),
    ) -> HandedOver:
        which = {"handed_over": email_id, "its_owner": owner, "now": now, "until": now + lease}
        asks = [one.recorded for one in asking]
        if finishing and finishing.end.is_plain and self._in_one_trip(asks):
            with self._single_statements.connect() as connection:
                return hand_over_in_one_trip(connection, which, finishing, asks)
        with self._engine.begin() as connection:
            return hand_over(connection, which, finishing, asks)

    def _in_one_trip(self, asks: Sequence[RecordedEvent]) -> bool:
        return self._engine.dialect.name == "postgresql" and len(asks) <= 1

    def finish(self, email_id: int, *, owner: str, end: AttemptEnd) -> bool:
        """Not given up at the first trouble: without it nobody knows whether the email was sent."""
        for _ in range(TRIES - 1):
            try:
                return self._finish(email_id, owner, end)
            except sa.exc.OperationalError:
                continue
        return self._finish(email_id, owner, end)

    def _finish(self, email_id: int, owner: str, end: AttemptEnd) -> bool:
        with self._engine.begin() as connection:
            return finish_claim(connection, email_id, owner=owner, end=end)

    def release_claims(self, owner: str, *, hang_up: bool = True) -> None:
        with self._engine.begin() as connection:
            claims.release_claims_of(connection, owner)
            if hang_up:
                accounts.hang_up(connection, owner)

    def next_due(self) -> datetime | None:
        with self._single_reads.connect() as connection:
            due: datetime | None = connection.scalar(_NEXT_DUE)
            return due

    # --- accounts ------------------------------------------------------------------------------

    def pause_of(self, account: str, now: datetime) -> Pause | None:
        with self._single_reads.connect() as connection:
            return accounts.pause_of(connection, account, now)

    def pause(self, account: str, pause: Pause) -> None:
        with self._engine.begin() as connection:
            accounts.pause(connection, account, pause)

    def permit(  # noqa: PLR0913 - the port's own arguments
        self,
        account: str,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        limits: Limits,
        wanted: int,
    ) -> Permit:
        with self._engine.begin() as connection:
            return accounts.permit(
                connection,
                account,
                now,
                owner=owner,
                until=now + lease,
                limits=limits,
                wanted=wanted,
            )

    def resting_senders(self, now: datetime) -> frozenset[tuple[str, str]]:
        with self._single_reads.connect() as connection:
            return resting(connection, now)


def _written_columns(email_id: int, written: WrittenEmail, owner: str) -> dict[str, Any]:
    columns = {name: getattr(written, name) for name in WRITTEN_NAMES}
    return {"this_email": email_id, "its_owner": owner, **columns}
