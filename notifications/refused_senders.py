"""What is done when the mail server does not let the account write from an address."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from notifications.accounts import SENDER_RESTS
from notifications.addresses import same_address
from notifications.delivery_errors import DeliveryError
from notifications.endings import Ending, refused
from notifications.mail_setup import MailSetup
from notifications.messages import OUTSIDE
from notifications.ports import ClaimedEmail, RefusedSender, WrittenEmail
from notifications.senders import SenderResting
from workflow.events import DocumentEvent, MailGrantMissing

DELIVERY: Final = "DELIVERY"  # who acts when nobody does
Resting = frozenset[tuple[str, str]]


def rests(setup: MailSetup, written: WrittenEmail, resting: Resting) -> bool:
    """Whether bytes that were fixed earlier carry an address that was refused meanwhile."""
    return not _is_own(setup, written.from_address) and any(
        same_address(account, setup.user_name) and same_address(address, written.from_address)
        for account, address in resting
    )


def not_asked_again(setup: MailSetup, email: ClaimedEmail, written: WrittenEmail) -> Ending:
    """Without asking the server: refusals too many make it block the account."""
    reason = str(SenderResting(setup.user_name, written.from_address))
    return replace(refused(reason), stands_in=_may_stand_in(setup, email, written))


def with_the_sender_resting(  # noqa: PLR0913 - what is known of the refusal
    ending: Ending,
    error: DeliveryError,
    setup: MailSetup,
    email: ClaimedEmail,
    written: WrittenEmail,
    now: datetime,
) -> Ending:
    """The address rests, administrators hear which grant is missing, and approvals go on."""
    if _is_own(setup, written.from_address):
        return ending  # there is no other address that this account may sooner use
    sender = RefusedSender(
        account=setup.user_name,
        address=written.from_address,
        until=now + SENDER_RESTS,
        grant_missing=_grant_missing(error, setup, email, written, now),
    )
    stands_in = _may_stand_in(setup, email, written)
    return replace(ending, refused_sender=sender, stands_in=stands_in)


def _may_stand_in(setup: MailSetup, email: ClaimedEmail, written: WrittenEmail) -> bool:
    """A document for a vendor or customer never goes out under another name."""
    return email.message not in OUTSIDE and not _is_own(setup, written.from_address)


def _is_own(setup: MailSetup, address: str) -> bool:
    return same_address(setup.user_name, address)


def _grant_missing(
    error: DeliveryError,
    setup: MailSetup,
    email: ClaimedEmail,
    written: WrittenEmail,
    now: datetime,
) -> MailGrantMissing | None:
    about = [
        event
        for notification in email.notifications
        if isinstance(event := notification.recorded.event, DocumentEvent)
    ]
    if not about:
        return None
    return MailGrantMissing(
        at=now,
        actor=DELIVERY,
        subject=written.from_address,
        document=about[0].document,
        requester="",
        run_no=0,
        address=written.from_address,
        account=setup.user_name,
        as_requester=setup.signs_in_as_requester,
        text=error.text,
    )
