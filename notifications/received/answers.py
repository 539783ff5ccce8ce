"""A person's answer to one of our mails: which mail, from which address, in which words.

Whatever it says, it is never a decision: an address in From is easily invented.
"""

import unicodedata
from dataclasses import dataclass
from email.message import Message
from typing import Final

from notifications.received.automatic import why_automatic
from notifications.received.html_text import text_of_html
from notifications.received.mails import ReceivedMail, text_of
from notifications.received.quotes import new_words
from workflow.comments import BY_MAIL, MAX_LENGTH

CUT: Final = " […]"
ROOM: Final = MAX_LENGTH - len(BY_MAIL)


class NotAnAnswer(Exception):
    """Nothing is made of this mail; the message says why and is fit to show."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person wrote."""

    answered: tuple[str, ...]  # Message-IDs; the first one of ours counts
    sender: str
    text: str


def answer_in(mail: ReceivedMail) -> Answer:
    """
    Raises:
        NotAnAnswer
    """
    if reason := why_automatic(mail):
        raise NotAnAnswer(reason)
    senders = mail.senders()
    if len(senders) != 1:
        raise NotAnAnswer("it does not say which one person wrote it")
    answered = mail.answered()
    if not answered:
        raise NotAnAnswer("it answers no mail")
    text = new_words(_visible(_text(mail.message)))
    if not text:
        raise NotAnAnswer("nothing new is written in it")
    return Answer(answered=answered, sender=senders[0], text=_cut(text))


def _text(message: Message) -> str:
    """Of text and HTML the text; attached files and attached mails are not what he wrote."""
    html = ""
    for part in _own_parts(message):
        if part.get_content_type() == "text/plain":
            return text_of(part)
        if part.get_content_type() == "text/html" and not html:
            html = text_of(part)
    return text_of_html(html)


def _visible(text: str) -> str:
    """Without characters that steer a screen, turn the direction of writing, or fit no database."""
    kept = (_plain_space(letter) for letter in text)
    return "".join(letter for letter in kept if letter.isprintable() or letter in "\r\n\t")


def _plain_space(letter: str) -> str:
    """A space that does not break, or is wide, parts words as well."""
    return " " if unicodedata.category(letter) == "Zs" else letter


def _own_parts(message: Message) -> list[Message]:
    waiting, found = [message], []
    while waiting:
        part = waiting.pop(0)
        children = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(children, list):
            waiting = [child for child in children if isinstance(child, Message)] + waiting
        elif part.get_content_disposition() != "attachment":
            found.append(part)
    return found


def _cut(text: str) -> str:
    """As long as a comment may be; that something is missing is said."""
    return text if len(text) <= ROOM else text[: ROOM - len(CUT)] + CUT
