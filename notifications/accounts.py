"""The mail account as its mail server sees it: how fast it may send, and when it has to rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from notifications.delivery_errors import DeliveryError
from notifications.mail_setup import MailSetup
from notifications.replies import Outcome, ReplyKind

SHORT_PAUSE: Final = timedelta(minutes=1)  # after trouble that passes by itself
SENDER_RESTS: Final = timedelta(hours=24)  # an address the account may not use

# After trouble that a person has to look at: so long nothing is tried. Asking more often makes it
# worse: wrong passwords lock an account, and Exchange blocks one that is refused again and again.
PAUSES: Final = {
    ReplyKind.SETUP: timedelta(minutes=5),
    ReplyKind.TLS: timedelta(minutes=5),
    ReplyKind.SIGN_IN: timedelta(minutes=15),
    ReplyKind.QUOTA: timedelta(hours=1),
    ReplyKind.SENDER_BLOCKED: timedelta(hours=4),
}
# After a wish of the server's; no letter is to blame.
SLOWER: Final = {
    ReplyKind.TOO_FAST: timedelta(seconds=45),
    ReplyKind.SUSPICIOUS: timedelta(hours=1),
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the mail server allows one account; None: as much as it takes."""

    rate_per_minute: int | None  # also how many may leave at once
    connections: int | None

    @property
    def are_set(self) -> bool:
        return self.rate_per_minute is not None or self.connections is not None


@dataclass(frozen=True, kw_only=True)
class Permit:
    """How many letters may leave now."""

    letters: int
    why: str = ""  # not all that were asked for; the rest may follow later


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Nothing of the account is submitted until then."""

    until: datetime
    kind: ReplyKind
    text: str  # what happened, and what to do


def account_of(setup: MailSetup) -> str:
    """One name for everything that counts as the same account, whoever sends with it."""
    return f"{setup.server}:{setup.port}/{setup.user_name}".lower()


def limits_of(setup: MailSetup) -> Limits:
    return Limits(rate_per_minute=setup.rate_per_minute, connections=setup.connections)


def pause_after(error: DeliveryError, now: datetime) -> Pause | None:
    """None when only this letter is concerned."""
    if not error.stops_the_pass:
        return None
    length = SLOWER.get(error.kind, SHORT_PAUSE)
    if error.outcome is Outcome.ACCOUNT:
        length = PAUSES.get(error.kind, length)
    return Pause(until=now + length, kind=error.kind, text=str(error))
