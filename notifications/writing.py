"""Writing an email: its words, its sender and its bytes, before the first attempt."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from notifications.addresses import needs_smtputf8, valid_address, wire_form
from notifications.attachments import Attachment
from notifications.document_attachments import attachments_of
from notifications.letters import Letter, compose
from notifications.mail_setup import MailSetup
from notifications.messages import ASKING, DIGEST, MERGED, OUTSIDE
from notifications.outsiders import BadOutsideAddress, current_user, outsider
from notifications.overrides import TellBroken, letter_words
from notifications.ports import ClaimedEmail, Directory, WrittenEmail
from notifications.readers import Company, Reader
from notifications.rendering import letter_context
from notifications.senders import MailKind, Requester, choose_sender
from notifications.wording import BUILT_IN, CustomWording
from workflow.approval_users import ApprovalUser
from workflow.due_dates import is_overdue
from workflow.errors import LettersNotPrintable
from workflow.events import DocumentEvent, DocumentFacts, EntryFacts


class Unaddressed(Exception):
    """The person who is to be told cannot be reached; the message says what to fill in."""


class Unprintable(Unaddressed):
    """A document cannot go outside as it is; the message says why and what to do."""

    def __init__(self, error: LettersNotPrintable) -> None:
        super().__init__(f"{error.message} {error.next_step} Then email it with --again.")
        self.letters = error.letters


class NotAboutADocument(TypeError):
    """Only events about a document have mails."""


def write_email(  # noqa: PLR0913 - a mail depends on this much
    email: ClaimedEmail,
    *,
    directory: Directory,
    setup: MailSetup,
    company: Company,
    date: datetime,
    server_has_smtputf8: bool,
    resting: frozenset[tuple[str, str]] = frozenset(),
    earlier: Sequence[str] = (),
    answers_to: str = "",
    custom: CustomWording = BUILT_IN,
    waiting: Sequence[DocumentEvent] = (),
    tell_broken: TellBroken = lambda _override, _problem: None,
) -> WrittenEmail:
    """*resting* are the addresses the mail server refused the account lately.

    *earlier* are the Message-IDs of what the recipient got about the same document. *answers_to*
    is the address of the mailbox in which answers are read; empty: there is none.
    *waiting* is what asked him for answers that are still awaited: for a list of them.
    *custom* is what the company says in its own words; *tell_broken* hears of templates that
    could not be used.

    Raises:
        Unaddressed, Unprintable, NoSender, LetterError, FontNotUsable
    """
    events = _events(email)
    outside = email.message in OUTSIDE
    is_list = len(events) > 1 or email.message == DIGEST
    in_a_thread = not is_list and not outside  # a list hangs nowhere
    recipient = (
        _outsider(events[0], email.recipient) if outside else _recipient(email.recipient, directory)
    )
    can_carry = server_has_smtputf8 or not needs_smtputf8(answers_to)
    read_by_us = bool(answers_to) and can_carry and (in_a_thread or outside)
    reader = Reader.of(recipient, company, directory)
    asked = [_awaited(event, date.astimezone(reader.formats.time_zone).date()) for event in waiting]
    context = letter_context(
        email.message,
        [*events, *waiting],
        recipient=recipient,
        directory=directory,
        company=company,
        requester=email.requester,
        custom=custom,
        answers_are_comments=read_by_us and not outside,
        messages=[*(one.message for one in email.notifications), *asked],
    )
    words = letter_words(email.message, context, custom, tell_broken)
    sender = choose_sender(
        setup,
        MailKind.DOCUMENT if outside else MailKind.WORKFLOW,
        requester_of(email.requester, directory),
        server_has_smtputf8=server_has_smtputf8,
        resting=resting,
        current_user=current_user(events[0], directory) if outside else None,
    )
    if read_by_us:
        sender = replace(sender, reply_to=wire_form(answers_to))
    letter = compose(
        sender=sender,
        to_name=recipient.name,
        to_address=recipient.email,
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id=email.message_id,
        date=date,
        language=words.language,
        references=earlier if in_a_thread else (),
        reason="" if outside else _reason(email.message),
        document=_key(events[0].document) if in_a_thread else "",
        attachments=_attachments(email.message, events[0], company, reader),
    )
    return WrittenEmail(
        to_address=letter.recipients[0],
        subject=words.subject,
        rule=sender.rule,
        from_address=sender.from_address,
        sender_address=sender.sender_address or "",
        reply_to=sender.reply_to or "",
        envelope_from=letter.envelope_from,
        smtputf8=letter.smtputf8,
        raw=letter.raw,
    )


def _attachments(
    message: str, event: DocumentEvent, company: Company, reader: Reader
) -> tuple[Attachment, ...]:
    try:
        return attachments_of(message, event, company=company, reader=reader)
    except LettersNotPrintable as error:
        raise Unprintable(error) from error


def letter_of(message_id: str, written: WrittenEmail) -> Letter:
    """The letter as it was written before the first attempt."""
    return Letter(
        envelope_from=written.envelope_from,
        recipients=(written.to_address,),
        message_id=message_id,
        raw=written.raw,
        smtputf8=written.smtputf8,
        from_address=written.from_address,
    )


def _recipient(user_id: str, directory: Directory) -> ApprovalUser:
    user = directory.user(user_id)
    if user is None:
        raise Unaddressed(
            f"{user_id} is not in the approval user setup: add the user with an E-Mail."
        )
    if not valid_address(user.email):
        what = f"{user.email!r} is no address" if user.email.strip() else "it is empty"
        raise Unaddressed(f"Fill in E-Mail of {user_id} in the approval user setup: {what}.")
    return user


def _outsider(event: DocumentEvent, address: str) -> ApprovalUser:
    try:
        return outsider(event, address)
    except BadOutsideAddress as error:
        raise Unaddressed(str(error)) from error


def _reason(message: str) -> str:
    return "approver" if message in ASKING else message


def requester_of(user_id: str, directory: Directory) -> Requester | None:
    user = directory.user(user_id) if user_id else None
    if user is None:
        return None
    return Requester.of(user)


def _events(email: ClaimedEmail) -> list[DocumentEvent]:
    events = []
    for notification in email.notifications:
        event = notification.recorded.event
        if not isinstance(event, DocumentEvent):
            raise NotAboutADocument(f"{email.message} tells of a {type(event).__name__}")
        events.append(event)
    return _latest_of_each(events) if email.message in MERGED else events


def _awaited(event: DocumentEvent, today: date) -> str:
    """The message that would tell of it today."""
    due: date = event.entry.due_date  # type: ignore[attr-defined] # every request has one
    return "approval_overdue" if is_overdue(due, today) else "approval_requested"


def _latest_of_each(events: list[DocumentEvent]) -> list[DocumentEvent]:
    """A reminder that had to wait says the same as the next one about the request, and older."""
    latest = {(_key(event.document), event.run_no, _sequence_no(event)): event for event in events}
    return list(latest.values())


def _sequence_no(event: DocumentEvent) -> int | None:
    entry: EntryFacts | None = getattr(event, "entry", None)
    return entry.sequence_no if entry else None


def _key(document: DocumentFacts) -> str:
    return f"{document.area}/{document.document_type}/{document.number}"
