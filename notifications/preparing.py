"""Before an email is submitted: is it still of use, and its words, sender and bytes, fixed once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from notifications import endings
from notifications.blame import Corrupt, Lookups, writing
from notifications.delivery_errors import DeliveryError
from notifications.endings import Ending
from notifications.mail_setup import MailSetup
from notifications.messages import ABOUT_OPEN_REQUESTS, DIGEST
from notifications.outdated import is_outdated
from notifications.overrides import wording_broken
from notifications.ports import (
    ClaimedEmail,
    Directory,
    Notification,
    Outbox,
    Wordings,
    WrittenEmail,
)
from notifications.readers import Company
from notifications.refused_senders import Resting
from notifications.senders import NoSender, SenderResting
from notifications.transports import Transport
from notifications.wording import CustomWording
from notifications.writing import Unaddressed, Unprintable, write_email
from workflow.events import DocumentEvent, WordingBroken
from workflow.wording import Override

NotEmailed = Callable[[ClaimedEmail, str], None]  # with the letters that cannot be printed


def told_nobody(_email: ClaimedEmail, _letters: str) -> None:
    """Where nobody is to be told; the email itself says it."""


class LeaseLost(Exception):
    """Another worker has the email; what this one knows of it is of no use any more."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An email that can be submitted; or how its attempt ended before that."""

    email: ClaimedEmail
    fresh: WrittenEmail | None = None  # written just now
    ending: Ending | None = None

    @property
    def written(self) -> WrittenEmail:
        written = self.fresh or self.email.written
        if written is None:
            raise LookupError(f"Email {self.email.id} is not written.")
        return written

    @property
    def stops(self) -> bool:
        """Whether the next email would meet the same trouble."""
        return self.ending is not None and self.ending.pause is not None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the emails of a batch have in common, asked once."""

    resting: Resting
    of_use: frozenset[int]  # notifications
    earlier: Mapping[int, tuple[str, ...]]  # by email: what it hangs under
    people: Lookups
    wordings: Wordings
    _wordings: dict[str, CustomWording] = field(default_factory=dict)

    def wording(self, message: str) -> CustomWording:
        if message not in self._wordings:
            self._wordings[message] = self.wordings.of(message)
        return self._wordings[message]

    def failed(self, broken: WordingBroken) -> None:
        """It may be set aside from now on, so that the next email asks again."""
        self.wordings.failed(broken)
        self._wordings.clear()


@dataclass(frozen=True, kw_only=True)
class Preparing:
    """Everything it needs from outside."""

    outbox: Outbox
    transport: Transport
    clock: Callable[[], datetime]
    owner: str
    lease: timedelta
    directory: Directory
    setup: MailSetup
    company: Company
    wordings: Wordings
    answers_to: str = ""  # the mailbox in which answers are read
    not_emailed: NotEmailed = told_nobody  # hears which document cannot go outside, and why

    def prepare(self, batch: Sequence[ClaimedEmail]) -> list[Prepared]:
        """Write what is not written yet; the bytes of all are fixed in one transaction.

        Emails whose lease was lost are left out; so are those behind trouble with the account.
        """
        now = self.clock()
        known = self._known(now, batch)
        prepared = []
        for email in batch:
            prepared.append(self._prepared(email, now, known))
            if prepared[-1].stops:
                break
        return self._fixed(prepared)

    def _known(self, now: datetime, batch: Sequence[ClaimedEmail]) -> Known:
        """As it is now, for the emails of the batch."""
        told = [one for email in batch for one in email.notifications]
        of_use = frozenset(one.id for one in still_of_use(self.outbox, told))
        to_send = [left for email in batch if (left := _left(email, of_use)).notifications]
        return Known(
            resting=self.outbox.resting_senders(now),
            of_use=of_use,
            earlier=self.outbox.earlier(to_send),
            people=Lookups(self.directory),
            wordings=self.wordings,
        )

    def _prepared(self, email: ClaimedEmail, now: datetime, known: Known) -> Prepared:
        if email.in_hand_since is not None:
            ending = endings.died_halfway(email, email.in_hand_since)
            return Prepared(email=email, ending=ending)
        email = _left(email, known.of_use)
        if not email.notifications:
            return Prepared(email=email, ending=endings.superseded())
        if email.written is not None and not self._forgotten(email, email.written):
            return Prepared(email=email)
        try:
            written = self._written(email, now, known)
        except DeliveryError as error:  # the server was asked what it can carry
            return Prepared(email=email, ending=endings.after(error, email, now))
        except (Corrupt, Unaddressed, NoSender) as error:
            ending = _not_written(error, email, now)
            if isinstance(error, Unprintable):
                self.not_emailed(email, error.letters)
                ending = replace(ending, told=True)
            return Prepared(email=email, ending=ending)
        return Prepared(email=email, fresh=written)

    def _forgotten(self, email: ClaimedEmail, written: WrittenEmail) -> bool:
        """It would be addressed otherwise by now, and no server can have the email."""
        outdated = is_outdated(email, written, self.setup, self.directory)
        return outdated and self.outbox.forget_writing(email.id, owner=self.owner)

    def _still_asked(self, email: ClaimedEmail) -> tuple[Notification, ...]:
        return still_of_use(self.outbox, email.notifications)

    def _written(self, email: ClaimedEmail, now: datetime, known: Known) -> WrittenEmail:
        smtputf8 = self.transport.server_has_smtputf8
        custom = known.wording(email.message)
        broken: list[tuple[Override, str]] = []
        try:
            with writing(email):
                return write_email(
                    email,
                    directory=known.people,
                    setup=self.setup,
                    company=self.company,
                    date=now,
                    server_has_smtputf8=smtputf8,
                    resting=known.resting,
                    earlier=known.earlier.get(email.id, ()),
                    answers_to=self.answers_to,
                    custom=custom,
                    waiting=self._waiting(email),
                    tell_broken=lambda override, problem: broken.append((override, problem)),
                )
        finally:  # also of an email that waits: each try may cost seconds
            for override, problem in broken:
                known.failed(wording_broken(email, override, problem, now))

    def _waiting(self, email: ClaimedEmail) -> Sequence[DocumentEvent]:
        """A digest lists every answer that is awaited, not only those asked for since the last."""
        return self.outbox.asked_of(email.recipient) if email.message == DIGEST else ()

    def _fixed(self, prepared: list[Prepared]) -> list[Prepared]:
        fresh = {one.email.id: one.fresh for one in prepared if one.fresh is not None}
        fixed = self.outbox.write(fresh, owner=self.owner) if fresh else frozenset()
        return [one for one in prepared if one.fresh is None or one.email.id in fixed]

    def _written_anew(self, email: ClaimedEmail, now: datetime) -> Prepared:
        """Its sender was refused for another email before this one was ever tried."""
        self.outbox.forget_writing(email.id, owner=self.owner)
        known = self._known(now, [email])
        anew = self._fixed([self._prepared(replace(email, written=None), now, known)])
        if not anew:
            raise LeaseLost
        return anew[0]


def _left(email: ClaimedEmail, of_use: frozenset[int]) -> ClaimedEmail:
    left = tuple(one for one in email.notifications if one.id in of_use)
    return replace(email, notifications=left)


def all_it_asks(email: ClaimedEmail) -> tuple[Notification, ...]:
    """Once all of it is answered, the email is of no use; nothing for one that also tells."""
    asks = all(one.message in ABOUT_OPEN_REQUESTS for one in email.notifications)
    return email.notifications if asks else ()


def still_of_use(outbox: Outbox, notifications: Sequence[Notification]) -> tuple[Notification, ...]:
    """Without the requests that were answered meanwhile."""
    if not any(one.message in ABOUT_OPEN_REQUESTS for one in notifications):
        return tuple(notifications)
    open_ones = {one.id for one in outbox.still_asked(notifications)}
    return tuple(
        one
        for one in notifications
        if one.id in open_ones or one.message not in ABOUT_OPEN_REQUESTS
    )


def _not_written(
    error: Corrupt | Unaddressed | NoSender, email: ClaimedEmail, now: datetime
) -> Ending:
    match error:
        case Corrupt():
            return endings.corrupt(str(error))
        case Unaddressed() | SenderResting():  # a document is not sent under another name
            return endings.refused(str(error))
        case NoSender():  # a gap in the setup: the email waits until it is filled
            return endings.waits(email, now, str(error))
