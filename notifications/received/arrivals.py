"""Waiting for one letter of ours to arrive in the mailbox."""

import time
from dataclasses import dataclass
from typing import Final

from notifications.received.mailbox import ImapMailbox
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

    Raises:
        MailboxError, NotReadable
    """
    began = time.monotonic()
    with ImapMailbox(setup, timeout=min(TIMEOUT, seconds)) as mailbox:
        while (found := mailbox.with_id(message_id)) is None:
            if time.monotonic() - began > seconds:
                return None
            time.sleep(POLL_SECONDS)
        mailbox.done(found.uid)
    return Arrived(mail=read_mail(found.raw), seconds=time.monotonic() - began)
