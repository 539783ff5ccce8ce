"""How a person wants to be told: by email or by a note with the document; at once or collected."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workflow.schedules import INSTANTLY, NotificationSchedule


class NotificationType(StrEnum):
    """What a notification is about (BC table 1511)."""

    NEW_RECORD = "new_record"
    APPROVAL = "approval"
    OVERDUE = "overdue"


class NotificationMethod(StrEnum):
    """How it reaches the person (BC table 1512)."""

    EMAIL = "email"
    NOTE = "note"  # the document's history says it; no email


@dataclass(frozen=True, kw_only=True)
class NotificationSetup:
    """One row: a person (or everybody) and a type of notification (BC table 1512)."""

    user: str | None = None  # None: the default for everybody
    type: NotificationType
    method: NotificationMethod = NotificationMethod.EMAIL
    schedule: NotificationSchedule = INSTANTLY  # when emails go out


def setup_for(
    user: str, kind: NotificationType, rows: Iterable[NotificationSetup]
) -> NotificationSetup:
    """The recipient's own row, else the default row, else email (Q8)."""
    found = {row.user: row for row in rows if row.type is kind and row.user in {user, None}}
    return found.get(user) or found.get(None) or NotificationSetup(type=kind)
