"""Files that go with a letter: wrapped so that every server carries them, and read again."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Final

from notifications.letter_bodies import boundary_of
from notifications.letter_headers import CRLF, CorruptLetter, LetterError

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 10 * MEGABYTE  # all together; many servers take letters of 20 MB, a third larger
SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")
STEM_LIMIT: Final = 60


@dataclass(frozen=True, kw_only=True)
class Attachment:
    file_name: str
    content_type: str
    data: bytes = field(repr=False)


class AttachmentsTooLarge(LetterError):
    """The files are more than a mail server can be expected to take."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"The attachments are {size / MEGABYTE:.1f} MB; at most {LARGEST // MEGABYTE} MB are "
            "sent. Divide the document, or send it another way."
        )


def file_name(title: str, ending: str) -> str:
    """A name that every mail program and every disk takes as it is."""
    stem = NOT_IN_A_NAME.sub("-", title)[:STEM_LIMIT].strip("-").lower()
    return f"{stem or 'document'}.{ending}"


def enclosed(
    message_id: str, content_type: str, body: bytes, attachments: Sequence[Attachment]
) -> tuple[str, bytes]:
    """The content type and body of a letter with its attachments; without any, as they were.

    Raises:
        AttachmentsTooLarge, CorruptLetter
    """
    if not attachments:
        return content_type, body
    _refuse_unfit(attachments)
    boundary = _boundary(message_id)
    words = f"Content-Type: {content_type}{CRLF}{CRLF}".encode() + body
    line = f"--{boundary}".encode()
    parts = [line + b"\r\n" + part for part in (words, *map(_part, attachments))]
    whole = b"\r\n".join([*parts, line + b"--", b""])
    return f'multipart/mixed;{CRLF} boundary="{boundary}"', whole


def refuse_other_attachments(
    raw: bytes, message_id: str, attachments: Sequence[Attachment]
) -> None:
    """The finished letter has exactly these files, byte for byte.

    Raises:
        CorruptLetter
    """
    if not attachments:
        return
    delimiters = raw.count(f"--{_boundary(message_id)}".encode())
    found = [
        Attachment(
            file_name=part.get_filename(""),
            content_type=part.get_content_type(),
            data=bytes(part.get_payload(decode=True)),
        )
        for part in BytesParser().parsebytes(raw).walk()
        if part.get_content_disposition() == "attachment"
    ]
    if found != list(attachments) or delimiters != len(attachments) + 2:
        raise CorruptLetter("The letter's attachments are not what was to be attached.")


def _refuse_unfit(attachments: Sequence[Attachment]) -> None:
    size = sum(len(attachment.data) for attachment in attachments)
    if size > LARGEST:
        raise AttachmentsTooLarge(size)
    for attachment in attachments:
        if not SAFE_NAME.fullmatch(attachment.file_name):
            raise CorruptLetter(f"{attachment.file_name!r} is no name for an attachment.")


def _boundary(message_id: str) -> str:
    return boundary_of(f"{message_id} with attachments")


def _part(attachment: Attachment) -> bytes:
    head = (
        f"Content-Type: {attachment.content_type}{CRLF}"
        f"Content-Transfer-Encoding: base64{CRLF}"
        f'Content-Disposition: attachment;{CRLF} filename="{attachment.file_name}"{CRLF}{CRLF}'
    )
    return head.encode() + base64.encodebytes(attachment.data).replace(b"\n", b"\r\n")
