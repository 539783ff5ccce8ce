"""One attempt to send one email, and every way it can end.

The point of no return is the end of the letter: until it is sent the mail server has taken nothing.
Just before it the database notes that the email is in hand, and refuses a worker whose lease ended,
and a letter whose question was answered meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from notifications import endings
from notifications.blame import DEFECTS, described
from notifications.delivery_errors import DeliveryError
from notifications.endings import Ending
from notifications.ports import ClaimedEmail, HandedOver, WrittenEmail
from notifications.preparing import LeaseLost, Prepared, Preparing
from notifications.refused_senders import Resting, not_asked_again, rests, with_the_sender_resting
from notifications.replies import ReplyKind
from notifications.writing import letter_of

__all__ = ["Attempting", "HandOver", "LeaseLost", "Prepared"]

HandOver = Callable[[ClaimedEmail, datetime], HandedOver]  # whether its end may be sent now
# The hand-over asks again in any case; before that, to spare the server a letter left unfinished.
SEEN_LONG_AGO: Final = timedelta(seconds=5)


class Answered(Exception):
    """Somebody decided while the letter was on its way; its end is not sent."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was known last about the letters in hand."""

    at: datetime  # of what they ask for
    resting: Resting


class Attempting(Preparing):
    """Submits what was prepared."""

    def attempt(self, prepared: Prepared, now: datetime, hand_over: HandOver, seen: Seen) -> Ending:
        """Trouble with the database is no ending: it is raised.

        Raises:
            LeaseLost
        """
        if prepared.ending is not None:
            return prepared.ending
        email, written = prepared.email, prepared.written
        if now - seen.at > SEEN_LONG_AGO and not self._still_asked(email):
            return endings.superseded()
        if rests(self.setup, written, seen.resting):
            if email.attempts:
                return not_asked_again(self.setup, email, written)
            prepared = self._written_anew(email, now)
            if prepared.ending is not None:
                return prepared.ending
        return self._submitted(email, prepared.written, now, hand_over)

    def _submitted(
        self, email: ClaimedEmail, written: WrittenEmail, now: datetime, hand_over: HandOver
    ) -> Ending:
        in_hand = False

        def before_end() -> None:
            nonlocal in_hand
            handed_over = hand_over(email, self.clock())
            if handed_over.answered:
                raise Answered
            if not handed_over.held:
                raise LeaseLost
            in_hand = True

        try:
            accepted = self.transport.submit(letter_of(email.message_id, written), before_end)
        except Answered:
            return endings.superseded()
        except DeliveryError as error:
            ending = endings.after(error, email, now)
            if error.kind is ReplyKind.SEND_AS_DENIED:
                return with_the_sender_resting(ending, error, self.setup, email, written, now)
            return ending
        except DEFECTS as error:
            if in_hand:  # our own mistake, but the letter had left
                return endings.lost(email, now, described(error))
            return endings.corrupt(described(error))
        return endings.sent(accepted)
