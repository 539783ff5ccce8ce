"""After something broke: is every event that tells somebody accounted for by an email?"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.tables import emails, event_inbox, events, notifications
from notifications.ports import EmailState

MESSAGE_ID = re.compile(rb"(?im)^Message-ID: (\S+)")
TOLD = events.c.payload.not_like('%"tell":[]%')  # the others concern nobody


@dataclass(frozen=True)
class Account:
    """What `make faults` shows of one fault."""

    events: int  # that tell somebody
    accounted: int  # of these: an email says what became of it
    emails: int
    letters: int  # that the mail server took
    lost: int
    twice: int  # letters that came again
    uncertain: int  # emails that say they may have
    twice_without_saying: int

    def check(self) -> "Account":
        assert self.events == self.accounted, self
        assert self.lost == 0, self
        assert self.twice_without_saying == 0, self
        return self

    def row(self) -> dict[str, Any]:
        return vars(self)


def account_of(engine: sa.Engine, letters: list[bytes]) -> Account:
    """What was recorded, beside the *letters* that a mail server took."""
    with engine.connect() as connection:
        told = set(connection.scalars(sa.select(events.c.id).where(TOLD)))
        waiting = set(connection.scalars(sa.select(event_inbox.c.event_id)))
        written = connection.execute(
            sa.select(notifications.c.event_id, notifications.c.email_id)
        ).all()
        rows = connection.execute(sa.select(emails)).all()
    unwritten = {event for event, email in written if email is None}
    came = Counter(_message_id(letter) for letter in letters)
    sent = [row for row in rows if row.state in {EmailState.SENT, EmailState.UNCERTAIN}]
    again = {row: came[row.message_id] - 1 for row in sent if came[row.message_id] > 1}
    return Account(
        events=len(told),
        accounted=len(told & ({event for event, _ in written} - unwritten - waiting)),
        emails=len(rows),
        letters=len(letters),
        lost=sum(row.state is EmailState.SENT and not came[row.message_id] for row in rows),
        twice=sum(again.values()),
        uncertain=sum(row.uncertain for row in rows),
        twice_without_saying=sum(not row.uncertain for row in again),
    )


def _message_id(letter: bytes) -> str:
    found = MESSAGE_ID.search(letter)
    assert found, letter[:300]
    return found[1].decode()
