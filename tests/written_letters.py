"""Finished letters about the example events, written as the delivery writes them."""

from collections.abc import Sequence
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from functools import lru_cache

from example_events import AT, COMPANY, EVERY_MESSAGE, People, told_with
from notifications.mail_setup import Authentication, MailSetup
from notifications.message_ids import message_id
from notifications.messages import Message
from notifications.readers import Company
from notifications.stored_mail import ClaimedEmail, Notification, RecordedEvent
from notifications.wording import BUILT_IN, CustomWording
from notifications.writing import write_email
from workflow.events import DocumentEmailed, DocumentEvent, EMailChanged, PasswordLinkMade
from workflow.wording import Wording, WordingPart

LANGUAGES = ["en", "nl"]
SETUP = MailSetup(
    server="mail.contoso.com",
    authentication=Authentication.BASIC,
    user_name="erp@contoso.com",
    send_as="orders@contoso.com",
    sender_name="Contoso Purchasing",
    allow_sender_substitution=True,
)
FIRST_OF_EACH = {
    message.message: (message, event) for message, event in reversed(EVERY_MESSAGE)
}  # one message of every kind


def written_letter(
    message: Message,
    event: DocumentEvent,
    language: str,
    *,
    more: Sequence[tuple[str, DocumentEvent]] = (),  # in the same letter
    people: People | None = None,
    company: Company = COMPANY,
    setup: MailSetup = SETUP,
    custom: CustomWording = BUILT_IN,
) -> bytes:
    """The bytes of the letter; the same facts always give the same ones."""
    people = people or People()
    people.people = {
        user_id: replace(person, language=language) for user_id, person in people.people.items()
    }
    if isinstance(event, DocumentEmailed | EMailChanged | PasswordLinkMade):
        event = replace(event, language=language)
    told = [*told_with(message, event), *more]
    notifications = [
        Notification(
            id=number,
            recipient=message.recipient,
            message=kind,
            requester=message.requester,
            recorded=RecordedEvent(id=number, event=one),
        )
        for number, (kind, one) in enumerate(told, start=7)
    ]
    email = ClaimedEmail(
        id=1,
        message_id=message_id(notifications, "contoso.com"),
        recipient=message.recipient,
        message=message.message,
        requester=message.requester,
        created_at=AT,
        attempts=0,
        uncertain_before=False,
        written=None,
        notifications=tuple(notifications),
    )
    return write_email(
        email,
        directory=people,
        setup=setup,
        company=company,
        date=AT,
        server_has_smtputf8=True,
        earlier=("<event.1.first@contoso.com>",),
        answers_to="answers@contoso.com",
        custom=custom,
    ).raw


def in_own_words(message: str, text: str) -> CustomWording:
    """The same intro and footer in all languages."""
    texts = tuple(
        Wording(message=message, language=language, part=part, text=text)
        for language in LANGUAGES
        for part in WordingPart
    )
    return CustomWording(message=message, texts=texts)


@lru_cache(maxsize=8)
def read_letter(raw: bytes) -> EmailMessage:
    """For looking at; nobody changes it."""
    return BytesParser(policy=modern).parsebytes(raw)


def words_of(letter: EmailMessage, subtype: str) -> str:
    """The text or the HTML, with the line breaks of a text in Python."""
    (part,) = (part for part in letter.walk() if part.get_content_type() == f"text/{subtype}")
    return part.get_payload(decode=True).decode().replace("\r\n", "\n")
