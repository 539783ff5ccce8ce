"""Reports of failed delivery that are written for people only, as some mail servers send them."""

from dataclasses import dataclass
from email.message import Message
from typing import Final

from notifications.addresses import normalised, valid_address
from notifications.received.html_text import text_of_html
from notifications.received.mails import ReceivedMail, message_ids, text_of
from notifications.received.status_codes import NO_STATUS, status_in

DELAYED: Final = "4.0.0"
SYSTEMS: Final = ("mailer-daemon@", "postmaster@", "microsoftexchange", "mail-daemon@")
UNDELIVERABLE: Final = (
    "undeliverable",
    "undelivered mail",
    "delivery status notification (failure)",
    "delivery failure",
    "delivery has failed",
    "mail delivery failed",
    "mail delivery failure",
    "returned mail",
    "failure notice",
    "onbestelbaar",
    "unzustellbar",
    "non remis",
)
STILL_TRYING: Final = (
    "delivery status notification (delay)",
    "delayed",
    "delivery delayed",
    "warning: message",
    "vertraagd",
    "verzögert",
    "retardé",
)
READ: Final = 50_000  # characters; what the server says stands at the top
MOST_LINES: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What such a report seems to say."""

    originals: tuple[str, ...]
    recipient: str
    failed: bool  # for good, whatever the code says; else the server goes on trying
    status: str
    diagnostic: str


def guessed_bounce(mail: ReceivedMail) -> Guess | None:
    """None unless a mail system wrote it and its subject says what it is."""
    subject = mail.subject.casefold()
    failed, delayed = subject.startswith(UNDELIVERABLE), subject.startswith(STILL_TRYING)
    if not (_is_from_a_system(mail) and (failed or delayed)):
        return None
    lines = _lines(mail.message)
    code, diagnostic = _verdict(lines)
    return Guess(
        originals=(*mail.answered(), *_named_ids(lines)),
        recipient=_recipient(mail),
        failed=failed,
        status=code or (NO_STATUS if failed else DELAYED),
        diagnostic=diagnostic,
    )


def _is_from_a_system(mail: ReceivedMail) -> bool:
    return (
        mail.has("X-Failed-Recipients")
        or mail.header("Return-Path") == "<>"
        or any(sender.lower().startswith(SYSTEMS) for sender in mail.senders())
    )


def _lines(message: Message) -> list[str]:
    texts = [_text(part) for part in message.walk() if part.get_content_maintype() == "text"]
    return [line.strip() for line in "\n".join(texts)[:READ].splitlines()[:MOST_LINES]]


def _text(part: Message) -> str:
    text = text_of(part)
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def _verdict(lines: list[str]) -> tuple[str, str]:
    """The first line with a code in it: the server's own words stand there."""
    for line in lines:
        code = status_in(line)
        if code and not code.startswith("2"):
            return code, line
    return "", next((line for line in lines if line), "")


def _named_ids(lines: list[str]) -> list[str]:
    return [
        found
        for line in lines
        if line.lower().startswith("message-id:")
        for found in message_ids(line)
    ]


def _recipient(mail: ReceivedMail) -> str:
    first = mail.header("X-Failed-Recipients").partition(",")[0]
    return normalised(first) if valid_address(first) else ""
