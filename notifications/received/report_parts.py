"""The parts of a report that are written for programs: about the mail, and about each recipient."""

from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from typing import Final

from notifications.received.mails import header_of, message_ids, text_of

STATUS_PARTS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED: Final = frozenset(
    {
        "message/rfc822",
        "message/global",
        "message/rfc822-headers",
        "message/global-headers",
        "text/rfc822-headers",
    }
)
MOST_BLOCKS: Final = 100


def status_part(message: Message) -> Message | None:
    """The part for programs: only where the mail as a whole is a report."""
    if message.get_content_type() != "multipart/report":
        return None
    return next((part for part in _parts(message) if _is_status(part)), None)


def _is_status(part: Message) -> bool:
    return part.get_content_type() in STATUS_PARTS


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a mail; those of a mail within it are not among them."""
    children = message.get_payload()
    if message.get_content_maintype() != "multipart" or not isinstance(children, list):
        return
    for child in children:
        if isinstance(child, Message):
            yield child
            yield from _parts(child)


def blocks_of(status: Message) -> list[Message]:
    """About the whole mail first, then one for each recipient."""
    blocks = [block for block in _listed(status) if isinstance(block, Message)][:MOST_BLOCKS]
    if len(blocks) == 1 and status.get_content_type() != "message/delivery-status":
        # The standard library reads the newer type as a mail within the mail.
        (first,) = blocks
        more = text_of(first).replace("\r\n", "\n").split("\n\n")[:MOST_BLOCKS]
        return [first, *(HeaderParser().parsestr(text) for text in more)]
    if blocks:
        return blocks
    texts = text_of(status).replace("\r\n", "\n").split("\n\n")[:MOST_BLOCKS]
    return [HeaderParser().parsestr(text) for text in texts]


def _listed(part: Message) -> list[object]:
    payload: object = part.get_payload()
    return payload if isinstance(payload, list) else []


def returned_ids(message: Message) -> list[str]:
    """The Message-ID of the mail that came back, whole or only its headers."""
    for part in _parts(message):
        if part.get_content_type() in RETURNED:
            returned = _mail_within(part)
            if found := message_ids(header_of(returned, "Message-ID")):
                return found
    return []


def _mail_within(part: Message) -> Message:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        inner = payload[0]
        # Headers sent as a mail may have an empty line before them, or be the text of that mail.
        return inner if inner.keys() else HeaderParser().parsestr(str(inner.get_payload()).lstrip())
    return HeaderParser().parsestr(text_of(part).lstrip())


def envelope_id(block: Message) -> list[str]:
    """We hand a mail over under its own Message-ID, without the brackets."""
    return message_ids(f"<{_from_xtext(header_of(block, 'Original-Envelope-Id'))}>")


def _from_xtext(text: str) -> str:
    """``+3D`` is ``=``: so names are written in the conversation with a mail server."""
    first, *coded = text.split("+")
    return first + "".join(_one_code(piece) for piece in coded)


def _one_code(piece: str) -> str:
    try:
        return chr(int(piece[:2], 16)) + piece[2:]
    except ValueError:
        return f"+{piece}"
