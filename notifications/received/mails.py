"""A mail as somebody else wrote it: read with limits, and nothing in it believed."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from typing import Final

from notifications.addresses import normalised, valid_address
from workflow.phrases import phrase as _

READ_BYTES: Final = 500_000  # people write first and attach below: what follows is not read
PARTS_WITHIN_PARTS: Final = 50  # each level costs the parser time on every line below it
MOST_DIVIDERS: Final = 2_000  # lines that may begin a part
HEADER_LIMIT: Final = 4_000
TEXT_LIMIT: Final = 200_000
MOST_REFERENCES: Final = 50

BEGINS_A_PART: Final = re.compile(rb"multipart/|message/", re.IGNORECASE)
MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,498}>")
WRITTEN_IN: Final = re.compile(
    r"(us-ascii|utf|iso|latin|windows|cp|koi8|mac|gb|big5|euc|shift|ks_c|tis)[\w.-]{0,30}",
    re.IGNORECASE,
)
LINE_BREAK: Final = re.compile(r"[\r\n]+")


class NotReadable(Exception):
    """This is no mail that can be read; the message says why and is fit to show."""


@dataclass(frozen=True)
class ReceivedMail:
    """One mail; its headers come as text on one line, whatever was in them."""

    message: Message
    digest: str  # tells it from others where it has no Message-ID of its own

    @property
    def message_id(self) -> str:
        return next(iter(message_ids(self.header("Message-ID"))), f"<{self.digest}@unnamed>")

    @property
    def subject(self) -> str:
        return decoded(self.header("Subject"))

    @property
    def content_type(self) -> str:
        return self.message.get_content_type()

    def header(self, name: str) -> str:
        """As it was sent; empty where there is none. Of several the first counts."""
        return header_of(self.message, name)

    def has(self, name: str) -> bool:
        return name in self.message

    def senders(self) -> list[str]:
        """Every address that claims to have written it."""
        values = _values(self.message, "From")
        try:
            found = [address for _, address in getaddresses(list(values))]
        except RecursionError:  # comments within comments
            return []
        return [normalised(address) for address in found if valid_address(address)]

    def answered(self) -> tuple[str, ...]:
        """The Message-IDs it answers: the mail itself, then its thread from the newest on."""
        direct = message_ids(self.header("In-Reply-To"))
        thread = message_ids(self.header("References"))
        return tuple(dict.fromkeys([*direct, *reversed(thread)]))


def read_mail(raw: bytes) -> ReceivedMail:
    """
    Raises:
        NotReadable
    """
    read = raw[:READ_BYTES]
    nested = len(BEGINS_A_PART.findall(read)) > PARTS_WITHIN_PARTS
    if nested or read.count(b"\n--") > MOST_DIVIDERS:
        raise NotReadable(_("it has more parts than people send"))
    try:
        message = message_from_bytes(read)
    except (ValueError, LookupError, RecursionError, AssertionError) as error:
        raise NotReadable(_("it is not written as mails are: {error}", error=error)) from error
    if not message.keys():
        raise NotReadable(_("it has no header, so it is no mail"))
    return ReceivedMail(message=message, digest=hashlib.sha256(read).hexdigest()[:40])


def header_of(message: Message, name: str) -> str:
    return next(_values(message, name), "")


def message_ids(text: str) -> list[str]:
    return MESSAGE_ID.findall(text)[:MOST_REFERENCES]


def text_of(part: Message) -> str:
    """The words of one part, whatever it says about how they are written."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return in_charset(payload[: 4 * TEXT_LIMIT], str(part.get_content_charset() or ""))[:TEXT_LIMIT]


def in_charset(text: bytes, charset: str) -> str:
    """UTF-8 unless it is one of those mail is written in: some others take Python minutes."""
    known = charset if WRITTEN_IN.fullmatch(charset) else "utf-8"
    try:
        return text.decode(known, errors="replace")
    except (LookupError, ValueError):
        return text.decode("utf-8", errors="replace")


def decoded(header: str) -> str:
    """The words of a header, on one line also when line breaks were hidden in them."""
    try:
        pieces = decode_header(header)
        text = "".join(_piece(piece, charset) for piece, charset in pieces)
    except (MessageError, ValueError):  # an encoded word that is none
        text = header
    return " ".join(text.split())


def _piece(piece: bytes | str, charset: str | None) -> str:
    return piece if isinstance(piece, str) else in_charset(piece, charset or "")


def _values(message: Message, name: str) -> Iterator[str]:
    """One line for each header of that name; letters outside ASCII are taken as UTF-8."""
    for known, value in message.raw_items():
        if known.lower() == name.lower():
            text = str(value)[:HEADER_LIMIT].encode(errors="surrogateescape")
            yield LINE_BREAK.sub("", text.decode(errors="replace")).strip()
