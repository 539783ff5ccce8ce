"""A letter: the finished bytes of one mail, checked once more before they leave.

The bytes are written here and not by `email.message`: its older versions decode an encoded word in
a name or subject and write the line breaks hidden in it as new headers. Ours encodes only, and
what it wrote is read again by an independent parser and compared with what was intended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import HeaderParser
from email.utils import getaddresses
from typing import Final

from notifications.addresses import needs_smtputf8, same_address, valid_address, wire_form
from notifications.attachments import Attachment, enclosed, refuse_other_attachments
from notifications.letter_bodies import LINE_BREAK, alternatives, boundary_of
from notifications.letter_headers import (
    CRLF,
    BadRecipient,
    CorruptLetter,
    Header,
    LetterError,
    addressing,
    dated,
    in_language,
    numbered,
    sorting,
    thread,
    titled,
)
from notifications.senders import Sender

__all__ = ["BadRecipient", "CorruptLetter", "Letter", "LetterError", "compose"]

LINE_LIMIT: Final = 998  # RFC 5322: no server has to carry a longer line
DELIMITERS: Final = 3  # before the text, before the HTML, at the end


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What the mail server is given. The bytes stay the same on every attempt."""

    envelope_from: str
    recipients: tuple[str, ...]
    message_id: str
    raw: bytes = field(repr=False)
    smtputf8: bool = False
    from_address: str = ""  # the address in From, for naming it when the server refuses it


def compose(  # noqa: PLR0913 - a letter has this many parts
    *,
    sender: Sender,
    to_name: str,
    to_address: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    date: datetime,
    language: str,
    references: Sequence[str] = (),
    reason: str = "",
    document: str = "",
    attachments: Sequence[Attachment] = (),
) -> Letter:
    """One mail to one person, as text and as HTML. The same input always gives the same bytes.

    *references* are the Message-IDs of the thread so far, first to last. *reason* and *document*
    let people make rules in their mail program: why this person is told, about which number.
    """
    if not valid_address(to_address):
        raise BadRecipient(to_name, to_address)
    boundary = boundary_of(message_id)
    alternative = f'multipart/alternative;{CRLF} boundary="{boundary}"'
    body = alternatives(boundary, text, html)
    content_type, body = enclosed(message_id, alternative, body, attachments)
    headers = [
        *addressing(sender, to_name, wire_form(to_address)),
        titled(subject),
        dated(date),
        numbered(message_id),
        *thread(references),
        Header(name="Auto-Submitted", value="auto-generated"),
        Header(name="X-Auto-Response-Suppress", value="OOF, AutoReply"),
        *sorting(reason, document),
        in_language(language),
        Header(name="MIME-Version", value="1.0"),
        Header(name="Content-Type", value=content_type),
    ]
    head = CRLF.join(f"{header.name}: {header.value}" for header in headers)
    raw = head.encode() + b"\r\n\r\n" + body
    mailboxes = [header.address for header in headers if header.address]
    smtputf8 = any(needs_smtputf8(address) for address in (*mailboxes, sender.envelope_from))
    _refuse_bad_bytes(raw, smtputf8=smtputf8)
    _refuse_other_headers(raw, headers)
    _refuse_other_parts(raw, boundary)
    refuse_other_attachments(raw, message_id, attachments)
    return Letter(
        envelope_from=wire_form(sender.envelope_from),
        recipients=(wire_form(to_address),),
        message_id=message_id,
        raw=raw,
        smtputf8=smtputf8,
        from_address=sender.from_address,
    )


def _refuse_other_headers(raw: bytes, headers: Sequence[Header]) -> None:
    """For a reader the head ends at the first empty line, wherever that came from."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    parsed = HeaderParser().parsestr(head.decode())
    names = [header.name for header in headers]
    if parsed.keys() != names:
        raise CorruptLetter(f"The headers became {parsed.keys()} instead of {names}.")
    for header in headers:
        if header.address:
            _refuse_other_mailbox(header, str(parsed[header.name]))


def _refuse_bad_bytes(raw: bytes, *, smtputf8: bool) -> None:
    if b"\0" in raw or not raw.count(b"\r\n") == raw.count(b"\r") == raw.count(b"\n"):
        raise CorruptLetter("The letter contains a NUL or a line break that is not CRLF.")
    if not (smtputf8 or raw.isascii()):
        raise CorruptLetter("The letter contains letters that not every mail server carries.")
    if max(map(len, raw.split(b"\r\n"))) > LINE_LIMIT:
        raise CorruptLetter(f"A line of the letter is longer than {LINE_LIMIT} characters.")


def _refuse_other_mailbox(header: Header, value: str) -> None:
    found = [address for _, address in getaddresses([LINE_BREAK.sub("", value)])]
    if len(found) != 1 or not same_address(found[0], header.address):
        raise CorruptLetter(f"{header.name} became {found} instead of {header.address}.")


def _refuse_other_parts(raw: bytes, boundary: str) -> None:
    if raw.count(f"--{boundary}".encode()) != DELIMITERS:
        raise CorruptLetter("The letter's text is cut in pieces by its own words.")
