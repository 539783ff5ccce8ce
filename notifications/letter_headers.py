"""How names, subjects and addresses are written in the head of a letter.

Only ASCII leaves, except in an address that needs SMTPUTF8. Lines are folded; nothing that was
encoded is ever decoded here.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from notifications.addresses import clean_name, clean_subject, valid_address, wire_form
from notifications.senders import Sender

FOLD_AT: Final = 76
ENCODED_BYTES: Final = 39  # of UTF-8 in one encoded word, so that its line stays within 76
MESSAGE_ID_LIMIT: Final = 500
THREAD_TAIL: Final = 10  # of the earlier mails of a thread that are named, beside the first
CRLF: Final = "\r\n"

PRINTABLE: Final = re.compile(r"[ -~]*")
MESSAGE_ID: Final = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
NOT_A_WORD: Final = re.compile(r"[^A-Za-z0-9._/-]+")


class LetterError(Exception):
    """This mail cannot be written; the others are not concerned. The message is fit to show."""


class BadRecipient(LetterError):
    """The person to be told has no usable address."""

    def __init__(self, name: str, address: str) -> None:
        whom = clean_name(name) or "The recipient"
        what = f"{address.strip()!r} is not one" if address.strip() else "none is filled in"
        super().__init__(f"{whom} has no valid email address: {what}.")


class CorruptLetter(LetterError):
    """The finished bytes are not what was intended; they must not leave."""


@dataclass(frozen=True, kw_only=True)
class Header:
    name: str
    value: str
    address: str = ""  # for a header that names exactly one mailbox


def addressing(sender: Sender, to_name: str, to_address: str) -> Iterator[Header]:
    yield _mailbox("From", sender.name, sender.from_address)
    if sender.sender_address:
        yield _mailbox("Sender", "", sender.sender_address)
    if sender.reply_to:
        yield _mailbox("Reply-To", "", sender.reply_to)
    yield _mailbox("To", to_name, to_address)


def _mailbox(header: str, name: str, address: str) -> Header:
    if not valid_address(address):
        raise CorruptLetter(f"{header}: {address!r} is not an email address.")
    address = wire_form(address)
    shown = clean_name(name, address)
    if not shown:
        return Header(name=header, value=address, address=address)
    phrase = _phrase(header, shown)
    last_line = f"{header}: {phrase}".rpartition(CRLF)[2]
    gap = " " if len(last_line) + len(address) + 3 <= FOLD_AT else f"{CRLF} "
    return Header(name=header, value=f"{phrase}{gap}<{address}>", address=address)


def _phrase(header: str, name: str) -> str:
    quoted = _quoted(name)
    fits = len(quoted) <= FOLD_AT - len(header) - 2
    return quoted if fits and PRINTABLE.fullmatch(name) else _encoded(name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _unstructured(header: str, text: str) -> str:
    words = text.split(" ")
    fits = max(map(len, words)) <= FOLD_AT - len(header) - 2  # a longer word cannot be folded
    return _folded(header, words) if fits and PRINTABLE.fullmatch(text) else _encoded(text)


def _encoded(text: str) -> str:
    """Encoded words of RFC 2047, none of which cuts a letter in two."""
    words, chunk = [], b""
    for letter in text:
        encoded = letter.encode()
        if len(chunk) + len(encoded) > ENCODED_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += encoded
    words.append(chunk)
    return f"{CRLF} ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _folded(header: str, words: Sequence[str]) -> str:
    lines = [words[0]]
    room = FOLD_AT - len(header) - 2
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            room = FOLD_AT - 1
    return f"{CRLF} ".join(lines)


def dated(date: datetime) -> Header:
    if date.tzinfo is None:
        raise CorruptLetter("Date: the moment has no time zone.")
    return Header(name="Date", value=format_datetime(date))


def titled(subject: str) -> Header:
    return Header(name="Subject", value=_unstructured("Subject", clean_subject(subject)))


def numbered(message_id: str) -> Header:
    return Header(name="Message-ID", value=_message_id(message_id))


def _message_id(text: str) -> str:
    if not MESSAGE_ID.fullmatch(text) or len(text) > MESSAGE_ID_LIMIT:
        raise CorruptLetter(f"{text!r} is not a Message-ID.")
    return text


def thread(references: Sequence[str]) -> Iterator[Header]:
    """The first mail of the thread and the latest ones; the middle may be left out."""
    if not references:
        return
    ids = [_message_id(reference) for reference in references]
    named = ids if len(ids) <= THREAD_TAIL + 1 else [ids[0], *ids[-THREAD_TAIL:]]
    yield Header(name="In-Reply-To", value=ids[-1])
    yield Header(name="References", value=_folded("References", named))


def sorting(reason: str, document: str) -> Iterator[Header]:
    if word := _word(reason):
        yield Header(name="X-Approval-Reason", value=word)
    if word := _word(document):
        yield Header(name="X-Approval-Document", value=word)


def _word(text: str) -> str:
    return NOT_A_WORD.sub("-", text).strip("-")[:FOLD_AT]


def in_language(text: str) -> Header:
    if not LANGUAGE.fullmatch(text):
        raise CorruptLetter(f"{text!r} is not a language such as nl or en.")
    return Header(name="Content-Language", value=text)
