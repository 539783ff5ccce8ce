"""Getting due emails delivered: claim, write once, hand over, mark.

One email's trouble never stops the others. Only trouble with the account or the server does:
then the account rests, and what was claimed goes back into the queue.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from notifications.accounts import account_of, limits_of
from notifications.attempts import Attempting, LeaseLost, Prepared, Seen
from notifications.delivery_errors import shown
from notifications.delivery_reports import DeliveryReport
from notifications.endings import Ending, is_lost
from notifications.mail_setup import MailNotSetUp, MailSetup
from notifications.ports import (
    Attempt,
    AttemptEnd,
    ClaimedEmail,
    Directory,
    EmailState,
    Outbox,
    Wordings,
)
from notifications.preparing import NotEmailed, told_nobody
from notifications.readers import Company
from notifications.recording import Recording
from notifications.refused_senders import Resting
from notifications.transports import Transport
from workflow.documents import DocumentKey
from workflow.events import DocumentEvent

__all__ = ["DeliveryReport", "deliver_due"]

CLAIMED_AT_ONCE: Final = 25
log: Final = logging.getLogger(__name__)
Lost = Callable[[Prepared, Ending], None]


def nobody_hears(_prepared: Prepared, _ending: Ending) -> None:
    """Where nobody is to be told; the email itself says it."""


def deliver_due(  # noqa: PLR0913 - everything a delivery needs from outside
    outbox: Outbox,
    transport: Transport,
    *,
    clock: Callable[[], datetime],
    owner: str,
    lease: timedelta,
    directory: Directory,
    setup: MailSetup | None,
    company: Company,
    wordings: Wordings,
    answers_to: str = "",
    stays_connected: bool = False,
    not_emailed: NotEmailed = told_nobody,
    lost: Lost = nobody_hears,
) -> DeliveryReport:
    """Pass 3: until nothing is due any more. *owner* names this worker and nobody else.

    *lease* must be longer than one letter can take; other workers take over what exceeds it.
    *answers_to* is the address of the mailbox in which answers are read; empty: there is none.
    A worker that *stays_connected* keeps its connection; it calls ``release_claims`` when it ends.
    *not_emailed* hears of a document that cannot go outside, before its email is given up, and
    *lost* of a request for approval, or a document, whose email is given up for another reason.
    """
    if setup is None or not setup.server:
        return DeliveryReport(stopped=str(MailNotSetUp()))
    attempting = Attempting(
        outbox=outbox,
        transport=transport,
        clock=clock,
        owner=owner,
        lease=lease,
        directory=directory,
        setup=setup,
        company=company,
        wordings=wordings,
        answers_to=answers_to,
        not_emailed=not_emailed,
    )
    delivery = _Delivery(outbox, attempting, lost)
    try:
        delivery.run()
    finally:
        outbox.release_claims(owner, hang_up=not stays_connected)
    return delivery.report


class _Delivery:
    """One run of the pass."""

    def __init__(self, outbox: Outbox, attempting: Attempting, lost: Lost) -> None:
        self.report = DeliveryReport()
        self._lost = lost
        self._outbox = outbox
        self._attempting = attempting
        self._clock = attempting.clock
        self._owner = attempting.owner
        self._lease = attempting.lease
        self._account = account_of(attempting.setup)
        self._limits = limits_of(attempting.setup)
        self._recording = Recording(outbox, owner=self._owner, lease=self._lease, count=self._count)

        self._resting: Resting | None = None  # asked once for a batch, and after each refusal

    def run(self) -> None:
        while not self.report.has_ended and (batch := self._next_batch()):
            self._deliver_batch(batch)

    def _next_batch(self) -> list[ClaimedEmail]:
        """Nothing while the account rests; no more than it may send."""
        now = self._clock()
        if pause := self._outbox.pause_of(self._account, now):
            self.report = replace(self.report, stopped=pause.text, resumes_at=pause.until)
            return []
        batch = self._outbox.claim(now, owner=self._owner, lease=self._lease, limit=CLAIMED_AT_ONCE)
        if not batch or not self._limits.are_set:
            return batch
        permit = self._outbox.permit(
            self._account,
            now,
            owner=self._owner,
            lease=self._lease,
            limits=self._limits,
            wanted=len(batch),
        )
        self.report = replace(self.report, waits=permit.why)
        return batch[: permit.letters]

    def _deliver_batch(self, batch: list[ClaimedEmail]) -> None:
        """A slow server must not make the lease of the last ones end: they are claimed anew."""
        claimed_at = self._clock()
        self._resting = None
        try:
            for prepared in self._attempting.prepare(batch):
                if self.report.stopped or self._clock() - claimed_at > self._lease / 2:
                    self._outbox.release_claims(self._owner, hang_up=False)
                    return
                self._deliver(prepared, claimed_at)
        finally:
            self._recording.record()

    def _deliver(self, prepared: Prepared, claimed_at: datetime) -> None:
        started = self._clock()
        if self._resting is None:
            self._resting = self._outbox.resting_senders(started)
        seen = Seen(at=claimed_at, resting=self._resting)
        try:
            ending = self._attempting.attempt(prepared, started, self._recording.hand_over, seen)
        except LeaseLost:
            return
        finally:
            self._recording.record()  # of the letter before, where this one was not handed over
        if is_lost(prepared.email, ending):  # first, so that it is never given up in silence
            self._lost(prepared, ending)
        self._recording.end(prepared.email.id, self._end(ending, started))
        if ending.refused_sender is not None:
            self._resting = None
        _note(prepared.email, ending)
        if ending.pause is not None:
            self._outbox.pause(self._account, ending.pause)
            resumes_at = ending.pause.until
            self.report = replace(self.report, stopped=ending.text, resumes_at=resumes_at)

    def _count(self, state: EmailState) -> None:
        self.report = self.report.with_one_more(state)

    def _end(self, ending: Ending, started: datetime) -> AttemptEnd:
        attempt = Attempt(
            at=started,
            duration=self._clock() - started,
            stage=ending.stage,
            code=ending.code,
            enhanced=ending.enhanced,
            text=shown(ending.text),
        )
        return AttemptEnd(
            state=ending.state,
            attempt=attempt,
            next_attempt_at=ending.again_at,
            counted=ending.counted,
            refused_sender=ending.refused_sender,
            stands_in=ending.stands_in,
        )


def _note(email: ClaimedEmail, ending: Ending) -> None:
    """One line for each attempt; the words of the mail server are with the email."""
    facts = {
        "email": email.id,
        "letter": email.message,
        "recipient": email.recipient,
        "state": ending.state.value,
        "code": ending.code,
    }
    event = email.notifications[0].recorded.event if email.notifications else None
    if isinstance(event, DocumentEvent):
        about = event.document
        facts["document"] = str(DocumentKey(about.area, about.document_type, about.number))
    log.info("email %d: %s", email.id, ending.state.value, extra=facts)
