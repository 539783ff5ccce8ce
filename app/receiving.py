"""Taking in mail that came back, from the mailbox or from files; no mail counts twice."""

import hashlib
import logging
from dataclasses import dataclass
from typing import Final

from app.bootstrap import Application
from app.received_mail import Ignored, remember_effect
from app.stopping import Stopping, never
from db.received_mails import TakenInBefore
from notifications.received.mailbox import ImapMailbox
from notifications.received.mails import NotReadable, ReceivedMail, read_mail
from notifications.received.ports import Received, Result

log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """What was made of one mail."""

    source: str  # file, or number in the mailbox
    sender: str
    result: Result
    email_id: int | None  # the email of ours it is about
    text: str


def read_mailbox(application: Application, stopping: Stopping = never) -> list[TakenIn]:
    """Take in what is unread in the mailbox, if one is set up; then mark it as read.

    Raises:
        MailboxError, SecretKeyChanged
    """
    setup = application.mailboxes.load()
    if setup is None or not setup.server:
        return []
    done = []
    with ImapMailbox(setup, tokens=application.mailbox_tokens(setup)) as mailbox:
        for unread in mailbox.unread():
            if stopping():
                break
            source = f"mail {unread.uid}"
            try:
                done.append(take_in(application, unread.raw, source))
            except Exception:
                log.exception("%s could not be taken in and stays unread", source)
                continue
            mailbox.done(unread.uid)
    return done


def take_in(application: Application, raw: bytes, source: str) -> TakenIn:
    """One mail, at most once; whatever is wrong with it stops no other."""
    try:
        mail = read_mail(raw)
    except NotReadable as error:
        message_id = f"<{hashlib.sha256(raw).hexdigest()}@unreadable>"
        return _ignored(application, source, message_id, "", Ignored(str(error)))
    sender = next(iter(mail.senders()), "")
    try:
        received = _once(application, mail, sender)
    except TakenInBefore as error:
        return TakenIn(
            source=source, sender=sender, result=Result.IGNORED, email_id=None, text=str(error)
        )
    except Ignored as ignored:
        return _ignored(application, source, mail.message_id, sender, ignored)
    return _as_taken_in(received, source)


def _once(application: Application, mail: ReceivedMail, sender: str) -> Received:
    if application.received_mails.is_known(mail.message_id):
        raise TakenInBefore
    return remember_effect(application, mail, sender)


def _ignored(
    application: Application, source: str, message_id: str, sender: str, ignored: Ignored
) -> TakenIn:
    """That nothing was made of it is remembered too: it is not told again."""
    received = Received(
        message_id=message_id,
        at=application.clock(),
        sender=sender,
        result=Result.IGNORED,
        text=str(ignored),
        email_id=ignored.email_id,
    )
    application.received_mails.remember(received)
    return _as_taken_in(received, source)


def _as_taken_in(received: Received, source: str) -> TakenIn:
    return TakenIn(
        source=source,
        sender=received.sender,
        result=received.result,
        email_id=received.email_id,
        text=received.text,
    )
