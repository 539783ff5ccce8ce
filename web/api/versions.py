"""Which version of something a program has seen: ETag and If-Match."""

import hashlib

from starlette.responses import Response

from web.api.refusals import IfMatchNeeded, Outdated
from workflow.documents import Document

DIGITS = 32


def etag(document: Document) -> str:
    """Its version: raised by everything that happens to it."""
    return f'"{document.id}-{document.version}"'


def etag_of_text(text: str) -> str:
    """Of what has no version of its own: another text is another version."""
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:DIGITS]}"'


def check_seen(document: Document, if_match: str | None) -> None:
    """
    Raises:
        Outdated
    """
    check_tag(document.key.title, etag(document), if_match)


def check_tag(title: str, tag: str, if_match: str | None) -> None:
    """
    Raises:
        Outdated
    """
    if if_match is None or if_match.strip() == "*":
        return
    if tag not in [one.strip() for one in if_match.split(",")]:
        raise Outdated(title)


def check_change(title: str, tag: str | None, if_match: str | None) -> None:
    """Whoever changes what is there says what he saw of it; *tag* is None where nothing is.

    Raises:
        Outdated, IfMatchNeeded
    """
    if tag is None:
        if if_match is not None:
            raise Outdated(title)
        return
    if if_match is None:
        raise IfMatchNeeded(title)
    check_tag(title, tag, if_match)


def tagged(response: Response, tag: str) -> None:
    response.headers["ETag"] = tag
