"""How a person wants to be told: by email or by a note, at once or on a schedule."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from workflow.schedules import NotificationSchedule


class NotificationType(StrEnum):
    """What a notification is about (BC table 1511)."""

    NEW_RECORD = "new_record"
    APPROVAL = "approval"
    OVERDUE = "overdue"


class NotificationMethod(StrEnum):
    """How it reaches the person (BC table 1512)."""

    EMAIL = "email"
    NOTE = "note"  # kept with the document, no email


@dataclass(frozen=True, kw_only=True)
class NotificationSetup:
    """One row: a person (or everybody) and a type of notification (BC tables 1512 and 1513)."""

    user: str | None = None  # None: the default for everybody
    type: NotificationType
    method: NotificationMethod = NotificationMethod.EMAIL
    schedule: NotificationSchedule = field(default_factory=NotificationSchedule)


def setup_for(
    user: str, kind: NotificationType, rows: Iterable[NotificationSetup]
) -> NotificationSetup:
    """The recipient's own row, else the default row, else email at once (Q8)."""
    found = {row.user: row for row in rows if row.type is kind and row.user in {user, None}}
    return found.get(user) or found.get(None) or NotificationSetup(type=kind)
