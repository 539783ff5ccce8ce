"""Message-IDs: the same for the same facts, unlike any other, without anything about a person."""

import hashlib
from typing import Final

from notifications.ports import Notification

HASH_LENGTH: Final = 20


def message_id(notifications: list[Notification], domain: str) -> str:
    """The moments are in it because a restored database may use the number of an event again."""
    first = notifications[0]
    facts = [first.recipient, first.message]
    for notification in notifications:
        facts += [str(notification.recorded.id), notification.recorded.event.at.isoformat()]
    digest = hashlib.sha256("\0".join(facts).encode()).hexdigest()[:HASH_LENGTH]
    return f"<event.{first.recorded.id}.{digest}@{domain}>"


def message_id_of_variant(first: str, number: int) -> str:
    """Of the second, third … email about the same notifications."""
    left, _, domain = first.rpartition("@")
    return f"{left}.{number}@{domain}"
