"""Waiting for one letter of ours to arrive in the mailbox."""

import time
from dataclasses import dataclass, replace
from typing import Final

from notifications.received.mailbox import ImapMailbox, Unread
from notifications.received.mailbox_setup import MailboxSetup
from notifications.received.mails import ReceivedMail, read_mail

POLL_SECONDS: Final = 1.0
TIMEOUT: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """The letter as it came."""

    mail: ReceivedMail
    seconds: float


def awaited(setup: MailboxSetup, message_id: str, seconds: float) -> Arrived | None:
    """The letter with that Message-ID, which is marked as read; None when it does not come.

    Whoever fetches mail from the same mailbox may have put it where read mail goes already.

    Raises:
        MailboxError, NotReadable
    """
    began = time.monotonic()
    timeout = min(TIMEOUT, seconds)
    with ImapMailbox(setup, timeout=timeout) as mailbox:
        while (found := mailbox.with_id(message_id)) is None:
            if moved := _among_the_read(setup, message_id, timeout):
                return Arrived(mail=read_mail(moved.raw), seconds=time.monotonic() - began)
            if time.monotonic() - began > seconds:
                return None
            time.sleep(POLL_SECONDS)
        mailbox.done(found.uid)
    return Arrived(mail=read_mail(found.raw), seconds=time.monotonic() - began)


def _among_the_read(setup: MailboxSetup, message_id: str, timeout: float) -> Unread | None:
    if not setup.move_to:
        return None
    with ImapMailbox(replace(setup, folder=setup.move_to), timeout=timeout) as others:
        return others.with_id(message_id)
